// `otel-statsd listen`: a StatsD server that shows the lines it receives and what is wrong with them.

import { type Listener, type ListenerOptions, listen } from '../../listener/listener.js';
import type { Clock } from '../../runtime/clock.js';
import { counted } from '../../runtime/counted.js';
import { printable } from '../../runtime/printable.js';
import { formatEndpoint } from '../../transport/endpoint/endpoint.js';
import { framingOf } from '../../transport/packing/framing.js';
import { type Command, ExitCode, type Io, ProblemError, UsageError } from '../shared/io.js';
import { styleOf } from '../text/style.js';
import { arrivesAt } from './forward/arrives-at.js';
import { type ForwardStatus, forwardChangeText } from './forward/forward-text.js';
import { type Forwarding, startForwarding } from './forward/forwarding.js';
import { LISTEN_HELP } from './help.js';
import { type ListenSettings, readListenArguments } from './listen-arguments.js';
import { listenFault, webFault } from './listen-fault.js';
import { createHistoryStores } from './series-history.js';
import { Session } from './session.js';
import { countsText, issueLines, plainTable, type TableState } from './table-view.js';
import { createView } from './views.js';
import { readPage } from './web/page-file.js';
import { type WebAddress, webUrl } from './web/web-address.js';
import { startWebServer, type WebServer } from './web/web-server.js';

export const listenCommand: Command = {
  summary: 'show what arrives, and what is wrong with it',
  help: LISTEN_HELP,
  run: async (args, io) => runListen(await readListenArguments(args, io.environment), io),
};

async function runListen(settings: ListenSettings, io: Io): Promise<number> {
  const { clock } = io;
  for (const warning of settings.warnings) io.err.write(`! ${printable(warning)}\n`);
  const session = new Session(settings.dialect, clock.now(), {
    filter: settings.filter,
    history: settings.web === undefined ? undefined : createHistoryStores(),
  });
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const hasAll = (): boolean => session.lines >= (settings.count ?? Infinity);

  const forwarding = startForwardingOf(settings, io, (status) => view.notice(forwardChangeText(status)));
  const listener = await startListener(settings, clock, {
    onLine(line) {
      if (hasAll()) return;
      view.lineReceived(line, session.receive(line, clock.now()));
      if (hasAll()) end();
      const full = [io.out, io.err].find(({ isFull }) => isFull);
      if (full === undefined) return;
      listener.pause();
      void full.drained().then(() => listener.resume());
    },
    onPayload: forwarding?.send,
  });
  let web: WebServer | undefined;
  const state = (): TableState => ({
    session,
    counts: listener.counts(),
    endpoint: formatEndpoint(listener.endpoint),
    dialectSource: settings.dialectSource,
    forward: forwarding?.status(),
    web,
    nowMillis: clock.now(),
  });
  try {
    if (settings.web !== undefined) web = await startWeb(settings.web, state, io);
  } catch (error) {
    await listener.close();
    throw error;
  }
  const view = createView(settings, state, io);
  const stopInterrupts = io.onInterrupt(end);
  const timer = settings.durationMillis === undefined ? undefined : clock.after(settings.durationMillis, end);
  view.start();
  await ended;
  timer?.cancel();
  stopInterrupts();
  view.stop();
  await listener.close();
  await forwarding?.close();
  await web?.close();
  const last = state();
  return summarise(last, settings, io);
}

async function startListener(
  { endpoint, dialect, forward }: ListenSettings,
  clock: Clock,
  events: Pick<ListenerOptions, 'onLine' | 'onPayload'>,
): Promise<Listener> {
  let listener: Listener;
  try {
    listener = await listen({
      endpoint,
      framing: framingOf(endpoint.protocol, dialect),
      ...events,
      maxLineBytes: MAX_LINE_BYTES,
      clock,
    });
  } catch (error) {
    throw new ProblemError(`Cannot listen on ${formatEndpoint(endpoint)}: ${listenFault(endpoint, error)}`);
  }
  if (forward !== undefined && arrivesAt(forward, listener.endpoint)) {
    await listener.close();
    throw new UsageError(
      `--forward ${formatEndpoint(forward)} is where this command listens itself: its lines would go round for ever`,
    );
  }
  return listener;
}

async function startWeb(address: WebAddress, state: () => TableState, io: Io): Promise<WebServer> {
  const page = readPage(io.asset);
  try {
    return await startWebServer({ address, page, state, clock: io.clock });
  } catch (error) {
    throw new ProblemError(`Cannot serve the page on ${webUrl(address, undefined)}: ${webFault(error)}`);
  }
}

function startForwardingOf(
  settings: ListenSettings,
  { clock }: Io,
  onChange: (status: ForwardStatus) => void,
): Forwarding | undefined {
  const { forward } = settings;
  return forward === undefined ? undefined : startForwarding({ ...settings, forward }, clock, onChange);
}

/** As long as a datagram can be; this package sends no longer line. */
const MAX_LINE_BYTES = 65_536;

function summarise(state: TableState, settings: ListenSettings, io: Io): number {
  const { session } = state;
  const { count = 0, form, isStrict } = settings;
  // Standard output of `--raw` and `--json` holds received lines only.
  const out = form === 'table' ? io.out : io.err;
  const style = styleOf(out);
  if (form === 'table') {
    const issues = io.out.isTerminal ? session.issues : [];
    const width = out.size()?.columns ?? Infinity;
    const lines = [
      ...plainTable(state, width),
      ...issues.flatMap((issue) => issueLines(issue, style, width)),
    ];
    if (lines.length > 0) out.write(`\n${lines.join('\n')}\n`);
  }
  out.write(`\n${countsText(state)}\n`);
  if (session.lines < count) {
    io.err.write(`Only ${session.lines} of ${counted(count, 'line')} arrived.\n`);
    return ExitCode.problem;
  }
  const faults = session.malformedLines + session.doubtfulLines + (state.forward?.lost ?? 0);
  return isStrict && faults > 0 ? ExitCode.problem : ExitCode.ok;
}

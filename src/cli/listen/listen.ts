// `otel-statsd listen`: a StatsD server that shows what it gets, and says what is wrong with it.

import { type Listener, listen } from '../../listener/listener.js';
import { errorCode } from '../../runtime/error-code.js';
import { formatEndpoint } from '../../transport/endpoint/endpoint.js';
import { framingOf } from '../../transport/packing/framing.js';
import { type Command, ExitCode, type Io, ProblemError } from '../shared/io.js';
import { counted } from '../text/numbers.js';
import { styleOf } from '../text/style.js';
import { LISTEN_HELP } from './help.js';
import { type ListenSettings, readListenArguments } from './listen-arguments.js';
import { Session } from './session.js';
import { countsText, issueLines, plainTable, type TableState } from './table-view.js';
import { createView } from './views.js';

export const listenCommand: Command = {
  summary: 'show what arrives, and what is wrong with it',
  help: LISTEN_HELP,
  run: async (args, io) => runListen(readListenArguments(args), io),
};

async function runListen(settings: ListenSettings, io: Io): Promise<number> {
  const { clock } = io;
  const session = new Session(settings.dialect, clock.now(), settings.filter);
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const hasAll = (): boolean => settings.count !== undefined && session.lines >= settings.count;

  const listener = await startListener(settings, (line) => {
    if (hasAll()) return;
    view.lineReceived(line, session.receive(line, clock.now()));
    if (hasAll()) end();
  });
  const state = (): TableState => ({
    session,
    counts: listener.counts(),
    endpoint: formatEndpoint(listener.endpoint),
    nowMillis: clock.now(),
  });
  const view = createView(settings, state, io);
  const stopInterrupts = io.onInterrupt(end);
  const timer = settings.durationMillis === undefined ? undefined : clock.after(settings.durationMillis, end);
  view.start();
  await ended;
  timer?.cancel();
  stopInterrupts();
  view.stop();
  const last = state();
  await listener.close();
  return summarise(last, settings, io);
}

async function startListener(
  { endpoint, dialect }: ListenSettings,
  onLine: (line: string) => void,
): Promise<Listener> {
  try {
    return await listen({ endpoint, framing: framingOf(endpoint.protocol, dialect), onLine });
  } catch (error) {
    const where = formatEndpoint(endpoint);
    const advice = ADVICE[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));
    throw new ProblemError(`Cannot listen on ${where}: ${advice}`);
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'something listens there already, perhaps your StatsD server. Take another port (0 for any) and send to that.',
  EACCES: 'this user may not listen there. Ports below 1024 are often reserved; take a higher one.',
  EADDRNOTAVAIL: 'this machine has no such address. 127.0.0.1 takes local clients, 0.0.0.0 all.',
  ENOTFOUND: 'the host name is unknown.',
  ENOENT: 'the folder of the socket file does not exist.',
};

function summarise(state: TableState, settings: ListenSettings, io: Io): number {
  const { session } = state;
  const { count, form, isStrict } = settings;
  // Standard output of `--raw` and `--json` holds nothing but what came.
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
  if (count !== undefined && session.lines < count) {
    io.err.write(`Only ${session.lines} of ${counted(count, 'line')} arrived.\n`);
    return ExitCode.problem;
  }
  return isStrict && session.malformedLines + session.doubtfulLines > 0 ? ExitCode.problem : ExitCode.ok;
}

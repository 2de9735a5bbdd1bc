import { describe, expect, it } from 'vitest';
import { type ListenSettings, readListenArguments } from '../../../src/cli/listen/listen-arguments.js';
import { Session } from '../../../src/cli/listen/session.js';
import type { TableState } from '../../../src/cli/listen/table-view.js';
import { createView, type View } from '../../../src/cli/listen/views.js';
import { NO_COUNTS } from '../../../src/listener/listener.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeIo, type Window } from '../fake-io.js';

interface Shown {
  readonly view: View;
  readonly io: FakeIo;
  readonly clock: FakeClock;
  receive(line: string): void;
  /** What has been written to standard output, or standard error, since the last call. */
  out(): string;
  err(): string;
}

async function show(
  args: string[],
  {
    state = {},
    ...more
  }: { state?: Partial<TableState>; window?: Window | undefined; hasColour?: boolean } = {},
): Promise<Shown> {
  const clock = new FakeClock();
  const { window, hasColour = false } = more;
  const io = new FakeIo({ clock, hasColour, ...(window === undefined ? {} : { window }) });
  const session = new Session(dialects.statsd, 0);
  const settings: ListenSettings = await readListenArguments(args, {});
  const stateNow = (): TableState => ({
    session,
    counts: NO_COUNTS,
    endpoint: 'udp://a:1',
    dialectSource: undefined,
    nowMillis: clock.now(),
    ...state,
  });
  const view = createView(settings, stateNow, io);
  const taken = (output: FakeIo['out']): string => {
    const { text } = output;
    output.text = '';
    return text;
  };
  return {
    ...{ view, io, clock },
    receive: (line) => view.lineReceived(line, session.receive(line, clock.now())),
    out: () => taken(io.out),
    err: () => taken(io.err),
  };
}

const PASSING_ON: Partial<TableState> = {
  dialectSource: 'A\x1b',
  web: { url: 'http://127.0.0.1:8127/', droppedPages: 0, refusedConnections: 0 },
  forward: {
    endpoint: { protocol: 'udp', host: 'b', port: 2 },
    ...{ noun: 'line', passedOn: 0, lost: 0, health: { name: 'working' } },
  },
};

describe.each(['--raw', '--json'])('the view of %s', (flag) => {
  it('says on standard error where it listens and what it is told', async () => {
    const { view, out, err, clock } = await show([flag], { state: PASSING_ON });
    view.start();
    view.notice('a\x1bb');
    view.stop();
    expect([out(), err(), clock.pendingMillis]).toEqual([
      '',
      'Listening on udp://a:1 for lines of statsd (A\\u{1b}); Ctrl-C ends\n' +
        'Live page: http://127.0.0.1:8127/\n' +
        'Forwarding to udp://b:2\n' +
        '! a\\u{1b}b\n',
      [],
    ]);
  });
});

it('raw lines are unchanged in a pipe, and printable on a terminal', async () => {
  const [pipe, terminal] = [
    await show(['--raw']),
    await show(['--raw'], { window: { columns: 9, rows: 9 } }),
  ];
  for (const { receive } of [pipe, terminal]) receive('a\x1b:1|c');
  expect([pipe.out(), terminal.out()]).toEqual(['a\x1b:1|c\n', 'a\\u{1b}:1|c\n']);
});

describe('a table that is printed', () => {
  it('begins with dim lines about where it listens', async () => {
    const { view, out } = await show([], { state: PASSING_ON, hasColour: true });
    view.start();
    view.notice('a\x1bb');
    expect(out()).toBe(
      '\x1b[2mListening on udp://a:1 for lines of statsd (A\\u{1b}); Ctrl-C ends\x1b[22m\n' +
        '\x1b[2mLive page: http://127.0.0.1:8127/\x1b[22m\n' +
        '\x1b[2mForwarding to udp://b:2\x1b[22m\n' +
        '! a\\u{1b}b\n',
    );
  });

  it('comes at each interval with new lines, until the view is stopped', async () => {
    const { view, clock, receive, out } = await show(['--interval', '5']);
    view.start();
    out();
    clock.advance(5_000);
    const idle = out();
    receive('a:1|c');
    const onLine = out();
    clock.advance(4_999);
    const before = out();
    clock.advance(1);
    const printed = out();
    clock.advance(5_000);
    const again = out();
    const pending = clock.pendingMillis;
    view.stop();
    expect([idle, onLine, before, printed, again, pending, clock.pendingMillis]).toEqual([
      ...['', '', ''],
      '\n03:04:05 UTC · 0:10 · 1 line · 1 series\nSERIES  TYPE  RATE/S  LAST  TOTAL\na       c        0.2     1      1\n',
      ...['', [5_000], []],
    ]);
  });

  it('comes with twenty issues of an interval, and the number of the others', async () => {
    const { view, clock, receive, out } = await show([]);
    view.start();
    out();
    const issuesOf = (count: number): (string | undefined)[] => {
      for (let at = 0; at < count; at += 1) receive(`bad${at}`);
      receive('a:1|c');
      clock.advance(10_000);
      const lines = out().split('\n');
      return [
        String(lines.filter((line) => line.startsWith('✗ ')).length),
        lines.find((line) => line.startsWith('…')),
      ];
    };
    expect([issuesOf(20), issuesOf(21), issuesOf(0), issuesOf(22)]).toEqual([
      ['20', undefined],
      ['20', '… and 1 more issue'],
      ['0', undefined],
      ['20', '… and 2 more issues'],
    ]);
  });

  it('has 200 rows at most', async () => {
    const { view, clock, receive, out } = await show([]);
    view.start();
    for (let at = 0; at < 201; at += 1) receive(`a${at}:1|c`);
    clock.advance(10_000);
    expect(out().trimEnd().split('\n').at(-1)).toBe(
      '… 1 more series: --filter shows them, and the table at the end',
    );
  });
});

describe('a table in a window', () => {
  it('is drawn anew four times a second when it has changed, until the view is stopped', async () => {
    const { view, io, clock, receive, out } = await show([], { window: { columns: 40, rows: 9 } });
    view.start();
    const first = out();
    receive('a:1|c');
    view.notice('notice');
    const meanwhile = out();
    const timers = clock.pendingMillis;
    clock.advance(250);
    const second = out();
    clock.advance(250);
    const third = out();
    view.stop();
    const last = out();
    io.out.resize({ columns: 30, rows: 9 });
    expect([timers, first !== '', meanwhile, second.includes('SERIES'), third, last]).toEqual([
      [250],
      ...[true, '', true, ''],
      '\x1b[?25h\x1b[?1049l',
    ]);
    expect([clock.pendingMillis, out()]).toEqual([[], '']);
  });

  it('leaves the last column free, and is drawn anew when the size changes, also to the same size', async () => {
    const { view, io, out } = await show([], { window: { columns: 20, rows: 1 } });
    const lines = (): string[] =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: of the frame
      out().match(/(?<=\x1b\[H).*?(?=\x1b\[K)/g) ?? [];
    view.start();
    const frames = [lines()];
    for (const columns of [20, 12, 2, 1, 0]) {
      io.out.resize({ columns, rows: 1 });
      frames.push(lines());
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: of the title
    const text = frames.map((frame) => frame.map((line) => line.replace(/\x1b\[\d+m/g, '')));
    expect(text).toEqual([
      ['otel-statsd listen…'],
      ['otel-statsd listen…'],
      ['otel-stats…'],
      ['…'],
      ['…'],
      ['…'],
    ]);
    view.stop();
  });

  it('is made for 80 columns and 24 rows where the terminal does not tell its size', async () => {
    const { view, io, receive, out } = await show([], { window: { columns: 9, rows: 9 } });
    io.out.size = () => undefined;
    for (let at = 0; at < 30; at += 1) receive(`a${at}:1|c`);
    view.start();
    const rows = out().split('\r\n');
    expect([rows.length, rows.at(-1)?.includes('… 11 more series: a taller window')]).toEqual([24, true]);
    view.stop();
  });
});

it.each([undefined, { columns: 80, rows: 24 }])(
  'a table in the window %j may be stopped before it starts',
  async (window) => {
    const { view, out, clock } = await show([], { window });
    view.stop();
    expect([out(), clock.pendingMillis]).toEqual(['', []]);
  },
);

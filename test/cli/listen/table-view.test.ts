import { describe, expect, it } from 'vitest';
import { Session, shortIssue } from '../../../src/cli/listen/session.js';
import {
  countsText,
  issueLines,
  plainTable,
  type TableState,
  waysToSend,
  windowLines,
} from '../../../src/cli/listen/table-view.js';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';

const plain = (_format: string, text: string): string => text;

function state(lines: string[], dialect: DialectName = 'statsd', filter?: string): TableState {
  const session = new Session(dialects[dialect], 0, filter === undefined ? {} : { filter });
  for (const line of lines) session.receive(line, 1000);
  return {
    session,
    counts: {
      lines: lines.length,
      bytes: 0,
      datagrams: 3,
      connections: 0,
      cutLines: 0,
      oversizedLines: 0,
      discardedLines: 0,
      refusedConnections: 0,
      failedConnections: 0,
      droppedDatagrams: 0,
    },
    endpoint: 'udp://127.0.0.1:8125',
    dialectSource: undefined,
    nowMillis: 2000,
  };
}

const ORDERS = [
  'orders:1|c|#country:fi,service:shop',
  'orders:5|c|#country:se,service:shop',
  'queue:3|g|#service:shop',
];

describe('the window', () => {
  it('shows how to send lines while none have arrived', () => {
    expect(windowLines(state([], 'dogstatsd'), { columns: 79, rows: 24 }, plain)).toEqual([
      'otel-statsd listen · udp://127.0.0.1:8125 · dialect dogstatsd',
      '0:02 · 0 lines · 0 series · 3 datagrams',
      '',
      'Waiting for lines. An app sends them here with',
      '  OTEL_EXPORTER_STATSD_ENDPOINT=udp://127.0.0.1:8125',
      '  OTEL_EXPORTER_STATSD_DIALECT=dogstatsd',
      'A shell sends one with',
      "  echo 'hello:1|c' | nc -u -w1 127.0.0.1 8125",
    ]);
  });

  it('shows series and what is wrong with lines', () => {
    const lines = [...ORDERS, 't:1|d', 't:3|d', 'bad', 'bad', 'x y:1|c'];
    expect(windowLines(state(lines, 'dogstatsd'), { columns: 119, rows: 24 }, plain)).toEqual([
      'otel-statsd listen · udp://127.0.0.1:8125 · dialect dogstatsd',
      '0:02 · 8 lines · 2 malformed · 1 doubtful · 5 series · 3 datagrams',
      '',
      'SERIES                           TYPE  RATE/S  LAST  P50  P95  P99  TREND                     TOTAL',
      'orders{country=fi,service=shop}  c          1     1                 █                             1',
      'orders{country=se,service=shop}  c          5     5                 █                             5',
      'queue{service=shop}              g          1     3                 ▁',
      't                                d          2     3    1    3    3  ▁                             2',
      'x y                              c          1     1                 █                             1',
      '',
      '✗ bad (2 times)',
      '  there is no ":" between name and value',
      '! x y:1|c',
      '  the name holds " ", which dogstatsd does not keep',
    ]);
  });

  it('never has more lines than the window, nor longer ones', () => {
    const lines = Array.from({ length: 30 }, (_, at) => `a.very.long.name.of.a.series.number.${at}:1|c`);
    const window = windowLines(state([...lines, 'bad '.repeat(50)]), { columns: 40, rows: 12 }, plain);
    expect(window).toEqual([
      'otel-statsd listen · udp://127.0.0.1:81…',
      '0:02 · 31 lines · 1 malformed · 30 seri…',
      '',
      'SERIES                      TYPE  RATE/S',
      'a.very.long.…ries.number.0  c          1',
      'a.very.long.…ries.number.1  c          1',
      'a.very.long…ries.number.10  c          1',
      'a.very.long…ries.number.11  c          1',
      '… 26 more series: a taller window or --…',
      '',
      '✗ bad bad bad bad bad…d bad bad bad bad ',
      '  there is no ":" between name and value',
    ]);
  });

  it('keeps its head line in a tiny window', () => {
    const window = windowLines(state(ORDERS, 'dogstatsd'), { columns: 10, rows: 3 }, plain);
    expect(window).toEqual(['otel-stat…', '0:02 · 3 …', '']);
  });

  it('takes tags that all series have out of the rows', () => {
    const lines = ['h:1|c|#app:shop,zone:a', 'h:1|c|#app:shop,zone:b'];
    expect(plainTable(state(lines, 'dogstatsd'), Infinity)).toEqual([
      'All series have app=shop',
      'SERIES     TYPE  RATE/S  LAST  TOTAL',
      'h{zone=a}  c          1     1      1',
      'h{zone=b}  c          1     1      1',
    ]);
    expect(windowLines(state(lines, 'dogstatsd'), { columns: 40, rows: 7 }, plain).slice(2)).toEqual([
      '',
      'All series have app=shop',
      'SERIES     TYPE  RATE/S  LAST  TREND',
      'h{zone=a}  c          1     1  █',
      'h{zone=b}  c          1     1  █',
    ]);
  });

  it('takes out the tags of the series that it shows, and reads no others', () => {
    const lines = Array.from({ length: 9 }, (_, at) => `h:1|c|#app:${at < 5 ? 'a' : 'b'},zone:z${at}`);
    const window = windowLines(state(lines, 'dogstatsd'), { columns: 60, rows: 9 }, plain);
    expect(window.slice(3)).toEqual([
      'All series shown have app=a',
      'SERIES      TYPE  RATE/S  LAST  TREND',
      'h{zone=z0}  c          1     1  █',
      'h{zone=z1}  c          1     1  █',
      'h{zone=z2}  c          1     1  █',
      '… 6 more series: a taller window or --filter shows them',
    ]);
  });

  it('tells how many rows it leaves out where the number of rows is limited', () => {
    const lines = Array.from({ length: 5 }, (_, at) => `h${at}:1|c`);
    expect(plainTable(state(lines, 'dogstatsd'), Infinity, 2)).toEqual([
      'SERIES  TYPE  RATE/S  LAST  TOTAL',
      'h0      c          1     1      1',
      'h1      c          1     1      1',
      '… 3 more series: --filter shows them, and the table at the end',
    ]);
  });

  it('tells which rows have the shared tags, where the number of rows is limited', () => {
    const lines = ['a:1|c|#k:v', 'b:1|c|#k:v', 'c:1|c|#k:w'];
    expect([
      plainTable(state(lines, 'dogstatsd'), Infinity, 2),
      plainTable(state(lines.slice(0, 2), 'dogstatsd'), Infinity, 2),
    ]).toEqual([
      [
        'All series shown have k=v',
        'SERIES  TYPE  RATE/S  LAST  TOTAL',
        'a       c          1     1      1',
        'b       c          1     1      1',
        '… 1 more series: --filter shows them, and the table at the end',
      ],
      [
        'All series have k=v',
        'SERIES  TYPE  RATE/S  LAST  TOTAL',
        'a       c          1     1      1',
        'b       c          1     1      1',
      ],
    ]);
  });

  it('shows the latest three issues', () => {
    const lines = ['bad0', 'bad1', 'bad2', 'bad3'];
    const window = windowLines(state(lines), { columns: 80, rows: 24 }, plain);
    expect(window.filter((line) => line.startsWith('✗'))).toEqual(['✗ bad1', '✗ bad2', '✗ bad3']);
  });

  it('holds only series whose lines contain the filter text', () => {
    expect(plainTable(state(['a.x:1|c', 'b:1|c|#k:ax'], 'dogstatsd', 'k:a'), Infinity)).toEqual([
      'SERIES   TYPE  RATE/S  LAST  TOTAL',
      'b{k=ax}  c          1     1      1',
    ]);
  });
});

describe('the counts', () => {
  it('include every kind of loss', () => {
    const { session, ...rest } = state(['a:1|c', 'bad', 'b c:1|c']);
    session.table.ignoredSamples = 4;
    const counts = {
      lines: 3,
      bytes: 0,
      datagrams: 0,
      connections: 1,
      cutLines: 1,
      oversizedLines: 2,
      discardedLines: 3,
      refusedConnections: 4,
      failedConnections: 5,
      droppedDatagrams: 6,
    };
    expect(countsText({ session, ...rest, counts })).toBe(
      '0:02 · 3 lines · 1 malformed · 1 doubtful · 2 series · 1 connection · 1 line cut off by the ' +
        'end of a connection · 2 lines too long to read · 3 lines discarded, too many unfinished · ' +
        '4 connections refused, too many open · 5 connections closed, this process has no file descriptors ' +
        'left (ulimit -n) · 6 datagrams dropped, too many at once · 4 samples of further series ignored',
    );
  });
});

describe('memory', () => {
  const long = (at: number, length: number): string => `series.${at}.${'x'.repeat(length)}`;

  it('for names and tags is bounded, and samples of further series are counted', () => {
    const session = new Session(dialects.statsd, 0);
    for (let at = 0; at < 300; at += 1) session.receive(`${long(at, 60_000)}:1|c`, 0);
    session.receive('short:1|c', 0);
    expect([session.table.size, session.table.ignoredSamples, session.lines]).toEqual([140, 161, 301]);
  });

  it('for issues is bounded: of long lines and problems the ends are kept', () => {
    const session = new Session(dialects.dogstatsd, 0);
    for (let at = 0; at < 30; at += 1) session.receive(`${long(at, 60_000)}|#${'k:v é,'.repeat(2_000)}`, 0);
    const texts = session.issues.flatMap(({ line, problems }) => [line, ...problems]);
    expect([session.issues.length, Math.max(...texts.map(({ length }) => length))]).toEqual([20, 500]);
  });

  it('for the problems of one line is bounded: twenty are kept', () => {
    const problems = Array.from({ length: 30 }, (_, at) => `problem ${at}`);
    expect(shortIssue({ line: 'a', isMalformed: false, problems })).toEqual({
      line: 'a',
      isMalformed: false,
      problems: problems.slice(0, 20),
    });
  });

  it('for members of sets is bounded', () => {
    const { session } = state([`visitors:${'x'.repeat(60_000)}|s`]);
    expect(session.table.rows(0)[0]?.last).toBe('x'.repeat(64));
  });
});

it('issues are kept once for each line, and at most twenty of them', () => {
  const session = new Session(dialects.statsd, 0);
  for (let at = 0; at < 25; at += 1) session.receive(`bad ${at % 23}`, 0);
  expect(session.issues.map(({ line, times }) => [line, times]).slice(-3)).toEqual([
    ['bad 22', 1],
    ['bad 0', 1],
    ['bad 1', 1],
  ]);
  expect(session.issues).toHaveLength(20);
  session.receive('bad 1', 0);
  expect(session.issues.at(-1)?.times).toBe(2);
});

it('the counts name pages that were disconnected and connections to the page that were refused', () => {
  const counts = (droppedPages: number, refusedConnections: number): string =>
    countsText({ ...state([]), web: { url: 'http://localhost/', droppedPages, refusedConnections } });
  expect([counts(0, 0), counts(1, 0), counts(2, 1), counts(0, 3)]).toEqual([
    '0:02 · 0 lines · 0 series · 3 datagrams',
    '0:02 · 0 lines · 0 series · 3 datagrams · 1 page disconnected, too slow',
    '0:02 · 0 lines · 0 series · 3 datagrams · 2 pages disconnected, too slow · 1 connection to the page refused, too many open',
    '0:02 · 0 lines · 0 series · 3 datagrams · 3 connections to the page refused, too many open',
  ]);
});

/** A style that shows what it is asked for. */
const marked = (format: string, text: string): string =>
  text === '' ? '' : `<${format}>${text}</${format}>`;

const FORWARD = {
  endpoint: { protocol: 'udp', host: 'b', port: 2 },
  noun: 'datagram',
  passedOn: 1_234,
  lost: 0,
  health: { name: 'working' },
} as const;

describe('the formats of the window', () => {
  it('are quiet while all is well', () => {
    const window: TableState = {
      ...state(['h:1|c|#app:shop,zone:a', 'h:1|c|#app:shop,zone:b', 'g:1|g|#app:shop'], 'dogstatsd'),
      dialectSource: 'STATSD_DIALECT',
      web: { url: 'http://127.0.0.1:8127/', droppedPages: 0, refusedConnections: 0 },
      forward: FORWARD,
    };
    expect(windowLines(window, { columns: 90, rows: 9 }, marked)).toEqual([
      '<bold>otel-statsd listen</bold> · udp://127.0.0.1:8125 · dialect dogstatsd (STATSD_DIALECT)',
      '<cyan>Live page: http://127.0.0.1:8127/</cyan>',
      '<dim>Forwarding to udp://b:2</dim>',
      '<dim>0:02 · 3 lines · 3 series · 3 datagrams · 1,234 datagrams passed on</dim>',
      '',
      '<dim>All series have app=shop</dim>',
      '<bold>SERIES     TYPE  RATE/S  LAST  TREND                     TOTAL</bold>',
      'g          g          1     1  ▁',
      '<dim>… 2 more series: a taller window or --filter shows them</dim>',
    ]);
  });

  it('are red where lines are malformed or forwarding fails, and yellow for doubtful lines', () => {
    const window: TableState = {
      ...state(['bad', 'bad', 'b c:1|c']),
      web: { url: 'http://127.0.0.1:8127/', droppedPages: 2, refusedConnections: 0 },
      forward: { ...FORWARD, lost: 5, health: { name: 'failing', cause: 'EWEIRD' } },
    };
    expect(windowLines(window, { columns: 150, rows: 24 }, marked)).toEqual([
      '<bold>otel-statsd listen</bold> · udp://127.0.0.1:8125 · dialect statsd',
      '<cyan>Live page: http://127.0.0.1:8127/</cyan>',
      '<red>Forwarding to udp://b:2 fails: the connection failed (EWEIRD)</red>',
      '<red>0:02 · 3 lines · 2 malformed · 1 doubtful · 1 series · 3 datagrams · 1,234 datagrams passed on · 5 not passed on · 2 pages disconnected, too slow</red>',
      '',
      '<bold>SERIES  TYPE  RATE/S  LAST  TREND                     TOTAL</bold>',
      'b c     c          1     1  █                             1',
      '',
      '<red>✗</red> bad<dim> (2 times)</dim>',
      '<dim>  there is no ":" between name and value</dim>',
      '<yellow>!</yellow> b c:1|c',
      '<dim>  the name holds " ", which statsd does not keep</dim>',
    ]);
  });
});

describe('a narrow window', () => {
  it('has the address of the page alone where its text does not fit', () => {
    const web = { url: 'http://127.0.0.1:8127/?t=abc', droppedPages: 0, refusedConnections: 0 };
    const lineAt = (columns: number): string | undefined =>
      windowLines({ ...state([]), web }, { columns, rows: 24 }, marked)[1];
    const whole = `Live page: ${web.url}`;
    expect([lineAt(whole.length), lineAt(whole.length - 1), lineAt(10)]).toEqual([
      `<cyan>${whole}</cyan>`,
      `<cyan>${web.url}</cyan>`,
      '<cyan>http://12…</cyan>',
    ]);
  });

  it('cuts its head after the title, and the title last', () => {
    const headAt = (columns: number): string | undefined =>
      windowLines(state([]), { columns, rows: 24 }, marked)[0];
    expect([headAt(22), headAt(19), headAt(18), headAt(5)]).toEqual([
      '<bold>otel-statsd listen</bold> · …',
      '<bold>otel-statsd listen</bold>…',
      '<bold>otel-statsd listen</bold>',
      '<bold>otel…</bold>',
    ]);
  });

  it('has the texts of forwarding and issues cut at its width', () => {
    const window: TableState = { ...state(['bad '.repeat(9), 'bad '.repeat(9)]), forward: FORWARD };
    expect(windowLines(window, { columns: 20, rows: 24 }, plain)).toEqual([
      'otel-statsd listen …',
      'Forwarding to udp:/…',
      '0:02 · 2 lines · 2 …',
      '',
      'SERIES  TYPE  RATE/S',
      '',
      '✗ bad …ad  (2 times)',
      '  there is no ":" b…',
    ]);
  });

  it('has no trend of fewer than 8 bars, and none of more than 24', () => {
    const lines = Array.from({ length: 30 }, (_, at) => at);
    const session = new Session(dialects.statsd, 0);
    for (const at of lines) session.receive(`a:${at + 1}|c`, at * 5_000);
    const rowAt = (columns: number): string | undefined =>
      windowLines({ ...state([]), session, nowMillis: 145_000 }, { columns, rows: 24 }, plain).at(-1);
    // Name, type, rate and last value take 26 columns, and a gap two.
    expect([rowAt(200), rowAt(28 + 9), rowAt(28 + 8), rowAt(28 + 7)]).toEqual([
      'a       c        5.9    30  ▃▃▃▃▄▄▄▄▅▅▅▅▅▆▆▆▆▇▇▇▇███    465',
      'a       c        5.9    30  ▆▆▇▇▇▇███',
      'a       c        5.9    30  ▆▇▇▇▇███',
      'a       c        5.9    30',
    ]);
  });
});

it('cells say what a series has: a dash for no type, no total of gauges, the beginning of a member of a set', () => {
  const lines = ['s:abcdefghijklm|s', 's2:abcdefghijkl|s', 'g:5|g', 't:5|ms', 'c:12345|c'];
  expect(plainTable(state(lines), Infinity)).toEqual([
    'SERIES  TYPE  RATE/S          LAST  P50  P95  P99   TOTAL',
    'c       c     12,345        12,345                 12,345',
    'g       g          1             5',
    's       s          1  abcdefghijk…                      1',
    's2      s          1  abcdefghijkl                      1',
    't       ms         1             5    5    5    5       1',
  ]);
  expect(plainTable(state(['a 1 100', 'b 2 100'], 'carbon'), Infinity)).toEqual([
    'SERIES  TYPE  RATE/S  LAST  TOTAL',
    'a       -          1     1',
    'b       -          1     2',
  ]);
});

it('bars of counts begin at zero, and those of values at the smallest', () => {
  const barsOf = (dialect: DialectName, lines: [string, string]): string | undefined => {
    const session = new Session(dialects[dialect], 0);
    for (const [at, line] of lines.entries()) session.receive(line, at * 2_000);
    const window = windowLines({ ...state([]), session }, { columns: 120, rows: 24 }, plain);
    return /[▁▂▃▄▅▆▇█]+/.exec(window.at(-1) ?? '')?.[0];
  };
  expect([
    barsOf('statsd', ['a:7|c', 'a:14|c']),
    barsOf('statsd', ['a:7|g', 'a:14|g']),
    barsOf('statsd', ['a:7|ms', 'a:14|ms']),
    barsOf('carbon', ['a 7 1', 'a 14 1']),
  ]).toEqual(['▅█', '▁█', '▁█', '▁█']);
});

it('shared tags are separated by commas', () => {
  const lines = ['a:1|c|#k:v,l:w', 'b:1|c|#k:v,l:w'];
  expect(plainTable(state(lines, 'dogstatsd'), Infinity)[0]).toBe('All series have k=v, l=w');
});

it('a table without series has no lines', () => {
  expect(plainTable(state(['bad']), Infinity)).toEqual([]);
});

it('a line of shared tags is cut at the width of the table, and at 1,000 characters', () => {
  const tags = Array.from({ length: 20 }, (_, at) => `tag${at}:${'x'.repeat(100)}`).join();
  const lines = [`a:1|c|#${tags}`, `b:1|c|#${tags}`];
  const lengthAt = (width: number): number | undefined =>
    plainTable(state(lines, 'dogstatsd'), width)[0]?.length;
  expect([lengthAt(Infinity), lengthAt(1_001), lengthAt(999)]).toEqual([1_000, 1_000, 999]);
});

it('the counts name connections where there are any, else datagrams', () => {
  const { counts, ...rest } = state([]);
  const textOf = (datagrams: number, connections: number): string =>
    countsText({ ...rest, counts: { ...counts, datagrams, connections } });
  expect([textOf(0, 0), textOf(1, 0), textOf(1, 1), textOf(0, 2)]).toEqual([
    '0:02 · 0 lines · 0 series',
    '0:02 · 0 lines · 0 series · 1 datagram',
    '0:02 · 0 lines · 0 series · 1 connection',
    '0:02 · 0 lines · 0 series · 2 connections',
  ]);
});

it('the counts begin with the time since the start', () => {
  const { counts } = state([]);
  const session = new Session(dialects.statsd, 60_000);
  expect(countsText({ ...state([]), session, counts, nowMillis: 185_000 })).toBe(
    '2:05 · 0 lines · 0 series · 3 datagrams',
  );
});

it('an issue has all its problems on one line', () => {
  const issue = { line: 'a', isMalformed: false, problems: ['one', 'two'] };
  expect(issueLines(issue, plain, Infinity)).toEqual(['! a', '  one; two']);
});

it('large counts have commas', () => {
  const { session, ...rest } = state([]);
  Object.assign(session, { lines: 1_000_000, malformedLines: 1_000, doubtfulLines: 2_000 });
  expect(countsText({ session, ...rest })).toBe(
    '0:02 · 1,000,000 lines · 1,000 malformed · 2,000 doubtful · 0 series · 3 datagrams',
  );
});

it('an app needs no variable for the default dialect, and a shell cannot send frames', () => {
  expect([waysToSend(state([])), waysToSend({ ...state([], 'dogstatsd'), endpoint: 'unix:///a' })]).toEqual([
    [
      {
        text: 'An app sends them here with',
        commands: ['OTEL_EXPORTER_STATSD_ENDPOINT=udp://127.0.0.1:8125'],
      },
      { text: 'A shell sends one with', commands: ["echo 'hello:1|c' | nc -u -w1 127.0.0.1 8125"] },
    ],
    [
      {
        text: 'An app sends them here with',
        commands: ['OTEL_EXPORTER_STATSD_ENDPOINT=unix:///a', 'OTEL_EXPORTER_STATSD_DIALECT=dogstatsd'],
      },
    ],
  ]);
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../../src/cli/run.js';
import { FakeClock } from '../../support/fake-clock.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { startUdpServer, unusedUdpPort } from '../../support/receivers/udp-server.js';
import { FakeIo, type Outcome, runWith, type Window } from '../fake-io.js';

const ANY = 'udp://127.0.0.1:0';

interface Listening {
  readonly io: FakeIo;
  readonly clock: FakeClock;
  readonly endpoint: string;
  /** Each text in a datagram of its own. */
  send(...texts: string[]): Promise<void>;
  end(): Promise<Outcome>;
}

async function start(
  args: string[],
  { window, at = ANY }: { window?: Window; at?: string } = {},
): Promise<Listening> {
  const clock = new FakeClock();
  const io = new FakeIo({ clock, ...(window === undefined ? {} : { window }) });
  const running = run(['listen', at, ...args], io);
  const output = args.includes('--raw') || args.includes('--json') ? io.err : io.out;
  const [, endpoint = ''] = await output.wrote(/((?:udp|tcp):\/\/[^\s·]+|unix:\/\/\S+)/);
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  onTestFinished(() => io.interrupt());
  return {
    io,
    clock,
    endpoint,
    async send(...texts) {
      for (const text of texts) socket.send(text, Number(endpoint.split(':').at(-1)), '127.0.0.1');
    },
    async end() {
      io.interrupt();
      return { code: await running, out: io.out.text, err: io.err.text };
    },
  };
}

describe('listen with --raw or --json', () => {
  it('prints lines to standard output and their problems to standard error', async () => {
    const { io, endpoint, send, end } = await start(['--raw']);
    await send('a:1|c\nbad\n', 'b c:2|c');
    await io.out.wrote(/b c:2\|c\n/);
    expect(await end()).toEqual({
      code: 0,
      out: 'a:1|c\nbad\nb c:2|c\n',
      err:
        `Listening on ${endpoint} for lines of statsd; Ctrl-C ends\n` +
        '✗ there is no ":" between name and value\n' +
        '! the name holds " ", which statsd does not keep\n' +
        '\n0:00 · 3 lines · 1 malformed · 1 doubtful · 2 series · 2 datagrams\n',
    });
    expect(io.isInterruptible).toBe(false);
  });

  it('prints no control characters to a terminal', async () => {
    const { io, send, end } = await start(['--raw'], { window: { columns: 80, rows: 24 } });
    await send('a\x1b[2J:1|c');
    await io.out.wrote(/\n/);
    expect((await end()).out).toBe('a\\u{1b}[2J:1|c\n');
  });

  it('prints one JSON object for each sample', async () => {
    const { io, send, end } = await start(['--json', '-d', 'dogstatsd']);
    await send('a:1:2|d|@0.5|#k:v\nbad\nb c:1|g');
    await io.out.wrote(/"b c"/);
    const { out } = await end();
    const sample = { name: 'a', tags: { k: 'v' }, type: 'd', isRelative: false, sampleRate: 0.5 };
    const line = 'a:1:2|d|@0.5|#k:v';
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toEqual([
      { ...sample, value: 1, line },
      { ...sample, value: 2, line },
      { line: 'bad', problems: ['there is no ":" between name and value'] },
      {
        name: 'b c',
        tags: {},
        type: 'g',
        value: 1,
        isRelative: false,
        sampleRate: 1,
        line: 'b c:1|g',
        problems: ['the name holds " ", which dogstatsd does not keep'],
      },
    ]);
  });
});

it('listen takes lines of at most 65,536 bytes, and counts longer ones', async () => {
  const { io, endpoint, end } = await start(['--raw'], { at: 'tcp://127.0.0.1:0' });
  const socket = connect(Number(endpoint.split(':').at(-1)), '127.0.0.1');
  socket.end(`${'x'.repeat(65_536)}\n${'y'.repeat(65_537)}\nz:1|c\n`);
  await io.out.wrote(/z:1/);
  const { out, err } = await end();
  expect([out.split('\n').map(({ length }) => length), err.split('\n').at(-2)]).toEqual([
    [65_536, 'z:1|c'.length, 0],
    '0:00 · 2 lines · 1 malformed · 1 series · 1 connection · 1 line too long to read',
  ]);
});

describe('listen with --json', () => {
  it('makes clients wait while the reader of its output is slow', async () => {
    const { io, endpoint, end } = await start(['--json'], { at: 'tcp://127.0.0.1:0' });
    const socket = connect(Number(endpoint.split(':').at(-1)), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    io.out.isFull = true;
    socket.write('a:1|c\nb:1|c\n');
    await io.out.wrote(/"name":"a"/);
    socket.write('c:1|c\n');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(io.out.text).not.toContain('"name":"b"');
    io.out.drain();
    await io.out.wrote(/"name":"c"/);
    expect((await end()).err).toContain('3 lines');
  });

  it('escapes what a terminal would obey, and stays JSON', async () => {
    const { io, send, end } = await start(['--json']);
    await send('a\x9b31m\u202e\x7f:1|c');
    await io.out.wrote(/\n/);
    const { out } = await end();
    expect(out).toContain('"line":"a\\u009b31m\\u202e\\u007f:1|c"');
    expect(JSON.parse(out).line).toBe('a\x9b31m\u202e\x7f:1|c');
  });

  it('repeats long tags of a line up to a mebibyte, and says how many samples are left out', async () => {
    const { io, send, end } = await start(['--json', '-d', 'dogstatsd']);
    await send(`a:${'1:'.repeat(5_000)}1|d|#k:${'v'.repeat(30_000)}`);
    await io.out.wrote(/not shown/);
    const { out } = await end();
    const objects = out
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect([out.length < 1_200_000, objects.length, objects.at(-1)?.problems.at(-1)]).toEqual([
      true,
      36,
      '4,966 further samples of this line not shown',
    ]);
  });
});

describe('the dialect', () => {
  it('is that of the environment, which is named', async () => {
    const io = new FakeIo({ environment: { OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd' } });
    const running = run(['listen', ANY, '--raw'], io);
    await io.err.wrote(/Ctrl-C ends/);
    io.interrupt();
    await running;
    expect(io.err.text).toContain(' for lines of dogstatsd (OTEL_EXPORTER_STATSD_DIALECT); Ctrl-C ends\n');
  });

  it('that the environment misspells is warned about', async () => {
    const io = new FakeIo({ environment: { OTEL_EXPORTER_STATSD_DIALECT: 'dogstats' } });
    const running = run(['listen', ANY, '--raw'], io);
    await io.err.wrote(/Ctrl-C ends/);
    io.interrupt();
    await running;
    expect(io.err.text).toMatch(
      /^! OTEL_EXPORTER_STATSD_DIALECT is ignored: .*\nListening on .* for lines of statsd; Ctrl-C ends\n/,
    );
  });

  it('of the flag wins', async () => {
    const io = new FakeIo({ environment: { OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd' } });
    const running = run(['listen', ANY, '--raw', '-d', 'telegraf'], io);
    await io.err.wrote(/for lines of telegraf; Ctrl-C ends/);
    io.interrupt();
    expect(await running).toBe(0);
  });
});

describe('listen in a pipe', () => {
  it('prints issues at once, and the table at intervals with new lines and at the end', async () => {
    const { io, clock, endpoint, send, end } = await start(['--interval', '5']);
    await send('a:1|c\nbad');
    await io.out.wrote(/bad/);
    clock.advance(5_000);
    clock.advance(5_000);
    await send('a:2|c\nnonsense');
    await io.out.wrote(/nonsense/);
    clock.advance(5_000);
    expect(await end()).toEqual({
      code: 0,
      err: '',
      out: `Listening on ${endpoint} for lines of statsd; Ctrl-C ends
✗ bad
  there is no ":" between name and value

03:04:05 UTC · 0:05 · 2 lines · 1 malformed · 1 series · 1 datagram
SERIES  TYPE  RATE/S  LAST  TOTAL
a       c        0.2     1      1
✗ nonsense
  there is no ":" between name and value

03:04:05 UTC · 0:15 · 4 lines · 2 malformed · 1 series · 2 datagrams
SERIES  TYPE  RATE/S  LAST  TOTAL
a       c        0.2     2      3

SERIES  TYPE  RATE/S  LAST  TOTAL
a       c        0.2     2      3

0:15 · 4 lines · 2 malformed · 1 series · 2 datagrams
`,
    });
  });

  it('has series of lines with the text of --filter alone, and counts all lines', async () => {
    const { io, clock, send, end } = await start(['--filter', 'orders.']);
    await send('orders.paid:1|c\nqueue:1|g\nbad');
    await io.out.wrote(/bad/);
    clock.advance(1_000);
    expect((await end()).out.split('\n').slice(-5)).toEqual([
      'SERIES       TYPE  RATE/S  LAST  TOTAL',
      'orders.paid  c          1     1      1',
      '',
      '0:01 · 3 lines · 1 malformed · 1 series · 1 datagram',
      '',
    ]);
  });

  it('has no table at the end when nothing has arrived, and leaves no timer behind', async () => {
    const { io, clock, endpoint, end } = await start([]);
    expect(clock.pendingMillis).toEqual([10_000]);
    expect([await end(), clock.pendingMillis, io.isInterruptible]).toEqual([
      {
        code: 0,
        out: `Listening on ${endpoint} for lines of statsd; Ctrl-C ends\n\n0:00 · 0 lines · 0 series\n`,
        err: '',
      },
      [],
      false,
    ]);
  });

  it('counts issues beyond twenty in an interval', async () => {
    const { io, clock, send, end } = await start([]);
    await send(`${Array.from({ length: 23 }, (_, at) => `bad${at}`).join('\n')}\na:1|c`);
    await io.out.wrote(/bad19/);
    clock.advance(10_000);
    const { out } = await end();
    expect(out.split('\n').filter((line) => /^[✗…]/.test(line))).toEqual([
      ...Array.from({ length: 20 }, (_, at) => `✗ bad${at}`),
      '… and 3 more issues',
    ]);
  });

  it('prints no escape codes', async () => {
    const { io, clock, send, end } = await start([]);
    await send('a\x1b[31m:1|c');
    await io.out.wrote(/✗/);
    clock.advance(10_000);
    const { out } = await end();
    expect([out.includes('\x1b'), out.split('\n')[1]]).toEqual([false, '✗ a\\u{1b}[31m:1|c']);
  });
});

describe('listen in a terminal', () => {
  /** What stood in the window, frame by frame. */
  const frames = (text: string): string[][] =>
    text
      .split('\x1b[?2026h\x1b[H')
      .slice(1)
      .map((frame) => frame.slice(0, frame.indexOf('\x1b[J')).replaceAll('\x1b[K', '').split('\r\n'));
  const afterwards = (text: string): string | undefined => text.split('\x1b[?1049l')[1];

  it('redraws the window in place when it has changed, and leaves it at the end', async () => {
    const { io, clock, endpoint, send, end } = await start([], { window: { columns: 80, rows: 24 } });
    clock.advance(250);
    const before = frames(io.out.text).length;
    await send('a:1|c');
    while (!io.out.text.includes('SERIES')) {
      clock.advance(250);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { code, out } = await end();
    expect(before).toBe(1);
    expect(frames(out).at(-1)?.slice(3)).toEqual([
      'SERIES  TYPE  RATE/S  LAST  TREND                     TOTAL',
      expect.stringMatching(/^a {7}c +[\d.]+ +1 {2}█ +1$/),
    ]);
    expect([code, out.startsWith('\x1b[?1049h\x1b[?25l'), frames(out)[0]?.[0]]).toEqual([
      0,
      true,
      `otel-statsd listen · ${endpoint} · dialect statsd`,
    ]);
    expect(afterwards(out)).toMatch(
      /^\nSERIES {2}TYPE {2}RATE\/S {2}LAST {2}TOTAL\na .*\n\n0:\d\d · 1 line · 1 series · 1 datagram\n$/,
    );
  });

  it('follows the size of the window', async () => {
    const { io, end } = await start([], { window: { columns: 80, rows: 24 } });
    io.out.resize({ columns: 21, rows: 2 });
    expect(frames(io.out.text).at(-1)).toEqual(['otel-statsd listen …', '0:00 · 0 lines · 0 …']);
    await end();
  });

  it('prints the issues after the window has gone', async () => {
    const { io, clock, send, end } = await start([], { window: { columns: 80, rows: 24 } });
    await send('bad');
    while (!io.out.text.includes('bad')) {
      clock.advance(250);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { out } = await end();
    expect(afterwards(out)).toMatch(
      /^\n✗ bad\n {2}there is no ":" between name and value\n\n0:\d\d · 1 line · 1 malformed · 0 series · 1 datagram\n$/,
    );
  });
});

describe('listen with --web', () => {
  it('prints the address of the page, serves it beside its own output, and closes it at the end', async () => {
    const { io, send, end } = await start(['--raw', '--web', '0']);
    const [, url = ''] = await io.err.wrote(/Live page: (http:\S+)/);
    const response = await fetch(url);
    expect([new URL(url).hostname, response.status, await response.text()]).toEqual([
      '127.0.0.1',
      200,
      '<!doctype html><style>p{}</style><p>page</p><script>run();</script>',
    ]);
    await send('a:1|c');
    await io.out.wrote(/a:1\|c\n/);
    const plot = await fetch(new URL('/plot?id=0&seconds=60', url));
    expect(await plot.json()).toEqual({ kind: 'rate', columns: [expect.any(Array), expect.any(Array)] });
    expect((await end()).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('shows the address in the head of the window', async () => {
    const { io, end } = await start(['--web', '0'], { window: { columns: 60, rows: 24 } });
    await io.out.wrote(/\nLive page: http:\/\/127\.0\.0\.1:\d+\//);
    expect((await end()).code).toBe(0);
  });

  it('asks for a token where other machines reach it', async () => {
    const { io } = await start(['--raw', '--web', '0.0.0.0:0']);
    const [, url = ''] = await io.err.wrote(/Live page: (http:\S+)/);
    const { port, search } = new URL(url);
    const [without, withToken] = await Promise.all(
      ['', search].map(async (query) => (await fetch(`http://127.0.0.1:${port}/${query}`)).status),
    );
    expect([search.length > 20, without, withToken]).toEqual([true, 403, 200]);
  });

  it('does not listen when the port of the page is in use', async () => {
    const { io } = await start(['--raw', '--web', '0']);
    const [, port = ''] = await io.err.wrote(/Live page: http:\/\/127\.0\.0\.1:(\d+)/);
    expect(await runWith(['listen', ANY, '--web', port])).toEqual({
      code: 1,
      out: '',
      err: `Cannot serve the page on http://127.0.0.1:${port}/: something listens there already. Take another port: --web 0 takes any free one.\n`,
    });
  });
});

describe('listen with --forward', () => {
  it('passes datagrams on unchanged, bad lines included, and counts them', async () => {
    const server = await startUdpServer();
    const { io, endpoint, send, end } = await start(['--raw', '--forward', `udp://127.0.0.1:${server.port}`]);
    const sent = ['a:1|c\nbad\n', 'b c:2|c', '\n'];
    await send(...sent);
    await io.out.wrote(/b c:2\|c\n/);
    while (server.datagrams.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(server.datagrams).toEqual(sent);
    expect((await end()).err.split('\n').filter((line) => !/^[✗!]/.test(line))).toEqual([
      `Listening on ${endpoint} for lines of statsd; Ctrl-C ends`,
      `Forwarding to udp://127.0.0.1:${server.port}`,
      '',
      '0:00 · 3 lines · 1 malformed · 1 doubtful · 2 series · 3 datagrams · 3 datagrams passed on',
      '',
    ]);
  });

  it('passes lines of a stream on as datagrams, without the one that is cut off', async () => {
    const server = await startUdpServer();
    const { io, endpoint } = await start(['--raw', '--forward', `udp://127.0.0.1:${server.port}`], {
      at: 'tcp://127.0.0.1:0',
    });
    const socket = connect(Number(endpoint.split(':').at(-1)), '127.0.0.1');
    socket.end(Buffer.from('a:1|c\n\nb\xff:2|c\nc:3', 'latin1'));
    await io.out.wrote(/b/);
    while (server.datagrams.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(server.datagrams).toEqual(['a:1|c', 'b\ufffd:2|c']);
  });

  it('says when that fails, and with --strict ends with exit code 1', async () => {
    const port = await unusedUdpPort();
    const { io, send, end } = await start(['--raw', '--strict', '--forward', `udp://127.0.0.1:${port}`]);
    await send('a:1|c');
    await io.err.wrote(/fails/);
    const { code, err } = await end();
    expect([
      code,
      err.split('\n').filter((line) => line.includes('fails') || line.includes('not passed')),
    ]).toEqual([
      1,
      [
        `! Forwarding to udp://127.0.0.1:${port} fails: nothing listens on the port (ECONNREFUSED)`,
        '0:00 · 1 line · 1 series · 1 datagram · 0 datagrams passed on · 1 not passed on',
      ],
    ]);
  });

  it('shows in the head of the window whether it works', async () => {
    const port = await unusedUdpPort();
    const window = { columns: 100, rows: 24 };
    const { io, clock, send, end } = await start(['--forward', `udp://127.0.0.1:${port}`], { window });
    await send('a:1|c');
    while (!io.out.text.includes('fails')) {
      clock.advance(250);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await end()).out).toContain(
      `Forwarding to udp://127.0.0.1:${port} fails: nothing listens on the port (ECONNREFUSED)`,
    );
  });

  it.each([
    ['udp://localhost', 'udp://127.0.0.1'],
    ['udp://127.0.0.1', 'udp://0.0.0.0'],
  ])('does not send to itself: %s while it listens on %s', async (target, listening) => {
    const { port, stop } = await startUdpServer();
    await stop();
    expect(await runWith(['listen', `${listening}:${port}`, '--forward', `${target}:${port}`])).toEqual({
      code: 2,
      out: '',
      err: `otel-statsd: --forward ${target}:${port} is where this command listens itself: its lines would go round for ever\nSee otel-statsd listen --help\n`,
    });
  });
});

describe('listen ends', () => {
  it('after --count lines, and ignores further ones', async () => {
    const io = new FakeIo();
    const running = runWith(['listen', 'tcp://127.0.0.1:0', '--raw', '-n', '2'], io);
    const [, port = ''] = await io.err.wrote(/tcp:\/\/127\.0\.0\.1:(\d+)/);
    connect(Number(port), '127.0.0.1')
      .on('error', () => {})
      .end('a:1|c\nb:1|c\nc:1|c\n');
    const { code, out } = await running;
    expect([code, out]).toEqual([0, 'a:1|c\nb:1|c\n']);
  });

  it('by itself after --duration, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    const io = new FakeIo({ clock });
    const running = runWith(['listen', ANY, '--raw', '--duration', '30'], io);
    await io.err.wrote(/Listening/);
    expect(clock.pendingMillis).toEqual([30_000]);
    clock.advance(30_000);
    expect(await running).toMatchObject({ code: 0, out: '' });
  });

  it('at an interrupt before --duration, and then leaves no timer behind', async () => {
    const { clock, end } = await start(['--raw', '--duration', '30']);
    await end();
    expect(clock.pendingMillis).toEqual([]);
  });

  it('at an interrupt alone without --duration', async () => {
    const { clock } = await start(['--raw']);
    expect(clock.pendingMillis).toEqual([]);
  });

  it('after --duration, with exit code 1 if lines are missing', async () => {
    const { io, clock, send, end } = await start(['--raw', '--duration', '30', '--count', '2']);
    await send('a:1|c');
    await io.out.wrote(/a:1/);
    clock.advance(30_000);
    const { code, err } = await end();
    expect([code, err.split('\n').slice(-3)]).toEqual([
      1,
      ['0:30 · 1 line · 1 series · 1 datagram', 'Only 1 of 2 lines arrived.', ''],
    ]);
  });

  it.each<[string, number]>([
    ['a:1|c', 0],
    ['bad', 1],
    ['a b:1|c', 1],
  ])('with --strict after %j with exit code %d', async (line, code) => {
    const { io, send, end } = await start(['--raw', '--strict']);
    await send(line);
    await io.out.wrote(/\n/);
    expect((await end()).code).toBe(code);
  });
});

describe('listen opens', () => {
  it('a unix socket, with the framing of the dialect', async () => {
    const path = temporarySocketPath();
    const { io, end } = await start(['--raw', '-d', 'dogstatsd'], { at: `unix://${path}` });
    const socket = connect({ path });
    const payload = Buffer.from('    a:1|c\n');
    payload.writeUInt32LE(payload.length - 4);
    socket.end(payload);
    await once(socket.resume(), 'close');
    await io.out.wrote(/a:1\|c\n/);
    expect((await end()).code).toBe(0);
  });

  it('no address that is in use, and reports that', async () => {
    const { port } = await startUdpServer();
    expect(await runWith(['listen', String(port)])).toEqual({
      code: 1,
      out: '',
      err:
        `Cannot listen on udp://127.0.0.1:${port}: something listens there already, perhaps your StatsD server. ` +
        'Take another port (0 for any) and send to that.\n',
    });
  });

  it.each<[string[], string]>([
    [
      ['99999'],
      '"99999" is nothing to listen on: it takes a port, or a URL such as udp://127.0.0.1:8125, tcp://0.0.0.0:8125 or unix:///tmp/statsd.sock',
    ],
    [
      ['http://a'],
      '"http://a" is nothing to listen on: it takes a port, or a URL such as udp://127.0.0.1:8125, tcp://0.0.0.0:8125 or unix:///tmp/statsd.sock',
    ],
    [
      ['tls://127.0.0.1:8125'],
      'listening on tls is not supported; use tcp://, behind something that ends TLS',
    ],
    [['unixgram:///a'], 'listening on unixgram is not supported; use unix:// for unixgram:///a'],
    [
      ['--forward', '8126'],
      '"8126" is nothing to forward to: --forward takes a URL such as udp://127.0.0.1:8126, tcp://statsd.example:8125 or unix:///tmp/statsd.sock',
    ],
    [['--forward', 'tls://a'], 'forwarding to tls is not supported; there are udp, tcp, unix'],
    [['--raw', '--json'], '--raw and --json exclude each other'],
    [['--count', '0'], '--count takes a whole number above 0, not "0"'],
    [['--count', '1.5'], '--count takes a whole number above 0, not "1.5"'],
    [['--duration', '-1s'], "Option '--duration' argument is ambiguous"],
    [['--interval', 'x'], '--interval takes a number above 0, not "x"'],
  ])('not as %j asks', async (args, message) => {
    expect(await runWith(['listen', ...args])).toEqual({
      code: 2,
      out: '',
      err: `otel-statsd: ${message}\nSee otel-statsd listen --help\n`,
    });
  });
});

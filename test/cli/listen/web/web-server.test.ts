import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHistoryStores } from '../../../../src/cli/listen/series-history.js';
import { Session } from '../../../../src/cli/listen/session.js';
import type { TableState } from '../../../../src/cli/listen/table-view.js';
import { startWebServer, type WebServer } from '../../../../src/cli/listen/web/web-server.js';
import { NO_COUNTS } from '../../../../src/listener/listener.js';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import { FakeClock } from '../../../support/fake-clock.js';

interface Started {
  readonly server: WebServer;
  readonly session: Session;
  readonly clock: FakeClock;
}

async function start(host = '127.0.0.1'): Promise<Started> {
  const clock = new FakeClock();
  const session = new Session(dialects.dogstatsd, 0, { history: createHistoryStores() });
  const state = (): TableState => ({
    session,
    counts: NO_COUNTS,
    endpoint: 'udp://127.0.0.1:8125',
    dialectSource: undefined,
    nowMillis: clock.now(),
  });
  const page = { html: '<!doctype html>page', policy: "default-src 'none'" };
  const server = await startWebServer({ address: { host, port: 0 }, page, state, clock });
  onTestFinished(() => server.close());
  return { server, session, clock };
}

async function ask(
  { server }: Started,
  path: string,
  { headers = {}, method = 'GET' } = {},
): Promise<{ status: number | undefined; headers: IncomingMessage['headers']; text: string }> {
  const { port } = new URL(server.url);
  const request = get({ host: '127.0.0.1', port, path, headers, method });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return { status: response.statusCode, headers: response.headers, text };
}

class Events {
  readonly messages: { event: string; data: Record<string, unknown> }[] = [];
  readonly response: IncomingMessage;
  #rest = '';
  #waiting: (() => void)[] = [];

  constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8').on('data', (text: string) => {
      const blocks = (this.#rest + text).split('\n\n');
      this.#rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, event = ''] = /^event: (.*)$/m.exec(block) ?? [];
        this.messages.push({ event, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}') });
      }
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  async got(count: number): Promise<Events['messages']> {
    while (this.messages.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.messages;
  }
}

async function openEvents({ server }: Started): Promise<Events> {
  const request = get(new URL('events', server.url));
  request.on('error', () => {});
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  onTestFinished(() => void request.destroy());
  return new Events(response);
}

describe('the page', () => {
  it('comes with a policy and headers that let nothing else in or out', async () => {
    const { status, headers, text } = await ask(await start(), '/');
    const {
      date,
      connection,
      'transfer-encoding': _,
      'content-length': __,
      'keep-alive': ___,
      ...rest
    } = headers;
    expect([status, text, rest]).toEqual([
      200,
      '<!doctype html>page',
      {
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'",
        'content-type': 'text/html; charset=utf-8',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      },
    ]);
  });

  it('is alone: other paths, methods and hosts get a sentence', async () => {
    const started = await start();
    const answers = await Promise.all([
      ask(started, '/etc/passwd'),
      ask(started, '/', { method: 'POST' }),
      ask(started, '/', { headers: { host: 'evil.example' } }),
      ask(started, '//[:80/'),
      ask(started, '/plot?id=7'),
    ]);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [404, 'There is nothing here. The page is at /.'],
      [405, 'This server answers GET alone.'],
      [403, 'This server is reached as localhost or by an IP address alone.'],
      [400, 'The address cannot be read.'],
      [404, 'There is no such series.'],
    ]);
  });

  it('has an icon', async () => {
    const { status, headers, text } = await ask(await start(), '/icon.svg');
    expect([status, headers['content-type'], /^<svg .*<\/svg>$/.test(text)]).toEqual([
      200,
      'image/svg+xml',
      true,
    ]);
  });

  it('tells which method it answers, and that a sentence is plain text', async () => {
    const started = await start();
    const headersOf = async (path: string, method: string): Promise<unknown[]> => {
      const { headers } = await ask(started, path, { method });
      return [headers.allow, headers['content-type'], headers['x-content-type-options']];
    };
    expect([await headersOf('/', 'POST'), await headersOf('/x', 'GET')]).toEqual([
      ['GET', 'text/plain; charset=utf-8', 'nosniff'],
      [undefined, 'text/plain; charset=utf-8', 'nosniff'],
    ]);
  });

  it('on all addresses needs the token that is in its address', async () => {
    const started = await start('0.0.0.0');
    const { search } = new URL(started.server.url);
    expect(search).toMatch(/^\?token=[\w-]{22}$/);
    const statuses = await Promise.all(
      ['/', '/plot', `/${search}x`, `/${search}`].map(async (path) => (await ask(started, path)).status),
    );
    expect(statuses).toEqual([403, 403, 403, 200]);
  });
});

describe('the stream', () => {
  it('says hello, sends all there is, and then what changes', async () => {
    const started = await start();
    const { session, clock } = started;
    session.receive('a:1|c', 0);
    session.receive('bad', 0);
    const events = await openEvents(started);
    expect(await events.got(2)).toEqual([
      {
        event: 'hello',
        data: {
          run: expect.stringMatching(/^[\da-f-]{36}$/),
          endpoint: 'udp://127.0.0.1:8125',
          dialect: 'dogstatsd',
          waysToSend: [
            {
              text: 'An app sends them here with',
              commands: [
                'OTEL_EXPORTER_STATSD_ENDPOINT=udp://127.0.0.1:8125',
                'OTEL_EXPORTER_STATSD_DIALECT=dogstatsd',
              ],
            },
            { text: 'A shell sends one with', commands: ["echo 'hello:1|c' | nc -u -w1 127.0.0.1 8125"] },
          ],
        },
      },
      {
        event: 'update',
        data: {
          added: [[0, 'a', 'c']],
          rows: [[0, 1, 1, 1]],
          status: { counts: ['0:00', '2 lines', '1 malformed', '1 series'], isHealthy: false },
          issues: [
            {
              line: 'bad',
              isMalformed: true,
              problems: ['there is no ":" between name and value'],
              times: 1,
            },
          ],
        },
      },
    ]);
    session.receive('a:2|c', 100);
    clock.advance(250);
    const [, , change] = await events.got(3);
    expect(change).toEqual({
      event: 'update',
      data: {
        added: [],
        rows: [[0, 3, 2, 3]],
        status: { counts: ['0:00', '3 lines', '1 malformed', '1 series'], isHealthy: false },
      },
    });
  });

  it('sends what has no room in one message soon after it', async () => {
    const started = await start();
    const { session, clock } = started;
    // Some 260,000 characters are a message.
    for (let at = 0; at < 700; at += 1) session.receive(`${'n'.repeat(1_000)}.${at}:1|c`, 0);
    const events = await openEvents(started);
    await events.got(2);
    const delays = [...clock.pendingMillis];
    while (events.messages.length < 4) {
      clock.advance(clock.pendingMillis[0]!);
      delays.push(...clock.pendingMillis);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([delays[0], delays[1], delays.at(-1)]).toEqual([250, 10, 250]);
  });

  it('sends many changes between two messages as one, and nothing while nothing changes', async () => {
    const started = await start();
    const { session, clock } = started;
    const events = await openEvents(started);
    await events.got(2);
    clock.advance(250);
    for (let value = 0; value < 1_000; value += 1) session.receive(`a:${value}|g`, 300);
    clock.advance(250);
    const [, , third] = await events.got(3);
    expect([third?.data['rows'], events.messages.length]).toEqual([[[0, 1_000, 999, 999]], 3]);
  });

  it('is open to eight pages at a time, and free again when one goes', async () => {
    const started = await start();
    const open = await Promise.all(Array.from({ length: 8 }, () => openEvents(started)));
    expect((await ask(started, '/events')).text).toBe('8 pages are open already: close one.');
    const closed = once(open[0]!.response, 'close');
    open[0]!.response.destroy();
    await closed;
    let events = await openEvents(started);
    while (events.response.statusCode !== 200) events = await openEvents(started);
    expect((await events.got(1))[0]?.event).toBe('hello');
  });

  it('keeps one unsent message for a page that does not read, and drops the page after 20 seconds', async () => {
    const started = await start();
    const { session, clock, server } = started;
    for (let at = 0; at < 5_000; at += 1) session.receive(`${'n'.repeat(1_500)}.${at}:1|c`, 0);
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();
    await once(socket, 'connect');
    while (server.droppedPages === 0) {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.droppedPages).toBe(1);
    // Before it is full, the connection takes some messages.
    expect(clock.now()).toBeGreaterThanOrEqual(20_000);
    expect(clock.now()).toBeLessThan(40_000);
    expect(clock.pendingMillis.length).toBeLessThanOrEqual(1);
  });
});

describe('hostile requests', () => {
  it('that do not wait for the answer before them end their connection, and take no place of a page', async () => {
    const started = await start();
    const socket = connect(Number(new URL(started.server.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.resume().write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1_000));
    await once(socket, 'close');
    const open = await Promise.all(Array.from({ length: 8 }, () => openEvents(started)));
    expect(open.map(({ response }) => response.statusCode)).toEqual(Array(8).fill(200));
  });
});

it('issues are sent with five problems of 200 characters, however many there are', async () => {
  const started = await start();
  const tags = Array.from({ length: 30 }, (_, at) => `${'é'.repeat(400)}${at}!":é`).join(',');
  started.session.receive(`n:1|c|#${tags}`, 0);
  const events = await openEvents(started);
  const [, update] = await events.got(2);
  const [issue] = update!.data['issues'] as { problems: string[] }[];
  expect([issue!.problems.length, Math.max(...issue!.problems.map(({ length }) => length))]).toEqual([
    5, 200,
  ]);
});

it('no more than 64 connections are open at a time, and those that are refused are counted', async () => {
  const { server } = await start();
  const port = Number(new URL(server.url).port);
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return socket.resume();
  };
  const isServed = async (socket: Socket): Promise<boolean> => {
    socket.write('GET /icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n');
    return Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
  };
  for (let count = 0; count < 64; count += 1) expect(await isServed(await open())).toBe(true);
  expect([await isServed(await open()), server.refusedConnections]).toEqual([false, 1]);
});

it('plots and trends of series are sent on request', async () => {
  const started = await start();
  const { session, clock } = started;
  clock.advance(10_000);
  session.receive('t:4|ms', 10_000);
  session.receive('t:8|ms', 10_000);
  session.receive('c:3|c', 10_000);
  clock.advance(1_500);
  const json = async (path: string): Promise<unknown> => JSON.parse((await ask(started, path)).text);
  expect(
    await Promise.all([json('/plot?id=0&seconds=300'), json('/plot?id=1'), json('/trends?ids=0,1,2,x,-1')]),
  ).toEqual([
    { kind: 'mean', columns: [[-1.5], [6], [4], [8]] },
    { kind: 'rate', columns: [[-1.5], [3]] },
    [
      [0, [6]],
      [1, [3]],
    ],
  ]);
});

it('the stream and the plots are not kept, and say what they are', async () => {
  const started = await start();
  started.session.receive('a:1|c', 0);
  const events = await openEvents(started);
  const plot = await ask(started, '/plot?id=0');
  const about = ({ 'cache-control': cache, 'content-type': type }: IncomingMessage['headers']): unknown => [
    cache,
    type,
  ];
  expect([about(events.response.headers), about(plot.headers)]).toEqual([
    ['no-store', 'text/event-stream'],
    ['no-store', 'application/json'],
  ]);
});

it('a plot begins as many seconds ago as it is asked to, a day at most and by default', async () => {
  const started = await start();
  const { session, clock } = started;
  session.receive('g:1|g', 0);
  clock.advance(90_000_000);
  const beginningOf = async (query: string): Promise<number | undefined> =>
    JSON.parse((await ask(started, `/plot?id=0${query}`)).text).columns[0][0];
  expect([
    await beginningOf('&seconds=60'),
    await beginningOf('&seconds=86400'),
    await beginningOf('&seconds=89000'),
    await beginningOf('&seconds=0'),
    await beginningOf('&seconds=x'),
    await beginningOf(''),
  ]).toEqual([-60, ...Array(5).fill(-86_400)]);
});

it('a page gets 200 trends for one request', async () => {
  const started = await start();
  for (let at = 0; at < 201; at += 1) started.session.receive(`a${at}:1|c`, 0);
  const ids = Array.from({ length: 201 }, (_, at) => at);
  const trends = async (query: string): Promise<number> =>
    JSON.parse((await ask(started, `/trends${query}`)).text).length;
  expect([
    await trends(`?ids=${ids.join()}`),
    await trends(`?ids=,,${ids.slice(0, 2).join()},`),
    await trends('?ids='),
    await trends(''),
  ]).toEqual([200, 2, 0, 0]);
});

it('no timer runs before the first page is open, nor after the last one has gone', async () => {
  const started = await start();
  const { clock } = started;
  const timers = [clock.pendingMillis];
  const [first, second] = [await openEvents(started), await openEvents(started)];
  timers.push(clock.pendingMillis);
  clock.advance(250);
  timers.push(clock.pendingMillis);
  for (const { response } of [first, second]) response.destroy();
  while (clock.pendingMillis.length > 0) {
    clock.advance(250);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(timers).toEqual([[], [250], [250]]);
  await openEvents(started);
  expect(clock.pendingMillis).toEqual([250]);
});

it('the server that is closed ends its connections and its timer', async () => {
  const clock = new FakeClock();
  const session = new Session(dialects.dogstatsd, 0);
  const server = await startWebServer({
    address: { host: '127.0.0.1', port: 0 },
    page: { html: '', policy: '' },
    state: () => ({
      session,
      counts: NO_COUNTS,
      endpoint: 'udp://a:1',
      dialectSource: undefined,
      nowMillis: 0,
    }),
    clock,
  });
  const { response } = await openEvents({ server, session, clock });
  const ended = new Promise((resolve) => response.on('error', () => {}).on('close', resolve));
  expect(clock.pendingMillis).toEqual([250]);
  await server.close();
  expect(clock.pendingMillis).toEqual([]);
  await ended;
});

it('a port that is in use is reported', async () => {
  const { server } = await start();
  const page = { html: '', policy: '' };
  const address = { host: '127.0.0.1', port: Number(new URL(server.url).port) };
  await expect(
    startWebServer({ address, page, state: () => ({}) as TableState, clock: new FakeClock() }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

// The limits of the page that docs/security.md names, without real waiting.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHistoryStores } from '../../../../src/cli/listen/series-history.js';
import { type LineIssue, Session } from '../../../../src/cli/listen/session.js';
import { startWebServer } from '../../../../src/cli/listen/web/web-server.js';
import { NO_COUNTS } from '../../../../src/listener/listener.js';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import type { Clock } from '../../../../src/runtime/clock.js';

/** Moves by `spend` alone; its timers fire when they are told to. */
class HeldClock implements Clock {
  millis = 0;
  /** Of all timers that were started. */
  readonly delays: number[] = [];
  #timers: (() => void)[] = [];

  now(): number {
    return this.millis;
  }

  after(delayMillis: number, callback: () => void): { cancel(): void } {
    this.delays.push(delayMillis);
    this.#timers.push(callback);
    return { cancel: () => {} };
  }

  spend(millis: number): void {
    this.millis += millis;
  }

  /** Those that are started meanwhile wait for the next call. */
  fireTimers(): void {
    for (const callback of this.#timers.splice(0)) callback();
  }
}

interface Started {
  readonly port: number;
  readonly session: Session;
  readonly clock: HeldClock;
  /** Called whenever the state is read. */
  onRead(): void;
}

async function start(): Promise<Started> {
  const clock = new HeldClock();
  const session = new Session(dialects.dogstatsd, 0, { history: createHistoryStores() });
  session.receive('a:1|c', 0);
  const server = await startWebServer({
    address: { host: '127.0.0.1', port: 0 },
    page: { html: 'page', policy: "default-src 'none'" },
    state: () => {
      started.onRead();
      const nowMillis = clock.now();
      return { session, counts: NO_COUNTS, endpoint: 'udp://[::1]:1', dialectSource: undefined, nowMillis };
    },
    clock,
  });
  onTestFinished(() => server.close());
  const started: Started = { port: Number(new URL(server.url).port), session, clock, onRead() {} };
  return started;
}

async function openConnection({ port }: Started): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket.setEncoding('utf8');
}

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** The first line of the answer. */
async function answerTo(socket: Socket, path: string): Promise<string> {
  socket.write(request(path));
  return firstLine(socket);
}

async function firstLine(socket: Socket): Promise<string> {
  const [text] = (await once(socket, 'data')) as [string];
  return text.slice(0, text.indexOf('\r\n'));
}

describe.each(['/plot?id=0', '/trends?ids=0'])('requests for %s', (path) => {
  it('are answered in turns of 10 milliseconds', async () => {
    const started = await start();
    let reads = 0;
    const sockets = await Promise.all(Array.from({ length: 6 }, () => openConnection(started)));
    started.onRead = () => {
      reads += 1;
      started.clock.spend(5);
    };
    const answers = sockets.map((socket) => answerTo(socket, path));
    // It came after the others, and does not wait for them.
    expect(await answerTo(await openConnection(started), '/icon.svg')).toBe('HTTP/1.1 200 OK');
    const readsOfTurns = [reads];
    while (reads < 6) {
      started.clock.fireTimers();
      readsOfTurns.push(reads);
    }
    expect(readsOfTurns).toEqual([2, 4, 6]);
    expect(await Promise.all(answers)).toEqual(Array(6).fill('HTTP/1.1 200 OK'));
  });

  it('cost nothing when the connection is gone before their turn', async () => {
    const started = await start();
    const [first, second] = [await openConnection(started), await openConnection(started)];
    let reads = 0;
    started.onRead = () => {
      reads += 1;
      started.clock.spend(10);
    };
    await answerTo(first, path);
    const closed = closeOfNextRequest(started.port);
    second.write(request(path));
    const response = await closed.response;
    second.destroy();
    await closed.closed;
    started.clock.fireTimers();
    expect([reads, response.writableEnded]).toEqual([1, false]);
  });
});

/** The server's own end of the next request. */
function closeOfNextRequest(port: number): { response: Promise<ServerResponse>; closed: Promise<unknown> } {
  const response = new Promise<ServerResponse>((resolve) => {
    const onStart = (message: unknown): void => {
      const { response, socket } = message as { response: ServerResponse; socket: Socket };
      if (socket.localPort === port) resolve(response);
    };
    subscribe('http.server.request.start', onStart);
    onTestFinished(() => void unsubscribe('http.server.request.start', onStart));
  });
  return { response, closed: response.then((open) => once(open, 'close')) };
}

describe('a connection', () => {
  /** The server's end of it. */
  async function accepted(started: Started): Promise<{ socket: Socket; client: Socket }> {
    const sockets: Socket[] = [];
    const onSocket = (message: unknown): void => {
      const { socket } = message as { socket: Socket };
      if (socket.localPort === started.port) sockets.push(socket);
    };
    subscribe('net.server.socket', onSocket);
    onTestFinished(() => void unsubscribe('net.server.socket', onSocket));
    const client = await openConnection(started);
    while (sockets.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return { socket: sockets[0]!, client };
  }

  it('is closed after 20 seconds without traffic', async () => {
    const { socket, client } = await accepted(await start());
    expect(socket.timeout).toBe(20_000);
    const closed = once(client.resume(), 'close');
    // As when the time has passed.
    socket.emit('timeout');
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  it('stays open without traffic once it has the stream of a page', async () => {
    const { socket, client } = await accepted(await start());
    expect(await answerTo(client, '/events')).toBe('HTTP/1.1 200 OK');
    expect([socket.timeout, socket.destroyed]).toEqual([0, false]);
  });
});

it('the issues are escaped once for all pages, and again when there is another', async () => {
  const started = await start();
  const { session, clock } = started;
  let escapes = 0;
  const addIssue = (): void => {
    const issue: LineIssue = {
      get line() {
        escapes += 1;
        return 'bad';
      },
      isMalformed: true,
      problems: [],
    };
    session.issues.push(issue);
    session.issuesVersion += 1;
  };
  addIssue();
  const pages = await Promise.all(Array.from({ length: 8 }, () => openConnection(started)));
  expect(await Promise.all(pages.map((page) => answerTo(page, '/events')))).toEqual(
    Array(8).fill('HTTP/1.1 200 OK'),
  );
  const escapesSoFar = [escapes];
  addIssue();
  clock.fireTimers();
  escapesSoFar.push(escapes);
  clock.fireTimers();
  escapesSoFar.push(escapes);
  expect(escapesSoFar).toEqual([1, 3, 3]);
});

it('messages of pages take turns of 10 milliseconds, a fifth of all time, and each page has its turn', async () => {
  const started = await start();
  const { session, clock } = started;
  const texts = ['', '', ''];
  for (const index of texts.keys()) {
    const page = await openConnection(started);
    page.on('data', (text: string) => {
      texts[index] += text;
    });
    page.write(request('/events'));
    while (!texts[index]!.includes('event: update')) await new Promise((resolve) => setImmediate(resolve));
  }
  const delays = clock.delays.splice(0);
  session.receive('b:1|c', 0);
  let reads = 0;
  started.onRead = () => {
    reads += 1;
    clock.spend(5);
  };
  const readsOfTurns = [2, 4].map(() => {
    clock.fireTimers();
    return reads;
  });
  expect([delays, readsOfTurns, clock.delays]).toEqual([[250], [2, 4], [50, 50]]);
  while (!texts.every((text) => text.includes('"b"'))) await new Promise((resolve) => setImmediate(resolve));
});

// What the sender does at each step of a connection: timers, counts and events, over sockets that do as the test says.
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { errorWithCode } from '../../../src/runtime/error-code.js';
import type { TransportOptions } from '../../../src/transport/options.js';
import type { Chunk } from '../../../src/transport/packing/chunk.js';
import { ChunkQueue } from '../../../src/transport/queue/chunk-queue.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { StreamSender } from '../../../src/transport/stream/stream-sender.js';
import type { StreamTarget } from '../../../src/transport/stream/stream-target.js';
import type { TransportEvent } from '../../../src/transport/transport.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeStreamSocket } from '../../support/fake-stream-socket.js';
import { chunkOf, longLines } from '../../support/lines.js';
import { transportOptions } from '../../support/transports.js';

/** With the chance of 1 in these tests, what the first failures lead to. */
const BACKOFF_MILLIS = [200, 400, 800, 1_600, 3_200];

/** Longer than any chain of promises and turns here. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function start(settings: Partial<TransportOptions> = {}) {
  const clock = new FakeClock();
  const events: TransportEvent[] = [];
  /** What was asked of the target. */
  const asked: string[] = [];
  const sockets: FakeStreamSocket[] = [];
  /** How the target answers. */
  const answers = {
    resolved: (): Promise<void> => Promise.resolve(),
    replaced: (): Promise<boolean> => Promise.resolve(false),
    openError: undefined as string | undefined,
    capMillis: undefined as number | undefined,
  };
  const target: StreamTarget = {
    abortWith: 'rst',
    resolve: ({ staysOpen }) => {
      asked.push(staysOpen ? 'resolve to stay open' : 'resolve');
      return answers.resolved();
    },
    open: () => {
      asked.push('open');
      if (answers.openError !== undefined) throw errorWithCode(answers.openError, 'cannot open');
      const socket = new FakeStreamSocket();
      sockets.push(socket);
      const asSocket = socket as unknown as Socket;
      return { socket: asSocket, transportSocket: asSocket, readyEvent: 'connect' };
    },
    markConnected: (socket) => {
      asked.push(`connected ${sockets.indexOf(socket as unknown as FakeStreamSocket)}`);
    },
    markFailed: () => asked.push('failed'),
    isReplaced: () => {
      asked.push('replaced?');
      return answers.replaced();
    },
    backoffCapMillis: (cause) => {
      asked.push(`cap after ${cause}`);
      return answers.capMillis;
    },
  };
  const options = transportOptions({
    ...{ destination: { protocol: 'tcp', host: '127.0.0.1', port: 8_125 }, clock, random: () => 1 },
    ...{ pacing: false, onEvent: (event) => events.push(event), ...settings },
  });
  const queue = new ChunkQueue(options);
  const ledger = new Ledger();
  const sender = new StreamSender(queue, ledger, options, target);
  const current = () => sockets.at(-1)!;
  const send = (chunk: Chunk): void => {
    queue.offer(chunk, clock.now());
    ledger.accept(chunk.lines, chunk.bytes.length);
    sender.notify(chunk);
  };
  /** To the state in which the connection is about to carry something. */
  const connect = async (millis = 0): Promise<void> => {
    await settle();
    clock.advance(millis);
    current().emit('connect');
  };
  const probed = (): void => clock.advance(clock.pendingMillis[0]!);
  /** The operating system takes what was written last. */
  const take = async (): Promise<void> => {
    current().callbacks.pop()!();
    await settle();
  };
  /** The server ends a connection that was ended. */
  const confirm = (): void => {
    for (const name of ['finish', 'end', 'close']) current().emit(name);
  };
  return {
    ...{ clock, events, asked, sockets, answers, queue, ledger, sender },
    ...{ current, send, connect, probed, take, confirm },
    sendLine: (line: string) => send(chunkOf([line])),
    /** How many chunks the last connection was given in each write. */
    writes: () =>
      current()
        .calls.join(' ')
        .split(/(?<!un)cork /)
        .slice(1)
        .map((write) => write.split('write ').length - 1),
    /** Until `sending`. */
    begin: async (): Promise<void> => {
      await connect();
      probed();
    },
  };
}

/** A chunk of some 60 kB. */
const large = (): Chunk => chunkOf(longLines(600), { maxPayloadBytes: 65_536 });

describe('a segment over a connection that ends with it', () => {
  test('goes from state to state, each with its deadline, and is confirmed', async () => {
    const { clock, sender, ledger, asked, current, sendLine, connect, take, events } = start({
      ...{ connectTimeoutMillis: 5_000, stallTimeoutMillis: 30_000, confirmTimeoutMillis: 60_000 },
    });
    const seen: unknown[] = [];
    const look = () => seen.push([sender.state, clock.pendingMillis]);
    look();
    sendLine('a:1|c');
    look();
    await settle();
    look();
    await connect(20);
    look();
    clock.advance(40);
    look();
    await take();
    // The timer of the write is used again, and then runs on.
    look();
    clock.advance(30_000);
    look();
    current().emit('finish');
    look();
    current().emit('end');
    look();
    clock.advance(30_000);
    look();
    current().emit('close');
    look();
    expect(seen).toEqual([
      ['idle', []],
      ['resolving', [5_000]],
      ['connecting', [5_000]],
      ['probing', [40]],
      ['sending', [30_000]],
      ['ending', [30_000]],
      ['ending', [30_000]],
      ['confirming', [30_000]],
      ['confirming', [30_000]],
      ['confirming', [30_000]],
      ['idle', []],
    ]);
    expect([asked, current().calls, events]).toEqual([
      ['resolve', 'open', 'connected 0'],
      ['unref', 'cork', 'write a:1|c\n', 'uncork', 'end'],
      [],
    ]);
    expect([ledger.connects, ledger.lastConfirmMillis, ledger.counts()]).toMatchObject([
      1,
      60_000,
      { confirmedLines: 1, segments: { confirmed: 1, unknown: 0, notSent: 0 }, backoffMillis: 0 },
    ]);
  });

  test('writes what a socket takes at once together, and the last chunk by itself', async () => {
    const { send, begin, take, writes, current } = start();
    for (let index = 0; index < 9; index += 1) send(large());
    await begin();
    // The first one was queued alone when the sender was notified, and the others before it connected.
    expect(writes()).toEqual([4]);
    await take();
    expect(writes()).toEqual([4, 4]);
    await take();
    expect(writes()).toEqual([4, 4, 1]);
    await take();
    expect(current().calls.at(-1)).toBe('end');
  });

  test('gives the buffers of its chunks back once they are confirmed', async () => {
    const { send, begin, take, confirm, ledger } = start();
    const released: string[] = [];
    send({ ...chunkOf(['a:1|c']), release: () => released.push('a') });
    await begin();
    await take();
    expect(released).toEqual([]);
    confirm();
    expect([released, ledger.confirmed.lines]).toEqual([['a'], 1]);
  });

  test('that comes while another is under way gets a connection of its own, at once', async () => {
    const { sendLine, begin, take, confirm, asked, sender } = start();
    sendLine('a:1|c');
    await begin();
    sendLine('b:1|c');
    await take();
    confirm();
    expect([sender.state, asked]).toEqual(['resolving', ['resolve', 'open', 'connected 0', 'resolve']]);
  });

  test('knows since when its oldest chunk waits', async () => {
    const { clock, sendLine, begin, sender } = start();
    clock.advance(7);
    sendLine('a:1|c');
    expect(sender.oldestEnqueuedAt).toBeUndefined();
    await begin();
    expect(sender.oldestEnqueuedAt).toBe(7);
  });

  test('is written chunk by chunk when it is paced, and together while a flush waits', async () => {
    const paced = start({ pacing: { bytesPerSecond: 1_000_000 } });
    for (let index = 0; index < 5; index += 1) paced.send(large());
    await paced.begin();
    await paced.take();
    const { length } = large().bytes;
    const waitMillis = Math.ceil((2 * length - 65_536) / 1_000);
    expect([paced.writes(), paced.clock.pendingMillis]).toEqual([[1], [waitMillis]]);
    paced.clock.advance(waitMillis);
    expect(paced.writes()).toEqual([1, 1]);
    void paced.ledger.whenSettled(10_000, paced.clock);
    await paced.take();
    expect(paced.writes()).toEqual([1, 1, 2]);
  });
});

describe('an attempt that fails', () => {
  test.each([
    ['its lookup', 'ENOTFOUND', ['resolve', 'cap after ENOTFOUND']],
    ['to open', 'ERR_TLS', ['resolve', 'open', 'failed', 'cap after ERR_TLS']],
    ['to connect', 'ECONNREFUSED', ['resolve', 'open', 'failed', 'cap after ECONNREFUSED']],
    ['to answer in time', 'ETIMEDOUT', ['resolve', 'open', 'failed', 'cap after ETIMEDOUT']],
  ])(
    '%s is counted by its code, and one outage is reported however often it fails',
    async (what, code, asks) => {
      const { clock, sender, ledger, asked, answers, current, sendLine, events } = start();
      const failed = what === 'its lookup' ? [...asks.slice(0, 1), 'failed', ...asks.slice(1)] : asks;
      if (what === 'its lookup') answers.resolved = () => Promise.reject(errorWithCode(code, 'no such host'));
      if (what === 'to open') answers.openError = code;
      sendLine('a:1|c');
      for (const [attempt, backoff] of BACKOFF_MILLIS.entries()) {
        await settle();
        if (what === 'to connect') current().emit('error', errorWithCode(code, 'refused'));
        if (what === 'to answer in time') clock.advance(5_000);
        expect([sender.state, clock.pendingMillis]).toEqual(['backing-off', [backoff]]);
        expect([asked.splice(0), { ...ledger.connectFailures }]).toEqual([failed, { [code]: attempt + 1 }]);
        clock.advance(backoff);
        expect(sender.state).toBe('resolving');
      }
      expect([events, ledger.backoffMillis, ledger.inFlightLines]).toEqual([
        [{ kind: 'outage', cause: code }],
        6_200,
        0,
      ]);
    },
  );

  test('is aborted with a reset, and its socket no longer heard', async () => {
    const { sender, sendLine, begin, current, asked } = start();
    sendLine('a:1|c');
    await begin();
    current().emit('error', errorWithCode('EPIPE', 'broken'));
    current().emit('close');
    expect([sender.state, current().calls.at(-1), asked.slice(3)]).toEqual([
      'backing-off',
      'resetAndDestroy',
      ['failed', 'cap after reset'],
    ]);
  });

  test.each([
    [
      'fails',
      (_resolve: () => void, reject: (error: Error) => void) => reject(errorWithCode('ENOTFOUND', 'late')),
    ],
    ['is answered', (resolve: () => void) => resolve()],
  ])(
    'by its deadline is over: that its lookup %s later, even during the next, changes nothing',
    async (_what, end) => {
      const { clock, sender, ledger, answers, sendLine } = start();
      const ends: (() => void)[] = [];
      answers.resolved = () =>
        new Promise((resolve, reject) => {
          ends.push(() => end(resolve, reject));
        });
      sendLine('a:1|c');
      clock.advance(5_000);
      clock.advance(100);
      ends[0]!();
      await settle();
      expect([sender.state, { ...ledger.connectFailures }]).toEqual(['backing-off', { ETIMEDOUT: 1 }]);
      clock.advance(100);
      clock.advance(5_000);
      answers.resolved = () => Promise.resolve();
      clock.advance(400);
      await settle();
      expect(sender.state).toBe('connecting');
      ends[1]!();
      await settle();
      expect([sender.state, { ...ledger.connectFailures }, ledger.backoffMillis]).toEqual([
        ...['connecting', { ETIMEDOUT: 2 }, 600],
      ]);
    },
  );

  test('does not make segments smaller', async () => {
    const { clock, send, answers, begin, ledger } = start();
    answers.openError = 'ECONNREFUSED';
    for (let index = 0; index < 20; index += 1) send(large());
    await settle();
    answers.openError = undefined;
    clock.advance(200);
    await begin();
    expect(ledger.inFlightLines).toBe(17 * 600);
  });

  test('is repeated at once when a flush begins, and after a quarter of a second at most while it waits', async () => {
    const { clock, sender, ledger, answers, sendLine } = start();
    answers.openError = 'ECONNREFUSED';
    sendLine('a:1|c');
    await settle();
    clock.advance(50);
    void ledger.whenSettled(10_000, clock);
    sender.retryNow();
    expect([sender.state, ledger.backoffMillis]).toEqual(['resolving', 50]);
    await settle();
    expect([sender.state, clock.pendingMillis]).toEqual(['backing-off', [250, 10_000]]);
  });

  test('backs off no longer than the cap of its target', async () => {
    const { clock, answers, sendLine } = start();
    Object.assign(answers, { openError: 'ENOENT', capMillis: 150 });
    sendLine('a:1|c');
    await settle();
    expect(clock.pendingMillis).toEqual([150]);
  });

  test('ends in a recovery once a segment is confirmed', async () => {
    const { clock, answers, sendLine, begin, take, confirm, events } = start();
    answers.openError = 'ECONNREFUSED';
    sendLine('a:1|c');
    await settle();
    answers.openError = undefined;
    clock.advance(200);
    await begin();
    await take();
    expect(events).toEqual([{ kind: 'outage', cause: 'ECONNREFUSED' }]);
    confirm();
    expect(events.slice(1)).toEqual([{ kind: 'recovered', outageMillis: 210 }]);
  });
});

describe('a connection that breaks', () => {
  test('makes the next segment a quarter, down to a chunk, and each that is confirmed four times as large', async () => {
    const { clock, send, begin, take, confirm, current, ledger } = start();
    for (let index = 0; index < 1_000; index += 1) send(chunkOf(longLines(50)));
    const sizes: number[] = [];
    /** Lines in flight, as chunks of some 5 kB. */
    const size = (): number => ledger.inFlightLines / 50;
    for (const backoff of BACKOFF_MILLIS.slice(0, 3)) {
      await begin();
      sizes.push(size());
      current().emit('error', errorWithCode('ECONNRESET', 'reset'));
      clock.advance(backoff);
    }
    for (let round = 0; round < 4; round += 1) {
      await begin();
      sizes.push(size());
      for (let left = 0; current().calls.at(-1) !== 'end' && left < 20; left += 1) await take();
      confirm();
    }
    await begin();
    sizes.push(size());
    expect(sizes).toEqual([211, 52, 13, 1, 13, 52, 211, 211]);
  });

  test.each([
    ['stalls', [], 'stall'],
    ['is not closed after its FIN has come', ['finish', 'end'], 'confirm_timeout'],
  ])('because it %s is aborted, and its lines are sent again', async (_what, names, cause) => {
    const { clock, sender, sendLine, begin, take, current, queue, ledger } = start();
    sendLine('a:1|c');
    await begin();
    if (names.length > 0) await take();
    for (const name of names) current().emit(name);
    clock.advance(names.length === 0 ? 30_000 : 60_000);
    expect([sender.state, current().calls.at(-1), { ...ledger.disconnects }, queue.lines]).toEqual([
      ...['backing-off', 'resetAndDestroy', { [cause]: 1 }, 1],
    ]);
  });

  test('loses what is not to be sent twice, when the option says so', async () => {
    const { sendLine, send, begin, current, ledger, queue } = start({ onUnconfirmed: 'drop' });
    sendLine('a:1|c');
    send(chunkOf(['level:1|g'], { kind: 'idempotent' }));
    await begin();
    current().emit('error', errorWithCode('ECONNRESET', 'reset'));
    expect([ledger.dropped, queue.lines]).toEqual([{ unknown: 1 }, 1]);
  });

  test('with a chunk that is suspected of it is no outage', async () => {
    const { clock, sendLine, begin, take, confirm, current, events } = start();
    sendLine('bad:1|c');
    const breakNext = async (): Promise<void> => {
      await begin();
      current().emit('error', errorWithCode('ECONNRESET', 'reset'));
    };
    for (const backoff of BACKOFF_MILLIS.slice(0, 4)) {
      await breakNext();
      clock.advance(backoff);
    }
    // Suspected now: others go first.
    sendLine('good:1|c');
    await begin();
    await take();
    confirm();
    expect(events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
    await breakNext();
    expect(events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
  });
});

describe('a server that does not close', () => {
  test('is reported once, however often delivery is downgraded', async () => {
    const { clock, sendLine, begin, take, current, events, ledger, confirm, sender, asked } = start();
    const downgrade = async (): Promise<void> => {
      sendLine('a:1|c');
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await begin();
        await take();
        current().emit('finish');
        clock.advance(60_000);
        if (sender.state === 'backing-off') clock.advance(clock.pendingMillis[0]!);
      }
      expect([sender.state, current().calls.at(-1)]).toEqual(['idle', 'destroySoon']);
      current().emit('close');
    };
    await downgrade();
    expect([ledger.written.lines, events]).toEqual([
      1,
      [{ kind: 'outage', cause: 'confirm_timeout' }, { kind: 'downgraded' }],
    ]);
    // From here on connections stay open, until the server closes one.
    asked.splice(0);
    sendLine('b:1|c');
    await begin();
    await take();
    expect([sender.state, asked[0], clock.pendingMillis]).toEqual(['open', 'resolve to stay open', [30_000]]);
    clock.advance(30_000);
    confirm();
    expect([sender.state, events.at(-1)?.kind]).toEqual(['idle', 'recovered']);
    await downgrade();
    expect(events.map(({ kind }) => kind)).toEqual(['outage', 'downgraded', 'recovered', 'outage']);
  });
});

describe('a persistent connection', () => {
  const opened = async () => {
    const all = start({ delivery: 'persistent' });
    all.sendLine('a:1|c');
    await all.begin();
    await all.take();
    expect(all.sender.state).toBe('open');
    return all;
  };

  test('carries chunk by chunk, each counted as written, and stays open', async () => {
    const { sender, asked, sendLine, take, writes, ledger } = await opened();
    sendLine('b:1|c');
    sendLine('c:1|c');
    await settle();
    await take();
    await take();
    expect([sender.state, asked, writes(), ledger.written.lines]).toEqual([
      'open',
      ['resolve to stay open', 'open', 'connected 0', 'replaced?', 'replaced?'],
      [1, 1, 1],
      3,
    ]);
  });

  test('lives five minutes, a fifth more or less', async () => {
    for (const [chance, millis] of [
      [0, 240_000],
      [0.5, 300_000],
      [1, 360_000],
    ] as const) {
      const { clock, sender, sendLine, begin, take, current } = start({
        ...{ delivery: 'persistent', random: () => chance },
      });
      sendLine('a:1|c');
      await begin();
      await take();
      while (millis - clock.now() > 20_000) {
        clock.advance(20_000);
        sendLine('b:1|c');
        await settle();
        await take();
      }
      clock.advance(millis - clock.now() - 1);
      expect(sender.state).toBe('open');
      clock.advance(1);
      expect([sender.state, current().calls.at(-1)]).toEqual(['ending', 'end']);
    }
  });

  test('is left for another when its server was replaced', async () => {
    const { clock, sender, answers, asked, sendLine, sockets, current, ledger } = await opened();
    answers.replaced = () => Promise.resolve(true);
    sendLine('b:1|c');
    await settle();
    expect([sender.state, current().calls.at(-1), { ...ledger.disconnects }, asked.slice(3)]).toEqual([
      ...['connecting', 'unref', { replaced: 1 }, ['replaced?', 'resolve to stay open', 'open']],
    ]);
    expect([sockets[0]!.calls.at(-1), clock.holdsProcess]).toEqual(['destroySoon', false]);
  });

  test('stays open when what was queued together is sent before all are known not to be replaced', async () => {
    const { sender, answers, sendLine, take, ledger } = await opened();
    const known: (() => void)[] = [];
    answers.replaced = () =>
      new Promise((resolve) => {
        known.push(() => resolve(false));
      });
    sendLine('b:1|c');
    sendLine('c:1|c');
    known[0]!();
    await settle();
    await take();
    await take();
    known[1]!();
    await settle();
    expect([sender.state, ledger.written.lines]).toEqual(['open', 3]);
  });

  test('that is gone when it is known to be replaced does not end the next', async () => {
    const { sender, answers, sendLine, begin, take, current, clock, asked } = await opened();
    let answer = (_isReplaced: boolean): void => {};
    answers.replaced = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    clock.advance(10_000);
    sendLine('b:1|c');
    current().emit('end');
    expect(sender.state).toBe('resolving');
    await begin();
    await take();
    answer(true);
    await settle();
    expect([sender.state, asked.slice(3)]).toEqual([
      'open',
      ['replaced?', 'resolve to stay open', 'open', 'connected 1'],
    ]);
  });

  test('that its server half-closes is ended softly, and one that breaks with a reset', async () => {
    for (const [event, call] of [
      ['end', 'destroySoon'],
      ['error', 'resetAndDestroy'],
    ] as const) {
      const { sendLine, current, sender } = await opened();
      sendLine('b:1|c');
      await settle();
      current().emit(event, errorWithCode('ECONNRESET', 'reset'));
      expect([sender.state, current().calls.at(-1)]).toEqual(['backing-off', call]);
    }
  });

  test('proves after ten seconds that delivery works again', async () => {
    const { clock, answers, sendLine, begin, take, events } = start({ delivery: 'persistent' });
    answers.openError = 'ECONNREFUSED';
    sendLine('a:1|c');
    await settle();
    answers.openError = undefined;
    clock.advance(200);
    await begin();
    await take();
    clock.advance(9_950);
    sendLine('b:1|c');
    await settle();
    await take();
    expect(events).toEqual([
      { kind: 'outage', cause: 'ECONNREFUSED' },
      { kind: 'recovered', outageMillis: 10_200 },
    ]);
  });
});

describe('closing', () => {
  test('puts back what was not confirmed, ends the socket softly and waits for it', async () => {
    const { clock, sender, sendLine, begin, current, queue, ledger } = start();
    sendLine('a:1|c');
    await begin();
    let isClosed = false;
    const closed = sender.destroy().then(() => {
      isClosed = true;
    });
    await settle();
    expect([sender.state, queue.lines, ledger.inFlightLines, current().calls.at(-1)]).toEqual([
      ...['closed', 1, 0, 'destroySoon'],
    ]);
    expect([isClosed, clock.pendingMillis, clock.holdsProcess]).toEqual([false, [100], true]);
    current().emit('close');
    await closed;
  });

  test('waits for nothing while the name is looked up', async () => {
    const { clock, sender, sendLine, queue } = start();
    sendLine('a:1|c');
    await sender.destroy();
    expect([sender.state, clock.pendingMillis, queue.lines]).toEqual(['closed', [], 1]);
  });

  test('ends a back-off, and an answer that comes later changes nothing', async () => {
    const { clock, sender, answers, sendLine, asked, events } = start();
    answers.openError = 'ECONNREFUSED';
    sendLine('a:1|c');
    await settle();
    await sender.destroy();
    clock.advance(200);
    sender.retryNow();
    sendLine('b:1|c');
    await settle();
    expect([sender.state, asked.filter((each) => each === 'resolve').length, events.length]).toEqual([
      ...['closed', 1, 1],
    ]);
  });
});

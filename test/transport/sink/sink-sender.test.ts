// The states of a sender to a sink, with a sink that does as the test says.
import { expect, test } from 'vitest';
import type { Chunk } from '../../../src/transport/packing/chunk.js';
import { ChunkQueue } from '../../../src/transport/queue/chunk-queue.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { type Sink, type SinkResult, WRITTEN } from '../../../src/transport/sink/sink.js';
import { SinkSender } from '../../../src/transport/sink/sink-sender.js';
import type { TransportEvent } from '../../../src/transport/transport.js';
import { FakeClock } from '../../support/fake-clock.js';
import { chunkOf } from '../../support/lines.js';
import { transportOptions } from '../../support/transports.js';

const STALL_MILLIS = 30_000;

class FakeSink implements Sink {
  permanentFailure: 'stream_closed' | undefined;
  readonly keepsBytes = true;
  isClosed = false;
  readonly written: string[] = [];
  #complete: (result: SinkResult) => void = () => {};

  write({ bytes }: Chunk): Promise<SinkResult> {
    this.written.push(bytes.toString().trimEnd());
    return new Promise((resolve) => {
      this.#complete = resolve;
    });
  }

  /** Ends the write that is under way. */
  async complete(result: SinkResult): Promise<void> {
    this.#complete(result);
    await settle();
  }

  close(): void {
    this.isClosed = true;
  }
}

function start({
  random = (): number => 0,
  clock = new FakeClock(),
  sink = new FakeSink(),
  onEvent = (_event: TransportEvent): void => {},
} = {}) {
  const events: TransportEvent[] = [];
  const options = transportOptions({
    destination: { protocol: 'lines', sink: () => {} },
    ...{ clock, random },
    stallTimeoutMillis: STALL_MILLIS,
    onEvent: (event) => {
      events.push(event);
      onEvent(event);
    },
  });
  const queue = new ChunkQueue(options);
  const ledger = new Ledger();
  const sender = new SinkSender(queue, ledger, options, sink);
  return {
    clock,
    events,
    ledger,
    queue,
    sink,
    sender,
    send: async (line: string) => {
      const chunk = chunkOf([line]);
      queue.offer(chunk, clock.now());
      ledger.accept(chunk.lines, chunk.bytes.length);
      sender.notify();
      await settle();
    },
  };
}

/** Longer than any chain of promises here. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a sender to a sink is idle, sends one chunk after the other, and is idle again', async () => {
  const { sink, sender, send, ledger, clock } = start();
  expect(sender.state).toBe('idle');
  await send('a:1|c');
  await send('b:1|c');
  expect({ state: sender.state, written: sink.written, pendingMillis: clock.pendingMillis }).toEqual({
    state: 'sending',
    written: ['a:1|c'],
    pendingMillis: [STALL_MILLIS],
  });
  await sink.complete(WRITTEN);
  expect({ state: sender.state, written: sink.written }).toEqual({
    state: 'sending',
    written: ['a:1|c', 'b:1|c'],
  });
  await sink.complete(WRITTEN);
  expect({ state: sender.state, lines: ledger.written.lines, pendingMillis: clock.pendingMillis }).toEqual({
    state: 'idle',
    lines: 2,
    pendingMillis: [],
  });
});

test.each<[SinkResult, { resent: number; duplicated: number }]>([
  [
    { kind: 'not-written', cause: 'ENOSPC' },
    { resent: 0, duplicated: 0 },
  ],
  [
    { kind: 'unknown', cause: 'EOTHER' },
    { resent: 1, duplicated: 1 },
  ],
])('after %o a sender to a sink backs off and writes the chunk again', async (failure, counts) => {
  const { clock, sink, sender, send, ledger, events } = start();
  await send('a:1|c');
  await sink.complete(failure);
  expect({ state: sender.state, pendingMillis: clock.pendingMillis }).toEqual({
    state: 'backing-off',
    pendingMillis: [100],
  });
  clock.advance(100);
  await settle();
  expect({ state: sender.state, written: sink.written }).toEqual({
    state: 'sending',
    written: ['a:1|c', 'a:1|c'],
  });
  await sink.complete(WRITTEN);
  const { resentLines: resent, maybeDuplicatedLines: duplicated, backoffMillis } = ledger;
  expect({ state: sender.state, resent, duplicated, backoffMillis }).toEqual({
    state: 'idle',
    ...counts,
    backoffMillis: 100,
  });
  expect(events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
});

test('a flush that waits ends the back-off of a sender to a sink', async () => {
  const { clock, sink, sender, send } = start();
  await send('a:1|c');
  await sink.complete({ kind: 'not-written', cause: 'ENOSPC' });
  sender.retryNow();
  await settle();
  expect({ state: sender.state, writtenCount: sink.written.length, now: clock.now() }).toEqual({
    state: 'sending',
    writtenCount: 2,
    now: 0,
  });
});

test('after a permanent failure a sender to a sink drops everything and is idle', async () => {
  const { clock, sink, sender, send, ledger, queue, events } = start();
  await send('a:1|c');
  await send('b:1|c');
  sink.permanentFailure = 'stream_closed';
  await sink.complete({ kind: 'unknown', cause: 'EPIPE' });
  expect({
    state: sender.state,
    permanentFailure: sender.permanentFailure,
    dropped: ledger.dropped,
    pendingMillis: clock.pendingMillis,
  }).toEqual({
    state: 'idle',
    permanentFailure: 'stream_closed',
    dropped: { stream_closed: 2 },
    pendingMillis: [],
  });
  expect({ heldBytes: queue.heldBytes, events }).toEqual({
    heldBytes: 0,
    events: [{ kind: 'permanent-failure', cause: 'EPIPE' }],
  });
});

test.each(['idle', 'sending', 'backing-off'] as const)(
  'a sender to a sink that is closed while it is %s puts its chunk back and stays closed',
  async (state) => {
    const { clock, sink, sender, send, ledger, queue } = start();
    if (state !== 'idle') await send('a:1|c');
    if (state === 'backing-off') await sink.complete({ kind: 'not-written', cause: 'ENOSPC' });
    expect(sender.state).toBe(state);
    await sender.destroy();
    await settle();
    await sink.complete(WRITTEN);
    await send('late:1|c');
    expect({
      state: sender.state,
      isClosed: sink.isClosed,
      pendingMillis: clock.pendingMillis,
      inFlightLines: ledger.inFlightLines,
    }).toEqual({ state: 'closed', isClosed: true, pendingMillis: [], inFlightLines: 0 });
    expect([queue.lines, ledger.written.lines, sink.written.length]).toEqual(
      state === 'idle' ? [1, 0, 0] : [2, 0, 1],
    );
  },
);

test('a sender to a sink knows when the oldest of what is under way was queued', async () => {
  const { clock, sender, sink, send } = start();
  expect(sender.oldestEnqueuedAt).toBeUndefined();
  clock.advance(5);
  await send('a:1|c');
  clock.advance(5);
  await send('b:1|c');
  expect(sender.oldestEnqueuedAt).toBe(5);
  await sink.complete(WRITTEN);
  expect(sender.oldestEnqueuedAt).toBe(10);
});

test('a sender to a sink waits longer after each failure in a row', async () => {
  const { clock, sink, send } = start({ random: () => 1 });
  await send('a:1|c');
  const delays: number[] = [];
  for (let failure = 0; failure < 3; failure += 1) {
    await sink.complete({ kind: 'not-written', cause: 'EAGAIN' });
    delays.push(clock.pendingMillis[0]!);
    clock.advance(delays.at(-1)!);
    await settle();
  }
  await sink.complete(WRITTEN);
  await send('b:1|c');
  await sink.complete({ kind: 'not-written', cause: 'EAGAIN' });
  expect([delays, clock.pendingMillis]).toEqual([[200, 400, 800], [200]]);
});

test.each([
  [0, [6]],
  [0.125, [2, 2, 2]],
  [0.25, [1, 1, 1, 1, 1, 1]],
])('writes of %d ms each are interrupted by the event loop after %j of them', async (millis, expected) => {
  const clock = new FakeClock();
  let turn = 0;
  const turns: number[] = [];
  class QuickSink extends FakeSink {
    override async write(): Promise<SinkResult> {
      clock.advance(millis);
      turns.push(turn);
      return WRITTEN;
    }
  }
  const { queue, sender } = start({ clock, sink: new QuickSink() });
  for (let line = 0; line < 6; line += 1) queue.offer(chunkOf([`c${line}:1|c`]), clock.now());
  sender.notify();
  while (sender.state !== 'idle') {
    await new Promise((resolve) => setImmediate(resolve));
    turn += 1;
  }
  const writesByTurn = [...new Set(turns)].map((each) => turns.filter((other) => other === each).length);
  expect(writesByTurn).toEqual(expected);
});

test('a sender that is destroyed when it reports a failure does not back off', async () => {
  const started = start({ onEvent: () => void started.sender.destroy() });
  const { clock, sink, sender, send } = started;
  await send('a:1|c');
  await sink.complete({ kind: 'unknown', cause: 'EOTHER' });
  expect({ state: sender.state, pendingMillis: clock.pendingMillis }).toEqual({
    state: 'closed',
    pendingMillis: [],
  });
});

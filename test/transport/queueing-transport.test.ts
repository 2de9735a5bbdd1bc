// What all transports share, with a sender that does as the test says.
import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../src/transport/packing/chunk.js';
import type { ChunkQueue } from '../../src/transport/queue/chunk-queue.js';
import type { Ledger } from '../../src/transport/queue/delivery-ledger.js';
import { QueueingTransport, type Sender } from '../../src/transport/queueing-transport.js';
import type { LineDropReason, TransportEvent, TransportState } from '../../src/transport/transport.js';
import { FakeClock } from '../support/fake-clock.js';
import { chunkOf, longLines } from '../support/lines.js';
import { transportOptions } from '../support/transports.js';

/** Takes nothing by itself. */
class FakeSender implements Sender {
  state: TransportState = 'idle';
  oldestEnqueuedAt: number | undefined;
  permanentFailure: LineDropReason | undefined;
  readonly calls: string[] = [];
  closed: Promise<void> = Promise.resolve();

  notify(chunk: Chunk): void {
    this.calls.push(`notify ${chunk.lines}`);
  }

  retryNow(): void {
    this.calls.push('retryNow');
  }

  async destroy(): Promise<void> {
    this.calls.push('destroy');
    await this.closed;
    this.state = 'closed';
  }
}

function start({
  maxQueueBytes = 1_000,
  softQueueBytes = 500,
  onEvent = (_event: TransportEvent) => {},
} = {}) {
  const clock = new FakeClock();
  const events: TransportEvent[] = [];
  const sender = new FakeSender();
  const parts: { queue?: ChunkQueue; ledger?: Ledger } = {};
  let traced = true;
  const isTracing: boolean[] = [];
  const below: boolean[] = [];
  const transport = new QueueingTransport(
    transportOptions({
      destination: { protocol: 'lines', sink: () => {} },
      ...{ maxQueueBytes, softQueueBytes, clock },
      withoutTracing: (run) => {
        traced = false;
        try {
          return run();
        } finally {
          traced = true;
        }
      },
      onEvent: (event) => {
        events.push(event);
        onEvent(event);
      },
      onBelowSoftLimit: () => below.push(true),
    }),
    (queue, ledger, options) => {
      Object.assign(parts, { queue, ledger });
      options.onEvent({ kind: 'outage', cause: 'by the sender' });
      const { notify, destroy, retryNow } = sender;
      Object.assign(sender, {
        notify: (chunk: Chunk) => {
          isTracing.push(traced);
          notify.call(sender, chunk);
        },
        retryNow: () => {
          isTracing.push(traced);
          retryNow.call(sender);
        },
        destroy: () => {
          isTracing.push(traced);
          return destroy.call(sender);
        },
      });
      return sender;
    },
  );
  /** Delivers the oldest chunk. */
  const deliver = (): void => {
    const [chunk] = parts.queue!.take(1);
    parts.ledger!.write(chunk!.lines, chunk!.bytes.length);
    parts.queue!.release(chunk!);
  };
  return { clock, events, sender, transport, deliver, isTracing, below };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a transport', () => {
  test('queues chunks, tells its sender without tracing, and counts them', () => {
    const { clock, sender, transport, isTracing } = start();
    clock.advance(5);
    expect(transport.send(chunkOf(['a:1|c', 'b:1|c']))).toBeUndefined();
    clock.advance(7);
    expect(transport.send(chunkOf(['c:1|c']))).toBeUndefined();
    expect([sender.calls, isTracing, transport.heldBytes()]).toEqual([
      ['notify 2', 'notify 1'],
      [false, false],
      18,
    ]);
    expect(transport.stats()).toMatchObject({
      ...{ state: 'idle', offeredLines: 3, offeredBytes: 18, droppedLines: {} },
      ...{ queuedLines: 3, queuedBytes: 18, oldestQueuedMillis: 7 },
    });
    sender.oldestEnqueuedAt = 2;
    sender.state = 'sending';
    expect(transport.stats()).toMatchObject({ state: 'sending', oldestQueuedMillis: 10 });
  });

  test('rejects a chunk for which its queue has no room, and reports it with the limit', async () => {
    const { sender, transport, events } = start({ maxQueueBytes: 150 });
    expect(transport.send(chunkOf(longLines(1)))).toBeUndefined();
    expect(transport.send(chunkOf(longLines(1)))).toBe('queue_full');
    expect([transport.stats().droppedLines, sender.calls]).toEqual([{ queue_full: 1 }, ['notify 1']]);
    await settle();
    expect(events.slice(1)).toEqual([
      { kind: 'lines-dropped', reason: 'queue_full', lines: 1, limitBytes: 150 },
    ]);
  });

  test('rejects everything once its sender can deliver nothing more', () => {
    const { sender, transport } = start();
    sender.permanentFailure = 'stream_closed';
    expect(transport.send(chunkOf(['a:1|c', 'b:1|c']))).toBe('stream_closed');
    expect(transport.stats()).toMatchObject({
      ...{ offeredLines: 2, offeredBytes: 12, droppedLines: { stream_closed: 2 }, queuedLines: 0 },
    });
    expect(sender.calls).toEqual([]);
  });

  test('counts and reports what cannot be packed', async () => {
    const { transport, events } = start();
    transport.reject({ reason: 'too_large', lines: 1, bytes: 9_000, limitBytes: 8_192, metric: 'a.b' });
    expect(transport.stats()).toMatchObject({
      ...{ offeredLines: 1, offeredBytes: 9_000, droppedLines: { too_large: 1 } },
    });
    await settle();
    expect(events.slice(1)).toEqual([
      {
        ...{ kind: 'lines-dropped', reason: 'too_large', lines: 1 },
        ...{ bytes: 9_000, limitBytes: 8_192, metric: 'a.b' },
      },
    ]);
  });

  test('is over its soft limit until enough is delivered', async () => {
    const { transport, deliver, below } = start({ softQueueBytes: 10 });
    transport.send(chunkOf(['a:1|c']));
    expect(transport.isOverSoftLimit()).toBe(false);
    transport.send(chunkOf(['b:1|c']));
    expect([transport.isOverSoftLimit(), below]).toEqual([true, []]);
    deliver();
    await settle();
    expect([transport.isOverSoftLimit(), below]).toEqual([false, [true]]);
  });

  test('goes on when the listener of its events throws', () => {
    const { transport } = start({
      onEvent: () => {
        throw new Error('no');
      },
    });
    expect(transport.send(chunkOf(['a:1|c']))).toBeUndefined();
  });
});

describe('a flush', () => {
  test('of nothing ends at once, and hurries no sender', async () => {
    const { sender, transport } = start();
    expect([await transport.flush(1_000), sender.calls]).toEqual([true, []]);
  });

  test('has the sender try at once, and ends when everything before it is delivered', async () => {
    const { sender, transport, deliver, isTracing } = start();
    transport.send(chunkOf(['a:1|c']));
    const flushed = transport.flush(1_000);
    transport.send(chunkOf(['b:1|c']));
    expect([sender.calls, isTracing]).toEqual([
      ['notify 1', 'retryNow', 'notify 1'],
      [false, false, false],
    ]);
    deliver();
    expect([await flushed, transport.stats().queuedLines]).toEqual([true, 1]);
  });

  test('ends at its deadline, which is counted', async () => {
    const { clock, transport } = start();
    transport.send(chunkOf(['a:1|c']));
    const flushed = transport.flush(1_000);
    clock.advance(1_000);
    expect([await flushed, transport.stats()]).toMatchObject([
      false,
      { flushDeadlinesMissed: 1, queuedLines: 1 },
    ]);
  });
});

describe('close()', () => {
  test('drops what is left at its deadline, holds no more of it, and waits for its sender', async () => {
    const { clock, sender, transport, events, isTracing } = start();
    transport.send(chunkOf(['a:1|c', 'b:1|c']));
    let end = (): void => {};
    sender.closed = new Promise((resolve) => {
      end = resolve;
    });
    const closed = transport.close(1_000);
    expect(transport.close(1)).toBe(closed);
    expect(transport.send(chunkOf(['late:1|c']))).toBe('shutdown');
    await settle();
    expect(sender.calls).toEqual(['notify 2', 'retryNow']);
    clock.advance(1_000);
    await settle();
    expect([sender.calls.at(-1), isTracing.at(-1), transport.heldBytes()]).toEqual(['destroy', false, 0]);
    end();
    await closed;
    expect(transport.stats()).toMatchObject({
      ...{ state: 'closed', droppedLines: { shutdown: 3 }, queuedLines: 0, queuedBytes: 0 },
      ...{ oldestQueuedMillis: 0, flushDeadlinesMissed: 1 },
    });
    expect(events.slice(1)).toEqual([
      { kind: 'lines-dropped', reason: 'shutdown', lines: 1 },
      { kind: 'lines-dropped', reason: 'shutdown', lines: 2 },
    ]);
  });
});

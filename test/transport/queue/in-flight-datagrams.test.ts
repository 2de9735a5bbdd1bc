import { describe, expect, test } from 'vitest';
import { ChunkQueue } from '../../../src/transport/queue/chunk-queue.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { InFlightDatagrams } from '../../../src/transport/queue/in-flight-datagrams.js';
import { chunkOf } from '../../support/lines.js';

interface Setup {
  readonly datagrams: InFlightDatagrams;
  readonly ledger: Ledger;
  readonly queue: ChunkQueue;
  /** Where the lines are. */
  readonly places: () => Record<string, unknown>;
}

/** Two chunks of two payloads of one line each, enqueued at 5 and 6. */
function start(): Setup {
  const queue = new ChunkQueue({ maxQueueBytes: 1_000, softQueueBytes: 1_000, onBelowSoftLimit: () => {} });
  const ledger = new Ledger();
  for (const [index, lines] of [
    ['a:1|c', 'b:22|c'],
    ['c:1|c', 'd:1|c'],
  ].entries()) {
    const chunk = chunkOf(lines, { maxPayloadBytes: 7 });
    queue.offer(chunk, 5 + index);
    ledger.accept(chunk.lines, chunk.bytes.length);
  }
  return {
    datagrams: new InFlightDatagrams(queue, ledger),
    ledger,
    queue,
    places: () => {
      const { writtenLines, writtenBytes, droppedLines, inFlightLines } = ledger.counts();
      const { lines: queuedLines, heldBytes } = queue;
      return { queuedLines, heldBytes, inFlightLines, writtenLines, writtenBytes, droppedLines };
    },
  };
}

const texts = (taken: readonly { readonly bytes: Uint8Array }[]): string[] =>
  taken.map(({ bytes }) => Buffer.from(bytes).toString());

describe('datagrams in flight', () => {
  test('are taken from several chunks in order', () => {
    const { datagrams } = start();
    datagrams.fill(3);
    expect({ sizes: datagrams.sizes(3), pendingBytes: datagrams.pendingBytes }).toEqual({
      sizes: [6, 7, 6],
      pendingBytes: 25,
    });
    expect(texts(datagrams.take(3))).toEqual(['a:1|c\n', 'b:22|c\n', 'c:1|c\n']);
    expect({
      sizes: datagrams.sizes(3),
      pendingBytes: datagrams.pendingBytes,
      isEmpty: datagrams.isEmpty,
    }).toEqual({ sizes: [6], pendingBytes: 6, isEmpty: false });
    expect({ taken: texts(datagrams.take(3)), isEmpty: datagrams.isEmpty }).toEqual({
      taken: ['d:1|c\n'],
      isEmpty: true,
    });
  });

  test('take no more chunks out of the queue than needed', () => {
    const { datagrams, places } = start();
    datagrams.fill(2);
    expect({ pendingBytes: datagrams.pendingBytes, places: places() }).toEqual({
      pendingBytes: 25,
      places: {
        queuedLines: 2,
        heldBytes: 25,
        inFlightLines: 2,
        writtenLines: 0,
        writtenBytes: 0,
        droppedLines: {},
      },
    });
  });

  test('free their room in the queue once all payloads of a chunk are settled, and count each by its outcome', () => {
    const { datagrams, places } = start();
    datagrams.fill(4);
    const [first, ...others] = datagrams.take(4);
    datagrams.settle([first!], 'too_large');
    expect({ places: places(), oldestEnqueuedAt: datagrams.oldestEnqueuedAt }).toEqual({
      places: {
        queuedLines: 0,
        heldBytes: 25,
        inFlightLines: 3,
        writtenLines: 0,
        writtenBytes: 0,
        droppedLines: { too_large: 1 },
      },
      oldestEnqueuedAt: 5,
    });
    datagrams.settle(others.slice(0, 2), 'written');
    expect({ places: places(), oldestEnqueuedAt: datagrams.oldestEnqueuedAt }).toEqual({
      places: {
        queuedLines: 0,
        heldBytes: 12,
        inFlightLines: 1,
        writtenLines: 2,
        writtenBytes: 13,
        droppedLines: { too_large: 1 },
      },
      oldestEnqueuedAt: 6,
    });
  });

  test('free their room before a waiting flush resolves', async () => {
    const { datagrams, ledger, queue } = start();
    const clock = { now: () => 0, after: () => ({ cancel: () => {} }) };
    const held = ledger.whenSettled(1_000, clock).then(() => queue.heldBytes);
    datagrams.fill(4);
    datagrams.settle(datagrams.take(4), 'written');
    expect(await held).toBe(0);
  });

  test('that a socket refuses are told with the error and their bytes, others without', () => {
    const losses: unknown[] = [];
    const queue = new ChunkQueue({ maxQueueBytes: 99, softQueueBytes: 99, onBelowSoftLimit: () => {} });
    queue.offer(chunkOf(['a:1|c', 'b:22|c'], { maxPayloadBytes: 7 }), 5);
    const datagrams = new InFlightDatagrams(queue, new Ledger((loss) => losses.push(loss)));
    const before = datagrams.oldestEnqueuedAt;
    datagrams.fill(2);
    datagrams.settle(datagrams.take(1), 'udp_error', 'EINVAL');
    datagrams.settle(datagrams.take(1), 'shutdown');
    datagrams.dropAll();
    expect({ before, losses }).toStrictEqual({
      before: undefined,
      losses: [
        { code: 'EINVAL', bytes: 6, reason: 'udp_error', lines: 1 },
        { reason: 'shutdown', lines: 1 },
      ],
    });
  });

  test('release the memory of a chunk once all of it is settled, if it is to be released', () => {
    const released: string[] = [];
    const queue = new ChunkQueue({ maxQueueBytes: 99, softQueueBytes: 99, onBelowSoftLimit: () => {} });
    const chunk = chunkOf(['a:1|c', 'b:22|c'], { maxPayloadBytes: 7 });
    queue.offer({ ...chunk, release: () => released.push('released') }, 5);
    queue.offer({ bytes: chunk.bytes, lines: chunk.lines, kind: chunk.kind, bounds: chunk.bounds }, 6);
    const datagrams = new InFlightDatagrams(queue, new Ledger());
    datagrams.fill(4);
    datagrams.settle(datagrams.take(1), 'written');
    const early = released.length;
    datagrams.settle(datagrams.take(3), 'written');
    expect({ early, released, isEmpty: datagrams.isEmpty }).toEqual({
      early: 0,
      released: ['released'],
      isEmpty: true,
    });
  });

  test('that were put back are taken before all others', () => {
    const { datagrams } = start();
    datagrams.fill(4);
    const taken = datagrams.take(3);
    datagrams.settle(taken.slice(1, 2), 'written');
    datagrams.putBack([taken[0]!, taken[2]!]);
    expect({ taken: texts(datagrams.take(4)), pendingBytes: datagrams.pendingBytes }).toEqual({
      taken: ['a:1|c\n', 'c:1|c\n', 'd:1|c\n'],
      pendingBytes: 0,
    });
  });

  test('that were not sent count as dropped when all are dropped', () => {
    const { datagrams, places } = start();
    datagrams.fill(2);
    datagrams.settle(datagrams.take(1), 'written');
    datagrams.dropAll();
    expect(places()).toEqual({
      queuedLines: 2,
      heldBytes: 12,
      inFlightLines: 0,
      writtenLines: 1,
      writtenBytes: 6,
      droppedLines: { shutdown: 1 },
    });
  });
});

import { describe, expect, test } from 'vitest';
import { ChunkQueue } from '../../../src/transport/queue/chunk-queue.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { Segment } from '../../../src/transport/queue/in-flight-segment.js';
import { chunkOf } from '../../support/lines.js';

interface Setup {
  readonly segment: Segment;
  /** The counts of lines by place. */
  readonly counts: () => Record<string, unknown>;
}

/** A queue of three chunks of one line and six bytes each, the second with a gauge. */
function start(onUnconfirmed: 'resend' | 'drop' = 'resend'): Setup {
  const queue = new ChunkQueue({ maxQueueBytes: 1_000, softQueueBytes: 1_000, onBelowSoftLimit: () => {} });
  const ledger = new Ledger();
  for (const chunk of [chunkOf(['a:1|c']), chunkOf(['b:1|g'], { kind: 'idempotent' }), chunkOf(['c:1|c'])]) {
    queue.offer(chunk, 5);
    ledger.accept(chunk.lines, chunk.bytes.length);
  }
  return {
    segment: new Segment(queue, ledger, { keepsBytes: false, onUnconfirmed }),
    counts: () => {
      const { writtenLines, confirmedLines, droppedLines, inFlightLines, resentLines, maybeDuplicatedLines } =
        ledger.counts();
      const queued = { queuedLines: queue.lines, heldBytes: queue.heldBytes };
      return {
        ...queued,
        inFlightLines,
        writtenLines,
        confirmedLines,
        droppedLines,
        resentLines,
        maybeDuplicatedLines,
      };
    },
  };
}

const nothing = {
  queuedLines: 0,
  heldBytes: 0,
  inFlightLines: 0,
  writtenLines: 0,
  confirmedLines: 0,
  droppedLines: {},
  resentLines: 0,
  maybeDuplicatedLines: 0,
};

describe('a segment', () => {
  test('yields chunks up to a size together, but its last chunk by itself', () => {
    const { segment } = start();
    const sizes = (maxBytes: number): number[] =>
      segment.nextWithin(maxBytes).map(({ bytes }) => bytes.length);
    expect(sizes(100)).toEqual([]);
    segment.fill(18);
    expect([sizes(1), sizes(11), sizes(12), sizes(100)]).toEqual([[6], [6], [6, 6], [6, 6]]);
    segment.markWritten(2);
    expect(sizes(100)).toEqual([6]);
    segment.markWritten();
    expect(sizes(100)).toEqual([]);
  });

  test('yields no more than the size that is asked for', () => {
    const queue = new ChunkQueue({ maxQueueBytes: 1_000, softQueueBytes: 1_000, onBelowSoftLimit: () => {} });
    const segment = new Segment(queue, new Ledger(), { keepsBytes: false, onUnconfirmed: 'resend' });
    for (let index = 0; index < 6; index += 1) queue.offer(chunkOf(['a:1|c']), 0);
    segment.fill(100);
    expect([12, 17, 18, 24].map((maxBytes) => segment.nextWithin(maxBytes).length)).toEqual([2, 2, 3, 4]);
  });

  test('is delivered once, with its bytes, and not at all while it is empty', () => {
    const queue = new ChunkQueue({ maxQueueBytes: 1_000, softQueueBytes: 1_000, onBelowSoftLimit: () => {} });
    const ledger = new Ledger();
    const segment = new Segment(queue, ledger, { keepsBytes: false, onUnconfirmed: 'resend' });
    segment.settleConfirmed();
    segment.settleWritten();
    expect(queue.deliveries).toBe(0);
    for (let index = 0; index < 2; index += 1) queue.offer(chunkOf(['a:1|c']), 0);
    segment.fill(100);
    segment.settleConfirmed();
    expect([queue.deliveries, ledger.confirmed, ledger.written]).toEqual([
      ...[1, { lines: 2, bytes: 12 }, { lines: 0, bytes: 0 }],
    ]);
  });

  test('is empty until it is filled, then yields its chunks in order', () => {
    const { segment, counts } = start();
    expect({
      isEmpty: segment.isEmpty,
      next: segment.next,
      oldestEnqueuedAt: segment.oldestEnqueuedAt,
    }).toEqual({ isEmpty: true, next: undefined, oldestEnqueuedAt: undefined });
    segment.fill(12);
    expect(counts()).toEqual({ ...nothing, queuedLines: 1, heldBytes: 18, inFlightLines: 2 });
    const seen: unknown[] = [];
    while (segment.next !== undefined) {
      seen.push([segment.next.bytes.toString(), segment.remaining, segment.hasWritten]);
      segment.markWritten();
    }
    segment.markWritten();
    expect({
      seen,
      remaining: segment.remaining,
      isEmpty: segment.isEmpty,
      oldestEnqueuedAt: segment.oldestEnqueuedAt,
    }).toEqual({
      seen: [
        ['a:1|c\n', 2, false],
        ['b:1|g\n', 1, true],
      ],
      remaining: 0,
      isEmpty: false,
      oldestEnqueuedAt: 5,
    });
  });

  test('counts its lines as confirmed or written, once, and releases its chunks', () => {
    const { segment, counts } = start();
    segment.fill(12);
    segment.settleConfirmed();
    expect(counts()).toEqual({ ...nothing, queuedLines: 1, heldBytes: 6, confirmedLines: 2 });
    segment.fill(12);
    segment.settleWritten();
    expect(counts()).toEqual({ ...nothing, confirmedLines: 2, writtenLines: 1 });
    expect(segment.isEmpty).toBe(true);
  });

  test('that was not sent goes back to the queue, and counts no duplicates when it is sent later', () => {
    const { segment, counts } = start();
    segment.fill(12);
    segment.markWritten();
    segment.requeue();
    expect(counts()).toEqual({ ...nothing, queuedLines: 3, heldBytes: 18 });
    segment.fill(18);
    segment.markWritten();
    expect(counts()).toEqual({ ...nothing, heldBytes: 18, inFlightLines: 3 });
  });

  test('that may have been read goes back to the queue; what is written again counts as resent, and its counters as possible duplicates', () => {
    const { segment, counts } = start();
    segment.fill(18);
    segment.markWritten();
    segment.markWritten();
    segment.resendOrDrop();
    expect(counts()).toEqual({ ...nothing, queuedLines: 3, heldBytes: 18 });
    segment.fill(18);
    for (let count = 0; count < 3; count += 1) segment.markWritten();
    expect(counts()).toEqual({
      ...nothing,
      heldBytes: 18,
      inFlightLines: 3,
      resentLines: 2,
      maybeDuplicatedLines: 1,
    });
  });

  test('that may have been read drops its additive lines when `onUnconfirmed` is `drop`', () => {
    const { segment, counts } = start('drop');
    segment.fill(18);
    for (let count = 0; count < 3; count += 1) segment.markWritten();
    segment.resendOrDrop();
    expect(counts()).toEqual({ ...nothing, queuedLines: 1, heldBytes: 6, droppedLines: { unknown: 2 } });
  });

  test('is quarantined when its chunk may be what breaks connections', () => {
    const queue = new ChunkQueue({ maxQueueBytes: 999, softQueueBytes: 999, onBelowSoftLimit: () => {} });
    const segment = new Segment(queue, new Ledger(), { keepsBytes: false, onUnconfirmed: 'resend' });
    queue.offer(chunkOf(['a:1|c', 'b:1|c'], { maxPayloadBytes: 10 }), 0);
    const seen = [segment.isQuarantined];
    for (let sends = 0; sends < 5; sends += 1) {
      segment.fill(12);
      seen.push(segment.isQuarantined);
      segment.markWritten();
      segment.resendOrDrop();
    }
    expect(seen).toEqual([false, false, false, false, false, true]);
  });

  test.each([
    [false, ['confirmed', 'written']],
    [true, []],
  ])('releases the memory of its chunks, unless the consumer keeps the bytes: %s', (keepsBytes, expected) => {
    const queue = new ChunkQueue({ maxQueueBytes: 99, softQueueBytes: 99, onBelowSoftLimit: () => {} });
    const segment = new Segment(queue, new Ledger(), { keepsBytes, onUnconfirmed: 'resend' });
    const released: string[] = [];
    const { bytes, lines, kind, bounds } = chunkOf(['a:1|c']);
    queue.offer({ bytes, lines, kind, bounds, release: () => released.push('confirmed') }, 5);
    queue.offer({ bytes, lines, kind, bounds, release: () => released.push('written') }, 5);
    queue.offer({ bytes, lines, kind, bounds }, 5);
    segment.fill(1);
    segment.settleConfirmed();
    segment.fill(1);
    segment.settleWritten();
    segment.fill(1);
    segment.settleWritten();
    expect({ released, heldBytes: queue.heldBytes }).toEqual({ released: expected, heldBytes: 0 });
  });

  test('that breaks its connections goes behind others, and is poison once it did so after four deliveries', () => {
    const queue = new ChunkQueue({ maxQueueBytes: 999, softQueueBytes: 999, onBelowSoftLimit: () => {} });
    const ledger = new Ledger();
    const segment = new Segment(queue, ledger, { keepsBytes: false, onUnconfirmed: 'resend' });
    for (const name of ['bad', 'a', 'b', 'c', 'd', 'e']) queue.offer(chunkOf([`${name}:1|c`]), 0);
    const sent: string[] = [];
    while (!queue.isEmpty) {
      segment.fill(1);
      const name = segment.next!.bytes.toString().split(':')[0]!;
      sent.push(name);
      segment.markWritten();
      if (name === 'bad') segment.resendOrDrop();
      else segment.settleConfirmed();
    }
    const { confirmedLines, droppedLines, resentLines, maybeDuplicatedLines } = ledger.counts();
    expect({ sent, confirmedLines, droppedLines, resentLines, maybeDuplicatedLines }).toEqual({
      sent: ['bad', 'bad', 'bad', 'bad', 'a', 'bad', 'b', 'bad', 'c', 'bad', 'd', 'bad', 'e'],
      confirmedLines: 5,
      droppedLines: { poison: 1 },
      resentLines: 7,
      maybeDuplicatedLines: 7,
    });
  });

  test('that is written before its connections break is kept, however often that happens', () => {
    const { segment, counts } = start();
    for (let sends = 0; sends < 100; sends += 1) {
      segment.fill(18);
      while (segment.next !== undefined) segment.markWritten();
      segment.resendOrDrop();
    }
    const { queuedLines, droppedLines } = counts() as { queuedLines: number; droppedLines: object };
    expect({ queuedLines, droppedLines }).toEqual({ queuedLines: 3, droppedLines: {} });
  });
});

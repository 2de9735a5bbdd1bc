import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../../src/transport/packing/chunk.js';
import { ChunkQueue, type QueueLimits } from '../../../src/transport/queue/chunk-queue.js';

function chunk(text: string): Chunk {
  const bytes = Buffer.from(text);
  return { bytes, lines: 1, kind: 'additive', bounds: [bytes.length, 1] };
}

function queueOf(limits: Partial<QueueLimits>): ChunkQueue {
  return new ChunkQueue({ maxQueueBytes: 100, softQueueBytes: 100, onBelowSoftLimit: () => {}, ...limits });
}

/** What the queue says of itself. */
function seen(queue: ChunkQueue): {
  chunks: number;
  lines: number;
  bytes: number;
  isEmpty: boolean;
  oldest: string | undefined;
} {
  const { chunks, lines, bytes, isEmpty, oldest } = queue;
  return { chunks, lines, bytes, isEmpty, oldest: oldest?.bytes.toString() };
}

const texts = (chunks: readonly Chunk[]): string[] => chunks.map(({ bytes }) => bytes.toString());

describe('the queue', () => {
  test('returns chunks oldest first', () => {
    const queue = queueOf({ maxQueueBytes: 100 });
    for (const text of ['aaaa', 'bbb', 'cc']) queue.offer(chunk(text), 7);
    expect(seen(queue)).toEqual({ chunks: 3, lines: 3, bytes: 9, isEmpty: false, oldest: 'aaaa' });
    expect(queue.take(Number.POSITIVE_INFINITY)).toEqual(
      ['aaaa', 'bbb', 'cc'].map((text) => ({
        ...chunk(text),
        enqueuedAt: 7,
        sends: 0,
      })),
    );
    expect(seen(queue)).toEqual({ chunks: 0, lines: 0, bytes: 0, isEmpty: true, oldest: undefined });
  });

  test('returns as many chunks as fit in the requested bytes, but at least one', () => {
    const queue = queueOf({ maxQueueBytes: 100 });
    for (const text of ['aaaa', 'bbb', 'cc', 'd']) queue.offer(chunk(text), 0);
    expect([queue.take(7), queue.take(1), queue.take(9), queue.take(9)].map(texts)).toEqual([
      ['aaaa', 'bbb'],
      ['cc'],
      ['d'],
      [],
    ]);
  });

  test('rejects a chunk that would exceed its limit, and accepts one that reaches it exactly', () => {
    const queue = queueOf({ maxQueueBytes: 7 });
    expect(
      [chunk('aaaa'), chunk('bbbb'), chunk('ccc'), chunk('d')].map((each) => queue.offer(each, 0)),
    ).toEqual([true, false, true, false]);
    expect(texts(queue.take(100))).toEqual(['aaaa', 'ccc']);
  });

  test('chunks taken out count towards the limit until they are released', () => {
    const queue = queueOf({ maxQueueBytes: 4 });
    queue.offer(chunk('aaaa'), 0);
    const [taken] = queue.take(4);
    expect(queue.offer(chunk('b'), 0)).toBe(false);
    queue.release(taken!);
    expect(queue.offer(chunk('bbbb'), 0)).toBe(true);
  });

  test('chunks that are put back are the oldest again, and do not count twice', () => {
    const queue = queueOf({ maxQueueBytes: 9 });
    for (const text of ['aaaa', 'bbb', 'cc']) queue.offer(chunk(text), 0);
    queue.putBack(queue.take(7));
    expect(seen(queue)).toEqual({ chunks: 3, lines: 3, bytes: 9, isEmpty: false, oldest: 'aaaa' });
    expect(queue.offer(chunk('d'), 0)).toBe(false);
    expect(texts(queue.take(100))).toEqual(['aaaa', 'bbb', 'cc']);
  });

  test('a quarantined chunk is taken by itself', () => {
    const queue = queueOf({});
    for (const text of ['aaaa', 'bbb', 'cc', 'd']) queue.offer(chunk(text), 0);
    const [first, second, ...others] = queue.takeAll();
    queue.putBack([first!, { ...second!, quarantine: { breaks: 0, deliveriesBefore: 0 } }, ...others]);
    expect([queue.take(100), queue.take(100), queue.take(100)].map(texts)).toEqual([
      ['aaaa'],
      ['bbb'],
      ['cc', 'd'],
    ]);
  });

  describe('with chunks that may be poison', () => {
    /** A queue whose first chunk is set aside. */
    function withOneAside(others: string[]): ChunkQueue {
      const queue = queueOf({});
      for (const text of ['poison', ...others]) queue.offer(chunk(text), text === 'poison' ? 1 : 2);
      const [first, ...rest] = queue.takeAll();
      queue.putBack(rest);
      queue.setAside([{ ...first!, quarantine: { breaks: 0, deliveriesBefore: 0 } }]);
      return queue;
    }

    test('counts them, the oldest included', () => {
      expect(seen(withOneAside(['a', 'b']))).toEqual({
        chunks: 3,
        lines: 3,
        bytes: 8,
        isEmpty: false,
        oldest: 'poison',
      });
      expect(seen(withOneAside([]))).toEqual({
        chunks: 1,
        lines: 1,
        bytes: 6,
        isEmpty: false,
        oldest: 'poison',
      });
    });

    test('sends others first as long as nothing is delivered, and the chunk when no other waits', () => {
      const queue = withOneAside(['a', 'b']);
      expect([queue.take(1), queue.take(1), queue.take(1), queue.take(1)].map(texts)).toEqual([
        ['a'],
        ['b'],
        ['poison'],
        [],
      ]);
    });

    test('sends the chunk after a delivery, in turn with others', () => {
      const queue = withOneAside(['a', 'b', 'c']);
      const taken = [texts(queue.take(1))];
      queue.recordDelivery();
      const suspect = queue.take(1);
      queue.setAside(suspect);
      taken.push(texts(suspect), texts(queue.take(1)), texts(queue.take(1)), texts(queue.take(1)));
      expect(taken).toEqual([['a'], ['poison'], ['b'], ['poison'], ['c']]);
    });

    test('sends others first when the chunk could not be sent', () => {
      const queue = withOneAside(['a', 'b']);
      queue.recordDelivery();
      const suspect = queue.take(1);
      queue.putBack(suspect);
      expect([suspect, queue.take(1), queue.take(1), queue.take(1)].map(texts)).toEqual([
        ['poison'],
        ['a'],
        ['poison'],
        ['b'],
      ]);
    });

    test('empties them with the others', () => {
      const queue = withOneAside(['a']);
      expect([texts(queue.takeAll()), seen(queue)]).toEqual([
        ['poison', 'a'],
        { chunks: 0, lines: 0, bytes: 0, isEmpty: true, oldest: undefined },
      ]);
    });
  });

  test('can be emptied as a whole', () => {
    const queue = queueOf({});
    for (const text of ['aaaa', 'bbb']) queue.offer(chunk(text), 0);
    expect([texts(queue.takeAll()), seen(queue), texts(queue.takeAll())]).toEqual([
      ['aaaa', 'bbb'],
      { chunks: 0, lines: 0, bytes: 0, isEmpty: true, oldest: undefined },
      [],
    ]);
  });

  test('is over its soft limit with chunks in flight included, and calls back once when it is below it again', async () => {
    const reported: boolean[] = [];
    const queue: ChunkQueue = queueOf({
      softQueueBytes: 7,
      onBelowSoftLimit: () => reported.push(queue.isOverSoftLimit),
    });
    queue.offer(chunk('aaaa'), 0);
    queue.offer(chunk('bbb'), 0);
    const before = queue.isOverSoftLimit;
    queue.offer(chunk('c'), 0);
    const taken = queue.take(100);
    expect({ before, isOverSoftLimit: queue.isOverSoftLimit, heldBytes: queue.heldBytes, reported }).toEqual({
      before: false,
      isOverSoftLimit: true,
      heldBytes: 8,
      reported: [],
    });
    for (const each of taken) queue.release(each);
    expect({ isOverSoftLimit: queue.isOverSoftLimit, heldBytes: queue.heldBytes, reported }).toEqual({
      isOverSoftLimit: false,
      heldBytes: 0,
      reported: [],
    });
    await Promise.resolve();
    expect(reported).toEqual([false]);
  });
});

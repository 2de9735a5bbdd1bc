import { describe, expect, test } from 'vitest';
import { CHUNK_BYTES, type Chunk, splitChunk } from '../../../src/transport/packing/chunk.js';
import { ChunkPacker } from '../../../src/transport/packing/chunk-packer.js';
import { ChunkPool } from '../../../src/transport/packing/chunk-pool.js';
import { ChunkQueue } from '../../../src/transport/queue/chunk-queue.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { Segment, type SegmentOptions } from '../../../src/transport/queue/in-flight-segment.js';

describe('the pool of chunk memory', () => {
  test('returns released memory, else new memory', () => {
    const pool = new ChunkPool();
    const first = pool.take();
    expect(pool.take()).not.toBe(first);
    pool.releaser(first)();
    expect(pool.take()).toBe(first);
    expect(pool.take()).not.toBe(first);
  });

  test('takes back the memory of a chunk once, however often it is released', () => {
    const pool = new ChunkPool();
    const memory = pool.take();
    const release = pool.releaser(memory);
    release();
    release();
    expect(pool.take()).toBe(memory);
    release();
    expect(pool.take()).not.toBe(memory);
  });

  test('keeps four megabytes at most', () => {
    const pool = new ChunkPool();
    const given = Array.from({ length: 70 }, () => pool.take());
    for (const memory of given) pool.releaser(memory)();
    const taken = Array.from({ length: 70 }, () => pool.take());
    expect(taken.filter((memory) => given.includes(memory)).length).toBe(64);
  });
});

describe('the memory of a chunk', () => {
  const memoryOf = ({ bytes }: Chunk): ArrayBufferLike => bytes.buffer;

  /** Chunks of 60,000 bytes each, one line after the other. */
  function fill(packer: ChunkPacker, text: string, count: number): Chunk[] {
    for (let index = 0; index < count; index += 1) packer.write(`${text.repeat(59_999)}\n`, 1, 'additive');
    return packer.take();
  }

  test('is reused once the chunk was released, and not before', () => {
    const packer = new ChunkPacker({ maxPayloadBytes: CHUNK_BYTES }, () => {});
    const [kept, spent] = fill(packer, 'a', 2);
    const [meanwhile] = fill(packer, 'b', 1);
    spent!.release?.();
    const later = fill(packer, 'c', 2);
    expect(later.map(memoryOf)).toContain(memoryOf(spent!));
    expect([...later, meanwhile!, spent!].map(memoryOf)).not.toContain(memoryOf(kept!));
    expect(kept!.bytes.toString()).toBe(`${'a'.repeat(59_999)}\n`);
    expect(meanwhile!.bytes.toString()).toBe(`${'b'.repeat(59_999)}\n`);
  });

  test('is not that of a small chunk, which is a copy', () => {
    const packer = new ChunkPacker({ maxPayloadBytes: CHUNK_BYTES }, () => {});
    packer.write('a:1|c\n', 1, 'additive');
    expect(packer.take()[0]?.release).toBeUndefined();
  });

  test('is kept by a chunk of three quarters of its size or more; a smaller one leaves it to the next', () => {
    const packer = new ChunkPacker({ maxPayloadBytes: CHUNK_BYTES }, () => {});
    const memory = packer.bytes('additive').bytes;
    const takeBytes = (bytes: number): [Chunk, Buffer] => {
      packer.write(`${'a'.repeat(bytes - 1)}\n`, 1, 'additive');
      return [packer.take()[0]!, packer.bytes('additive').bytes];
    };
    const [small, afterSmall] = takeBytes(49_151);
    expect([small.release, memoryOf(small) === memory.buffer, afterSmall === memory]).toEqual([
      undefined,
      false,
      true,
    ]);
    const [large, afterLarge] = takeBytes(49_152);
    expect([typeof large.release, memoryOf(large) === memory.buffer, afterLarge === memory]).toEqual([
      'function',
      true,
      false,
    ]);
  });

  test('is not released by a half of a split chunk', () => {
    const packer = new ChunkPacker({ maxPayloadBytes: CHUNK_BYTES, targetPayloadBytes: 10 }, () => {});
    for (let index = 0; index < 9; index += 1) packer.write(`${'a'.repeat(5_999)}\n`, 1, 'additive');
    const [chunk] = packer.take();
    const halves = splitChunk(chunk!);
    expect([typeof chunk?.release, halves?.map(({ release }) => release)]).toEqual([
      'function',
      [undefined, undefined],
    ]);
  });
});

describe('a segment', () => {
  function start(options: SegmentOptions): { segment: Segment; readonly released: () => number } {
    const queue = new ChunkQueue({ maxQueueBytes: 1_000, softQueueBytes: 1_000, onBelowSoftLimit: () => {} });
    let released = 0;
    const bytes = Buffer.from('a:1|c\n');
    const bounds = [bytes.length, 1];
    queue.offer({ bytes, lines: 1, kind: 'additive', bounds, release: () => (released += 1) }, 0);
    const segment = new Segment(queue, new Ledger(), options);
    segment.fill(1);
    segment.markWritten();
    return { segment, released: () => released };
  }

  test.each([
    ['confirmed', (segment: Segment) => segment.settleConfirmed()],
    ['written', (segment: Segment) => segment.settleWritten()],
  ])('that is %s returns its buffers to the pool, unless the consumer may retain them', (_what, settle) => {
    const released = [false, true].map((keepsBytes) => {
      const setup = start({ keepsBytes, onUnconfirmed: 'resend' });
      settle(setup.segment);
      return setup.released();
    });
    expect(released).toEqual([1, 0]);
  });

  test.each(['resend', 'drop'] as const)(
    'whose broken connection may still read its buffers never returns them to the pool (%s)',
    (onUnconfirmed) => {
      const { segment, released } = start({ keepsBytes: false, onUnconfirmed });
      segment.resendOrDrop();
      segment.fill(1);
      segment.markWritten();
      segment.settleConfirmed();
      expect(released()).toBe(0);
    },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CHUNK_BYTES,
  type Chunk,
  type LineKind,
  metricNameOf,
  payloadCount,
  payloadsOf,
  type Rejection,
} from '../../../src/transport/packing/chunk.js';
import { ChunkPacker } from '../../../src/transport/packing/chunk-packer.js';

interface Group {
  readonly text: string;
  readonly lines: number;
  readonly kind: LineKind;
}

interface Packed {
  readonly chunks: Chunk[];
  readonly rejected: Rejection[];
}

function pack(groups: readonly Group[], maxPayloadBytes: number, targetPayloadBytes?: number): Packed {
  const rejected: Packed['rejected'] = [];
  const packer = new ChunkPacker({ maxPayloadBytes, targetPayloadBytes }, (rejection) =>
    rejected.push(rejection),
  );
  for (const { text, lines, kind } of groups) packer.write(text, lines, kind);
  return { chunks: packer.take(), rejected };
}

const additive = (...lines: string[]): Group => ({
  text: lines.map((line) => `${line}\n`).join(''),
  lines: lines.length,
  kind: 'additive',
});
const idempotent = (...lines: string[]): Group => ({ ...additive(...lines), kind: 'idempotent' });

/** Kind, and text and line count of each payload, by chunk. */
function readable(
  chunks: readonly Chunk[],
): { kind: LineKind; lines: number; payloads: [string, number][] }[] {
  return chunks.map((chunk) => ({
    kind: chunk.kind,
    lines: chunk.lines,
    payloads: payloadsOf(chunk).map(({ bytes, lines }) => [bytes.toString(), lines]),
  }));
}

describe('packing', () => {
  test('fills payloads to the limit and starts the next where a line would exceed it', () => {
    const groups = ['a:1|c', 'b:2|c', 'c:3|c'].map((line) => additive(line));
    expect(readable(pack(groups, 12).chunks)).toEqual([
      {
        kind: 'additive',
        lines: 3,
        payloads: [
          ['a:1|c\nb:2|c\n', 2],
          ['c:3|c\n', 1],
        ],
      },
    ]);
  });

  test('keeps the two lines of a negative gauge in one payload', () => {
    const groups = [idempotent('a:1|g'), idempotent('b:0|g', 'b:-5|g')];
    expect(readable(pack(groups, 18).chunks)).toEqual([
      {
        kind: 'idempotent',
        lines: 3,
        payloads: [
          ['a:1|g\n', 1],
          ['b:0|g\nb:-5|g\n', 2],
        ],
      },
    ]);
  });

  test('keeps additive and idempotent lines apart, the idempotent last', () => {
    const groups = [idempotent('a:1|g'), additive('b:2|c'), idempotent('c:3|g')];
    expect(readable(pack(groups, 100).chunks)).toEqual([
      { kind: 'additive', lines: 1, payloads: [['b:2|c\n', 1]] },
      { kind: 'idempotent', lines: 2, payloads: [['a:1|g\nc:3|g\n', 2]] },
    ]);
  });

  test('measures bytes, not characters', () => {
    const groups = [additive('é:1|c'), additive('é:1|c')];
    expect(pack(groups, 13).chunks.map(payloadCount)).toEqual([2]);
    expect(pack(groups, 14).chunks.map(payloadCount)).toEqual([1]);
  });

  test('rejects a group that fits in no payload, and continues with the next', () => {
    const groups = [additive('too.long:1|c'), additive('a:1|c'), idempotent('b:0|g', 'b:-5|g')];
    expect(pack(groups, 12)).toEqual({
      chunks: pack([additive('a:1|c')], 12).chunks,
      rejected: [
        { reason: 'too_large', lines: 1, bytes: 13, limitBytes: 12, metric: 'too.long' },
        { reason: 'too_large', lines: 2, bytes: 13, limitBytes: 12, metric: 'b' },
      ],
    });
  });

  test('starts another chunk when one is full', () => {
    const line = `${'x'.repeat(CHUNK_BYTES / 4 - 5)}:1|c`;
    const { chunks } = pack(
      Array.from({ length: 5 }, () => additive(line)),
      CHUNK_BYTES,
    );
    expect(chunks.map(({ bytes, lines, bounds }) => [bytes.length, lines, bounds])).toEqual([
      [CHUNK_BYTES, 4, [CHUNK_BYTES, 4]],
      [CHUNK_BYTES / 4, 1, [CHUNK_BYTES / 4, 1]],
    ]);
  });

  test('never makes a payload larger than a chunk, whatever the limit', () => {
    const line = `${'x'.repeat(CHUNK_BYTES)}:1|c`;
    expect(pack([additive(line)], 10 * CHUNK_BYTES)).toEqual({
      chunks: [],
      rejected: [
        {
          reason: 'too_large',
          lines: 1,
          bytes: CHUNK_BYTES + 5,
          limitBytes: CHUNK_BYTES,
          metric: 'x'.repeat(200),
        },
      ],
    });
  });

  test('ends payloads at the target size where it has a choice, and only there', () => {
    const groups = ['a:1|c', 'b:2|c', 'longer.than.that:3|c', 'c:4|c'].map((line) => additive(line));
    expect(readable(pack(groups, 100, 12).chunks)).toEqual([
      {
        kind: 'additive',
        lines: 4,
        payloads: [
          ['a:1|c\nb:2|c\n', 2],
          ['longer.than.that:3|c\n', 1],
          ['c:4|c\n', 1],
        ],
      },
    ]);
  });

  test('makes a payload of each line that is longer than the target size, also of the first', () => {
    const groups = ['longer.than.that:1|c', 'longer.than.this:2|c'].map((line) => additive(line));
    const { chunks } = pack(groups, 100, 12);
    expect(chunks.map(({ lines, bounds }) => [lines, bounds])).toEqual([[2, [21, 1, 42, 1]]]);
  });

  test('accepts only whole lines, as many as announced', () => {
    const unwhole: [string, number][] = [
      ['', 1],
      ['a:1|c', 1],
      ['a:1|c\nb:2|c\n', 1],
      ['a:1|c\n', 2],
      ['a:1|c\nb:2|c', 1],
      ['a:1|c\nb:2|c', 2],
    ];
    const groups = unwhole.map(([text, lines]): Group => ({ text, lines, kind: 'additive' }));
    expect(pack([...groups, additive('good:1|c')], 100)).toEqual({
      chunks: pack([additive('good:1|c')], 100).chunks,
      rejected: unwhole.map(([text, lines]) => ({
        reason: 'invalid',
        lines,
        bytes: text.length,
        limitBytes: 100,
        metric: text === '' ? '' : 'a',
      })),
    });
  });

  test('returns each line once, and nothing when nothing was written', () => {
    const packer = new ChunkPacker({ maxPayloadBytes: 100 }, () => {});
    expect(packer.take()).toEqual([]);
    packer.write('a:1|c\n', 1, 'additive');
    const first = packer.take();
    packer.write('b:2|c\n', 1, 'additive');
    expect([first, packer.take(), packer.take()].map(readable)).toEqual([
      [{ kind: 'additive', lines: 1, payloads: [['a:1|c\n', 1]] }],
      [{ kind: 'additive', lines: 1, payloads: [['b:2|c\n', 1]] }],
      [],
    ]);
  });
});

const line = fc.string({ unit: fc.constantFrom('a', 'é', '🎉', '.', '7'), maxLength: 40 });
const group: fc.Arbitrary<Group> = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    kind: fc.constantFrom<LineKind>('additive', 'idempotent'),
  })
  .map(({ lines, kind }) => ({ ...additive(...lines), kind }));

test('keeps the limit, the order, the groups and the counts for any input', () => {
  fc.assert(
    fc.property(fc.array(group, { maxLength: 60 }), fc.integer({ min: 1, max: 200 }), (groups, limit) => {
      const { chunks, rejected } = pack(groups, limit);
      const fits = ({ text }: Group): boolean => Buffer.byteLength(text) <= limit;
      // Groups go into payloads in their order, as many as fit; this says so without offsets and buffers.
      const expected = (kind: LineKind): [string, number][] => {
        const payloads: [string, number][] = [];
        for (const { text, lines } of groups.filter((each) => each.kind === kind && fits(each))) {
          const last = payloads.at(-1);
          if (last === undefined || Buffer.byteLength(last[0] + text) > limit) payloads.push([text, lines]);
          else payloads.splice(-1, 1, [last[0] + text, last[1] + lines]);
        }
        return payloads;
      };
      const found = (kind: LineKind): [string, number][] =>
        readable(chunks.filter((chunk) => chunk.kind === kind)).flatMap(({ payloads }) => payloads);
      expect({ additive: found('additive'), idempotent: found('idempotent') }).toEqual({
        additive: expected('additive'),
        idempotent: expected('idempotent'),
      });
      expect(chunks.map(({ lines }) => lines)).toEqual(
        chunks.map((chunk) => payloadsOf(chunk).reduce((sum, payload) => sum + payload.lines, 0)),
      );
      expect(rejected).toEqual(
        groups
          .filter((each) => !fits(each))
          .map(({ text, lines }) => ({
            reason: 'too_large',
            lines,
            bytes: Buffer.byteLength(text),
            limitBytes: limit,
            metric: metricNameOf(text),
          })),
      );
    }),
  );
});

test('packs lines written in place like those given as text', () => {
  fc.assert(
    fc.property(
      fc.array(group, { maxLength: 60 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 200 }),
      (groups, maxPayloadBytes, targetPayloadBytes) => {
        const single = groups.map(({ text, kind }) => ({ text: `${text.split('\n')[0]}\n`, lines: 1, kind }));
        const rejected: Packed['rejected'] = [];
        const packer = new ChunkPacker({ maxPayloadBytes, targetPayloadBytes }, (rejection) =>
          rejected.push(rejection),
        );
        for (const [index, { text, kind }] of single.entries()) {
          const lane = packer.bytes(kind);
          lane.reserve(Buffer.byteLength(text) + 50);
          // Both ways may alternate.
          if (index % 3 === 0) packer.write(text, 1, kind);
          else lane.commit(lane.position + lane.bytes.write(text, lane.position));
        }
        expect({ chunks: packer.take(), rejected }).toEqual(
          pack(single, maxPayloadBytes, targetPayloadBytes),
        );
      },
    ),
  );
});

test('returns full chunks before the rest, which stays together', () => {
  const packer = new ChunkPacker({ maxPayloadBytes: CHUNK_BYTES }, () => {});
  const half = `${'x'.repeat(CHUNK_BYTES / 2 - 1)}\n`;
  for (let line = 0; line < 3; line += 1) packer.write(half, 1, 'additive');
  const full = packer.takeFull();
  packer.write('a:1|c\n', 1, 'additive');
  expect([full, packer.takeFull(), packer.take()].map((chunks) => chunks.map(({ lines }) => lines))).toEqual([
    [2],
    [],
    [2],
  ]);
  // What is written later is not written over what was given out.
  expect(full[0]!.bytes.equals(Buffer.from(half + half))).toBe(true);
});

test('nothing is lost, repeated or reordered over many chunks', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12_000 }),
      fc.integer({ min: 40, max: CHUNK_BYTES }),
      (count, limit) => {
        const lines = Array.from({ length: count }, (_, index) => `metric.${index}:${index % 7}|c\n`);
        const { chunks } = pack(
          lines.map((text) => ({ text, lines: 1, kind: 'additive' as const })),
          limit,
        );
        expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString()).toBe(lines.join(''));
        expect(chunks.reduce((sum, chunk) => sum + chunk.lines, 0)).toBe(count);
        expect(chunks.every(({ bytes }) => bytes.length <= CHUNK_BYTES)).toBe(true);
      },
    ),
    { numRuns: 20 },
  );
});

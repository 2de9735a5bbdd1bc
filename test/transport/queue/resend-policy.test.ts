import { describe, expect, test } from 'vitest';
import type { QueuedChunk } from '../../../src/transport/queue/chunk-queue.js';
import { decideResend, type ResendDecision } from '../../../src/transport/queue/resend-policy.js';
import { chunkOf, type Packing } from '../../support/lines.js';

function queued(
  lines: string[],
  { sends = 0, isQuarantined = false, ...packing }: Partial<QueuedChunk> & Packing = {},
): QueuedChunk {
  return { ...chunkOf(lines, packing), enqueuedAt: 0, sends, isQuarantined };
}

/** Text, sends and whether alone; of what is dropped the reason. */
function readable({ keep, drop }: ResendDecision): unknown {
  return {
    keep: keep.map(({ bytes, sends, isQuarantined }) => [bytes.toString(), sends, isQuarantined]),
    drop: drop.map(({ chunk, reason }) => [chunk.bytes.toString(), reason]),
  };
}

const oneByOne = { maxPayloadBytes: 10 };

describe('of a segment that may have been read', () => {
  test('written chunks are sent again, and the others are unchanged', () => {
    const segment = [queued(['a:1|c']), queued(['b:1|g'], { kind: 'idempotent' }), queued(['c:1|c'])];
    expect(readable(decideResend(segment, 2, 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 1, false],
        ['b:1|g\n', 1, false],
        ['c:1|c\n', 0, false],
      ],
      drop: [],
    });
  });

  test('additive lines can be dropped instead, idempotent lines never', () => {
    const segment = [queued(['a:1|c']), queued(['b:1|g'], { kind: 'idempotent' }), queued(['c:1|c'])];
    expect(readable(decideResend(segment, 2, 'drop'))).toEqual({
      keep: [
        ['b:1|g\n', 1, false],
        ['c:1|c\n', 0, false],
      ],
      drop: [['a:1|c\n', 'unknown']],
    });
  });

  test('chunks sent four times are quarantined one by one', () => {
    const segment = [queued(['a:1|c'], { sends: 3 }), queued(['b:1|c'], { sends: 3 }), queued(['c:1|c'])];
    expect(readable(decideResend(segment, 2, 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 4, true],
        ['b:1|c\n', 4, true],
        ['c:1|c\n', 0, false],
      ],
      drop: [],
    });
  });

  test('a chunk that was sent by itself is split', () => {
    const chunk = queued(['a:1|c', 'b:1|c', 'c:1|c'], { ...oneByOne, sends: 4, isQuarantined: true });
    expect(readable(decideResend([chunk], 1, 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 5, true],
        ['b:1|c\nc:1|c\n', 5, true],
      ],
      drop: [],
    });
  });

  test('a chunk that happened to be sent by itself is split too', () => {
    const chunk = queued(['a:1|c', 'b:1|c'], { ...oneByOne, sends: 3 });
    expect(readable(decideResend([chunk], 1, 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 4, true],
        ['b:1|c\n', 4, true],
      ],
      drop: [],
    });
  });

  test('a single payload that broke every connection is poison, of either kind', () => {
    const decision = decideResend(
      [queued(['b:1|g'], { kind: 'idempotent', sends: 6, isQuarantined: true })],
      1,
      'resend',
    );
    expect(readable(decision)).toEqual({ keep: [], drop: [['b:1|g\n', 'poison']] });
  });
});

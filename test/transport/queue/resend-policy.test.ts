import { describe, expect, test } from 'vitest';
import type { Quarantine, QueuedChunk } from '../../../src/transport/queue/chunk-queue.js';
import {
  type BrokenSegment,
  decideResend,
  type ResendDecision,
} from '../../../src/transport/queue/resend-policy.js';
import { chunkOf, type Packing } from '../../support/lines.js';

function queued(
  lines: string[],
  { sends = 0, quarantine, ...packing }: Partial<QueuedChunk> & Packing = {},
): QueuedChunk {
  return { ...chunkOf(lines, packing), enqueuedAt: 0, sends, quarantine };
}

function broken(chunks: QueuedChunk[], writtenCount = chunks.length, deliveries = 0): BrokenSegment {
  return { chunks, writtenCount, deliveries };
}

/** Text, sends and quarantine; of what is dropped the reason. */
function readable({ keep, setAside, drop }: ResendDecision): unknown {
  const parts = ({ bytes, sends, quarantine }: QueuedChunk) => [bytes.toString(), sends, quarantine];
  return {
    keep: keep.map(parts),
    setAside: setAside.map(parts),
    drop: drop.map(({ chunk, reason }) => [chunk.bytes.toString(), reason]),
  };
}

const oneByOne = { maxPayloadBytes: 10 };

/** Of a chunk that has broken no connection by itself after a delivery. */
const fresh: Quarantine = { breaks: 0, deliveriesBefore: 0 };

describe('of a segment that may have been read', () => {
  test('written chunks are sent again, and the others are unchanged', () => {
    const segment = [queued(['a:1|c']), queued(['b:1|g'], { kind: 'idempotent' }), queued(['c:1|c'])];
    expect(readable(decideResend(broken(segment, 2), 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 1, undefined],
        ['b:1|g\n', 1, undefined],
        ['c:1|c\n', 0, undefined],
      ],
      setAside: [],
      drop: [],
    });
  });

  test('additive lines can be dropped instead, idempotent lines never', () => {
    const segment = [queued(['a:1|c']), queued(['b:1|g'], { kind: 'idempotent' }), queued(['c:1|c'])];
    expect(readable(decideResend(broken(segment, 2), 'drop'))).toEqual({
      keep: [
        ['b:1|g\n', 1, undefined],
        ['c:1|c\n', 0, undefined],
      ],
      setAside: [],
      drop: [['a:1|c\n', 'unknown']],
    });
  });

  test('chunks sent with others are sent again, however often', () => {
    const segment = [queued(['a:1|c'], { sends: 3 }), queued(['b:1|c'], { sends: 9 }), queued(['c:1|c'])];
    expect(readable(decideResend(broken(segment, 2), 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 4, undefined],
        ['b:1|c\n', 10, undefined],
        ['c:1|c\n', 0, undefined],
      ],
      setAside: [],
      drop: [],
    });
  });

  test('a chunk that was sent by itself is split', () => {
    const chunk = queued(['a:1|c', 'b:1|c', 'c:1|c'], { ...oneByOne, sends: 4, quarantine: fresh });
    expect(readable(decideResend(broken([chunk]), 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 5, fresh],
        ['b:1|c\nc:1|c\n', 5, fresh],
      ],
      setAside: [],
      drop: [],
    });
  });

  test('a chunk that happened to be sent by itself is split too', () => {
    const chunk = queued(['a:1|c', 'b:1|c'], { ...oneByOne, sends: 3 });
    expect(readable(decideResend(broken([chunk]), 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 4, fresh],
        ['b:1|c\n', 4, fresh],
      ],
      setAside: [],
      drop: [],
    });
  });

  test('a single payload that broke its connection by itself is set aside, of either kind', () => {
    const chunk = queued(['b:1|g'], { kind: 'idempotent', sends: 6, quarantine: fresh });
    expect(readable(decideResend(broken([chunk]), 'resend'))).toEqual({
      keep: [],
      setAside: [['b:1|g\n', 7, fresh]],
      drop: [],
    });
  });

  test('a payload is never poison while nothing else is delivered, however often it breaks its connection', () => {
    let chunk = queued(['a:1|c']);
    for (let sends = 0; sends < 100; sends += 1) {
      const { keep, setAside } = decideResend(broken([chunk], 1, 7), 'resend');
      chunk = [...keep, ...setAside][0]!;
    }
    expect([chunk.sends, chunk.quarantine]).toEqual([100, { breaks: 0, deliveriesBefore: 7 }]);
  });

  test('a payload that breaks four connections by itself, each after a delivery, is poison', () => {
    const seen: unknown[] = [];
    let chunk: QueuedChunk | undefined = queued(['a:1|c']);
    for (let deliveries = 0; chunk !== undefined; deliveries += 1) {
      const decision: ResendDecision = decideResend(broken([chunk], 1, deliveries), 'resend');
      seen.push(readable(decision));
      chunk = [...decision.keep, ...decision.setAside][0];
    }
    const text = 'a:1|c\n';
    const kept = (sends: number) => ({ keep: [[text, sends, undefined]], setAside: [], drop: [] });
    const aside = (sends: number, breaks: number) => ({
      keep: [],
      setAside: [[text, sends, { breaks, deliveriesBefore: sends - 1 }]],
      drop: [],
    });
    expect(seen).toEqual([
      kept(1),
      kept(2),
      kept(3),
      aside(4, 0),
      aside(5, 1),
      aside(6, 2),
      aside(7, 3),
      { keep: [], setAside: [], drop: [[text, 'poison']] },
    ]);
  });

  test('halves inherit what their chunk has broken', () => {
    const quarantine = { breaks: 2, deliveriesBefore: 3 };
    const chunk = queued(['a:1|c', 'b:1|c'], { ...oneByOne, sends: 5, quarantine });
    expect(readable(decideResend(broken([chunk], 1, 4), 'resend'))).toEqual({
      keep: [
        ['a:1|c\n', 6, { breaks: 3, deliveriesBefore: 4 }],
        ['b:1|c\n', 6, { breaks: 3, deliveriesBefore: 4 }],
      ],
      setAside: [],
      drop: [],
    });
  });
});

// Decides which chunks to send again after their connection broke, when it is unknown what the server has read.

import { splitChunk } from '../packing/chunk.js';
import type { QueuedChunk } from './chunk-queue.js';

/**
 * After this many sends a chunk that was sent by itself may be the reason why connections break (statsd_exporter, for one,
 * closes on a line longer than 4096 bytes): it is sent in halves, until the poison lines are isolated.
 */
const MAX_SENDS = 4;

/**
 * A payload is poison once it has broken so many connections by itself, each after something else was delivered. Without
 * such deliveries the server is down, restarts again and again, or is missing behind a proxy, and nothing is dropped. Four
 * are hardly ever a coincidence: with the four sends before them that makes eight in a row.
 */
const POISON_BREAKS = 4;

type DropReason = 'unknown' | 'poison';

export interface ResendDecision {
  /** To be sent again, in this order. */
  readonly keep: readonly QueuedChunk[];
  /** Single payloads that may be poison, to be sent again after others. */
  readonly setAside: readonly QueuedChunk[];
  readonly drop: readonly { readonly chunk: QueuedChunk; readonly reason: DropReason }[];
}

/** Chunks that were in flight when their connection broke. */
export interface BrokenSegment {
  readonly chunks: readonly QueuedChunk[];
  /** The first so many were written to the connection, whole or in part; the others were not sent. */
  readonly writtenCount: number;
  /** How many segments have been delivered so far. */
  readonly deliveries: number;
}

export function decideResend(
  { chunks, writtenCount, deliveries }: BrokenSegment,
  onUnconfirmed: 'resend' | 'drop',
): ResendDecision {
  const keep: QueuedChunk[] = [];
  const setAside: QueuedChunk[] = [];
  const drop: { chunk: QueuedChunk; reason: DropReason }[] = [];
  chunks.forEach((chunk, index) => {
    if (index >= writtenCount) {
      keep.push(chunk);
    } else if (chunk.kind === 'additive' && onUnconfirmed === 'drop') {
      drop.push({ chunk, reason: 'unknown' });
    } else {
      const again = afterAnotherSend(chunk, chunks.length === 1, deliveries);
      const parts = again.quarantine === undefined ? [again] : splitChunk(again);
      if (parts !== undefined) keep.push(...parts);
      else if (again.quarantine!.breaks >= POISON_BREAKS) drop.push({ chunk, reason: 'poison' });
      else setAside.push(again);
    }
  });
  return { keep, setAside, drop };
}

function afterAnotherSend(chunk: QueuedChunk, wasAlone: boolean, deliveries: number): QueuedChunk {
  // Never released to the pool: the broken connection may still read the bytes after another has delivered them.
  const again = { ...chunk, sends: chunk.sends + 1, release: undefined };
  if (again.sends < MAX_SENDS || !wasAlone) return again;
  const { breaks, deliveriesBefore } = chunk.quarantine ?? { breaks: 0, deliveriesBefore: deliveries };
  const isCounted = deliveries > deliveriesBefore;
  return {
    ...again,
    quarantine: { breaks: isCounted ? breaks + 1 : breaks, deliveriesBefore: deliveries },
  };
}

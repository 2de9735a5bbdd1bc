// Decides which chunks to send again after their connection broke, when it is unknown what the server has read.

import { splitChunk } from '../packing/chunk.js';
import type { QueuedChunk } from './chunk-queue.js';

/**
 * After this many sends a chunk may itself be the reason why connections break (statsd_exporter, for one, closes on a
 * line longer than 4096 bytes): it is sent by itself, then in halves, until the poison lines are isolated.
 */
const MAX_SENDS = 4;

export interface ResendDecision {
  /** To be sent again, in this order. */
  readonly keep: readonly QueuedChunk[];
  readonly drop: readonly { readonly chunk: QueuedChunk; readonly reason: 'unknown' | 'poison' }[];
}

/** The first `writtenCount` chunks were written to the connection, whole or in part; the others were not sent. */
export function decideResend(
  segment: readonly QueuedChunk[],
  writtenCount: number,
  onUnconfirmed: 'resend' | 'drop',
): ResendDecision {
  const keep: QueuedChunk[] = [];
  const drop: { chunk: QueuedChunk; reason: 'unknown' | 'poison' }[] = [];
  segment.forEach((chunk, index) => {
    if (index >= writtenCount) {
      keep.push(chunk);
    } else if (chunk.kind === 'additive' && onUnconfirmed === 'drop') {
      drop.push({ chunk, reason: 'unknown' });
    } else {
      const again = afterAnotherSend(chunk, segment.length === 1);
      if (again.length === 0) drop.push({ chunk, reason: 'poison' });
      keep.push(...again);
    }
  });
  return { keep, drop };
}

/** What to send instead of the chunk: itself, its halves, or nothing. */
function afterAnotherSend(chunk: QueuedChunk, wasSentAlone: boolean): readonly QueuedChunk[] {
  // Never released to the pool: the broken connection may still read the bytes after another has delivered them.
  const again = { ...chunk, sends: chunk.sends + 1, release: undefined };
  if (again.sends < MAX_SENDS) return [again];
  const quarantined: QueuedChunk = { ...again, isQuarantined: true };
  return wasSentAlone ? (splitChunk(quarantined) ?? []) : [quarantined];
}

// What becomes of chunks when the connection that carried them broke, and nobody knows what the server has
// read of them.

import { splitChunk } from '../packing/chunk.js';
import type { QueuedChunk } from './chunk-queue.js';

/**
 * Sent this often, a chunk may itself be the reason why connections break (statsd_exporter, for one, closes
 * on a line longer than 4096 bytes): it goes on alone, then in halves, until what breaks connections is told
 * from the rest.
 */
const MAX_SENDS = 4;

export interface ResendDecision {
  /** To be sent again, in this order. */
  readonly keep: readonly QueuedChunk[];
  readonly drop: readonly { readonly chunk: QueuedChunk; readonly reason: 'unknown' | 'poison' }[];
}

/** The first `handed` chunks were given to the connection, whole or in part; the others never left. */
export function decideResend(
  segment: readonly QueuedChunk[],
  handed: number,
  onUnconfirmed: 'resend' | 'drop',
): ResendDecision {
  const keep: QueuedChunk[] = [];
  const drop: { chunk: QueuedChunk; reason: 'unknown' | 'poison' }[] = [];
  segment.forEach((chunk, index) => {
    if (index >= handed) {
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
function afterAnotherSend(chunk: QueuedChunk, wasAlone: boolean): readonly QueuedChunk[] {
  // The broken connection may still read the bytes when another has delivered them.
  const again = { ...chunk, sends: chunk.sends + 1, release: undefined };
  if (again.sends < MAX_SENDS) return [again];
  const quarantined: QueuedChunk = { ...again, isQuarantined: true };
  return wasAlone ? (splitChunk(quarantined) ?? []) : [quarantined];
}

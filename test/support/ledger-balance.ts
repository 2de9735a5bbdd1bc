// The one sum that must hold at every moment of every transport.
import { expect } from 'vitest';
import type { TransportStats } from '../../src/transport/transport.js';

/** Every line offered is in exactly one place. Answers the stats, so that it can wrap a use of them. */
export function balanced(stats: TransportStats): TransportStats {
  const dropped = Object.values(stats.droppedLines).reduce((sum, lines) => sum + lines, 0);
  const { offeredLines, confirmedLines, writtenLines, queuedLines, inFlightLines } = stats;
  expect({ stats, placed: confirmedLines + writtenLines + dropped + queuedLines + inFlightLines }).toEqual({
    stats,
    placed: offeredLines,
  });
  expect(Math.min(confirmedLines, writtenLines, queuedLines, inFlightLines)).toBeGreaterThanOrEqual(0);
  return stats;
}

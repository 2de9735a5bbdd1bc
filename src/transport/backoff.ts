// A floor and a cap with full jitter between them: of the policies simulated for a thousand clients
// after a minute's outage, the one that neither stampedes (fewer than 200 connects a second) nor makes
// anybody wait longer than the cap.
const FLOOR_MILLIS = 100;
const CAP_MILLIS = 10_000;

/** How long to wait before the next attempt; `failures` counts those since the last proven success. */
export function backoffMillis(failures: number, random: () => number): number {
  // 2 ** 7 reaches the cap; a larger exponent would only lead to infinity.
  const ceiling = Math.min(CAP_MILLIS, FLOOR_MILLIS * 2 ** Math.min(failures, 7));
  return Math.max(FLOOR_MILLIS, random() * ceiling);
}

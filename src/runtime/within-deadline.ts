import type { Clock } from './clock.js';

/**
 * Resolves to true when the work settles in time, to false at the deadline. The timer keeps the process alive until
 * then, unless `holdProcess` is false.
 */
export function withinDeadline(
  millis: number,
  work: Promise<unknown>,
  clock: Clock,
  { holdProcess = true } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.after(Math.max(0, millis), () => resolve(false), { holdProcess });
    const done = (): void => {
      timer.cancel();
      resolve(true);
    };
    work.then(done, done);
  });
}

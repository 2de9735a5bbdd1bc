import type { Clock } from './clock.js';

/** True when the work settles in time. Until then the process stays alive, unless nobody waits for it. */
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

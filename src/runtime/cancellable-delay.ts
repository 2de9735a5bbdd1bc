import type { Clock } from './clock.js';

/** A pause that can be cut short. Its timer does not keep the process alive. */
export interface CancellableDelay {
  /** Resolves after the delay, or when it is cut short, with the milliseconds that passed. */
  readonly elapsed: Promise<number>;
  /** Resolves `elapsed` now. Idempotent. */
  cutShort(): void;
}

export function cancellableDelay(clock: Clock, millis: number): CancellableDelay {
  const startedAt = clock.now();
  let cutShort = (): void => {};
  const elapsed = new Promise<number>((resolve) => {
    const end = (): void => {
      timer.cancel();
      resolve(clock.now() - startedAt);
    };
    const timer = clock.after(millis, end);
    cutShort = end;
  });
  return { elapsed, cutShort };
}

import { clearTimeout, monotonicNow, setTimeout } from './timers.js';

/** Time as a parameter, so that tests decide how it passes. */
export interface Clock {
  /** Milliseconds from an arbitrary origin; never jumps back. */
  now(): number;
  /** Calls once after the delay. The timer does not keep the process alive unless `holdProcess` is set. */
  after(delayMillis: number, callback: () => void, options?: { holdProcess?: boolean }): Timer;
}

export interface Timer {
  cancel(): void;
}

export const systemClock: Clock = {
  now: monotonicNow,
  after(delayMillis, callback, { holdProcess = false } = {}) {
    const timer = setTimeout(callback, delayMillis);
    if (!holdProcess) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

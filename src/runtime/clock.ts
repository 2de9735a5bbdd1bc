import { clearImmediate, clearTimeout, monotonicNow, setImmediate, setTimeout } from './timers.js';

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

/**
 * The event loop runs due timers before it looks at sockets. After a process was blocked, or frozen as on AWS Lambda, a
 * deadline would pass although its answer has arrived; hence the turn for what has arrived.
 */
export const systemClock: Clock = {
  now: monotonicNow,
  after(delayMillis, callback, { holdProcess = false } = {}) {
    let turn: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      turn = setImmediate(callback);
    }, delayMillis);
    if (!holdProcess) timer.unref();
    return {
      cancel() {
        clearTimeout(timer);
        clearImmediate(turn);
      },
    };
  },
};

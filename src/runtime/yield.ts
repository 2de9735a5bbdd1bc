import { setImmediate } from './timers.js';

/** Lets everything else that is due run first. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

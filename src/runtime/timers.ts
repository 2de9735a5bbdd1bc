// Node's timers and clock, taken once when the package is loaded. Fake timers that a test framework installs later
// replace the globals and the exports of node:timers; looked up at each call, they would stop a flush for ever.

import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

export const setTimeout: typeof timers.setTimeout = timers.setTimeout;
export const clearTimeout: typeof timers.clearTimeout = timers.clearTimeout;
export const setImmediate: typeof timers.setImmediate = timers.setImmediate;
export const clearImmediate: typeof timers.clearImmediate = timers.clearImmediate;
export const queueMicrotask: typeof globalThis.queueMicrotask = globalThis.queueMicrotask;

/** Milliseconds from an arbitrary origin; never jumps back. */
export const monotonicNow: () => number = performance.now.bind(performance);

/** Milliseconds since 1970, as the operating system's clock has them. */
export const timeOfDay: () => number = Date.now;

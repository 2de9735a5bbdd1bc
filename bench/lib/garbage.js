// Garbage of making the data must not be collected in the time of the next contender.
import { settle } from './interleave.js';

/** Of Node.js, for every process of the benchmarks. */
export const GARBAGE_FLAGS = ['--expose-gc'];

/**
 * Moves what is young and alive out of the way: the next collection then has none but its contender's objects to deal
 * with. A full collection would also empty caches of the engine that are full in any app.
 */
export async function clearNursery() {
  await settle();
  // Objects are moved for good by their second collection.
  globalThis.gc({ type: 'minor' });
  globalThis.gc({ type: 'minor' });
  await settle();
}

export async function collectGarbage() {
  await settle();
  globalThis.gc();
  await settle();
}

// Counts calls and promises that are in progress.

import type { Attributes } from '@opentelemetry/api';
import { resolveAttributes } from './attributes.js';
import type { Adder } from './instruments.js';
import { type AnyFunction, type Observation, type Observed, observe } from './observe.js';
import { addSafely } from './record-safely.js';

export interface TrackInProgressOptions<Args extends readonly unknown[] = readonly unknown[]> {
  /**
   * Attributes of both counts, evaluated once per call, so that the increment and the decrement always have the same.
   * A callback receives the arguments of the call.
   */
  readonly attributes?: Attributes | ((args: Args) => Attributes) | undefined;
}

/**
 * Wraps a function so that the counter is incremented at each call and decremented when the call returns, throws or,
 * if it returns a promise, when that settles.
 *
 * @example
 * const active = meter.createUpDownCounter('uploads.active');
 * const upload = trackInProgress(active, async (file: File) => store(file));
 */
export function trackInProgress<F extends AnyFunction>(
  upDownCounter: Adder,
  fn: F,
  options?: TrackInProgressOptions<Parameters<F>>,
): Observed<F>;
/**
 * Increments the counter now and decrements it when the promise settles, whether or not the result is awaited. Returns
 * a promise that settles as the given one does.
 *
 * @example
 * await trackInProgress(active, store(file), { attributes: { kind: 'image' } });
 */
export function trackInProgress<T>(
  upDownCounter: Adder,
  promise: PromiseLike<T>,
  options?: TrackInProgressOptions,
): Promise<Awaited<T>>;
export function trackInProgress(
  upDownCounter: Adder,
  target: unknown,
  options?: TrackInProgressOptions<never>,
): unknown {
  return observe(target, progress(upDownCounter, options as TrackInProgressOptions | undefined));
}

export function progress(
  upDownCounter: Adder,
  { attributes }: TrackInProgressOptions = {},
): Observation<Attributes | undefined> {
  // A copy: if the app changes its object later, the decrement must still match the increment.
  const given = typeof attributes === 'object' ? { ...attributes } : attributes;
  const end = (resolved: Attributes | undefined): void => addSafely(upDownCounter, -1, resolved);
  return {
    begin(args) {
      const resolved = resolveAttributes(upDownCounter, given, args);
      addSafely(upDownCounter, 1, resolved);
      return resolved;
    },
    succeeded: end,
    failed: end,
  };
}

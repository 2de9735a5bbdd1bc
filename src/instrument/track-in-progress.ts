// How many calls of a function, or promises, are under way.

import type { Attributes } from '@opentelemetry/api';
import { resolveAttributes } from './attributes.js';
import type { Adder } from './instruments.js';
import { type AnyFunction, type Observation, type Observed, observe } from './observe.js';
import { addSafely } from './record-safely.js';

export interface TrackInProgressOptions<Args extends readonly unknown[] = readonly unknown[]> {
  /**
   * Counted up and down with, worked out once per call, so that both always mean the same series. A callback gets
   * the arguments of the call.
   */
  readonly attributes?: Attributes | ((args: Args) => Attributes) | undefined;
}

/**
 * Gives back the function with the counter one higher from each call of it until its result is there or, if that is a
 * promise, settled, however it ends.
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
 * Has the counter one higher from now until the promise settles, whether or not somebody awaits what comes back: a
 * promise that settles as the given one does.
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
  // Changing the app's own object later must not make the counter go down elsewhere than it went up.
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

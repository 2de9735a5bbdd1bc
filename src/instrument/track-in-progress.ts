// Counts calls and promises that are in progress.

import type { Attributes } from '@opentelemetry/api';
import { mergeAttributes, resolveAttributes } from './attributes.js';
import { checkArguments, having, OPTIONAL_ATTRIBUTES, OPTIONS } from './check-arguments.js';
import type { Adder } from './instruments.js';
import { type AnyFunction, type Observation, type Observed, observe } from './observe.js';
import { addSafely } from './record-safely.js';

const AN_UP_DOWN_COUNTER = having('an up-down counter', 'add');

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
  return observe(target, upDownCounter, () =>
    progress('trackInProgress', upDownCounter, options as TrackInProgressOptions | undefined),
  );
}

interface Progress {
  /** False when the increment failed: a decrement would then be wrong. */
  readonly isCounted: boolean;
  readonly attributes: Attributes | undefined;
}

/** Throws a TypeError for wrong arguments. */
export function progress(
  helper: string,
  upDownCounter: Adder,
  options: TrackInProgressOptions = {},
): Observation<Progress> {
  const { attributes } = options ?? {};
  checkArguments(helper, {
    'the first argument': [upDownCounter, AN_UP_DOWN_COUNTER],
    options: [options, OPTIONS],
    'options.attributes': [attributes, OPTIONAL_ATTRIBUTES],
  });
  // A copy: if the app changes its object later, the decrement must still match the increment.
  const given = typeof attributes === 'object' ? mergeAttributes(upDownCounter, attributes) : attributes;
  const end = ({ isCounted, attributes: same }: Progress): void => {
    if (isCounted) addSafely(upDownCounter, -1, same);
  };
  return {
    begin(args) {
      const resolved = resolveAttributes(upDownCounter, given, args);
      return { isCounted: addSafely(upDownCounter, 1, resolved), attributes: resolved };
    },
    succeeded: end,
    failed: end,
  };
}

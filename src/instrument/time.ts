// Records the duration of functions and promises.

import type { Attributes } from '@opentelemetry/api';
import { resolveAttributes } from './attributes.js';
import {
  A_HISTOGRAM,
  checkArguments,
  OPTIONAL_ATTRIBUTES,
  OPTIONAL_FUNCTION,
  OPTIONAL_UNIT,
  OPTIONS,
} from './check-arguments.js';
import { type DurationOptions, durationSince, safeClock } from './duration.js';
import type { Recorder } from './instruments.js';
import { type AnyFunction, type Observation, type Observed, observe } from './observe.js';
import { recordSafely } from './record-safely.js';

export interface TimeOptions<Result = unknown, Args extends readonly unknown[] = readonly unknown[]>
  extends DurationOptions {
  /**
   * Attributes of each duration. A callback receives the result (undefined after an exception), the exception
   * (undefined without one) and the arguments of the call.
   */
  readonly attributes?:
    | Attributes
    | ((result: Result | undefined, error: unknown, args: Args) => Attributes)
    | undefined;
}

/**
 * Wraps a function so that every call is timed until it returns or, if it returns a promise, until that settles. Calls
 * that throw are timed too; exceptions and results are passed on unchanged, except that a thenable that is not a
 * promise becomes one.
 *
 * @example
 * const duration = meter.createHistogram('job.duration', { unit: 's' });
 * const runJob = time(duration, async (job: Job) => job.run(), {
 *   attributes: (_result, error, [job]) => ({ 'job.name': job.name, 'job.ok': error === undefined }),
 * });
 * await runJob(nextJob);
 */
export function time<F extends AnyFunction>(
  histogram: Recorder,
  fn: F,
  options?: TimeOptions<Awaited<ReturnType<F>>, Parameters<F>>,
): Observed<F>;
/**
 * Times a promise from now until it settles, whether or not the result is awaited. Returns a promise that settles as
 * the given one does.
 *
 * @example
 * const rows = await time(duration, client.query('select 1'), { attributes: { 'db.operation.name': 'SELECT' } });
 */
export function time<T>(
  histogram: Recorder,
  promise: PromiseLike<T>,
  options?: TimeOptions<Awaited<T>>,
): Promise<Awaited<T>>;
export function time(histogram: Recorder, target: unknown, options?: TimeOptions<never, never>): unknown {
  return observe(target, histogram, () => timing('time', histogram, options as TimeOptions | undefined));
}

/** Throws a TypeError for wrong arguments. */
export function timing(helper: string, histogram: Recorder, options: TimeOptions = {}): Observation<number> {
  const { attributes, unit = 's' } = options ?? {};
  checkArguments(helper, {
    'the first argument': [histogram, A_HISTOGRAM],
    options: [options, OPTIONS],
    'options.unit': [options?.unit, OPTIONAL_UNIT],
    'options.now': [options?.now, OPTIONAL_FUNCTION],
    'options.attributes': [attributes, OPTIONAL_ATTRIBUTES],
  });
  const now = safeClock(histogram, options.now);
  const record = (startedAt: number, result: unknown, error: unknown, args: readonly unknown[]): void => {
    // Measured before the callback, whose own time does not belong to the duration.
    const duration = durationSince(startedAt, now, unit);
    recordSafely(histogram, duration, resolveAttributes(histogram, attributes, result, error, args));
  };
  return {
    begin: now,
    succeeded: (startedAt, result, args) => record(startedAt, result, undefined, args),
    failed: (startedAt, error, args) => record(startedAt, undefined, error, args),
  };
}

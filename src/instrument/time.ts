// How long a function or a promise takes.

import type { Attributes } from '@opentelemetry/api';
import { resolveAttributes } from './attributes.js';
import { type DurationOptions, durationSince, systemNow } from './duration.js';
import type { Recorder } from './instruments.js';
import { type AnyFunction, type Observation, type Observed, observe } from './observe.js';
import { recordSafely } from './record-safely.js';

export interface TimeOptions<Result = unknown, Args extends readonly unknown[] = readonly unknown[]>
  extends DurationOptions {
  /**
   * Recorded with each duration. A callback gets the result (undefined after an exception), the exception
   * (undefined without one) and the arguments of the call.
   */
  readonly attributes?:
    | Attributes
    | ((result: Result | undefined, error: unknown, args: Args) => Attributes)
    | undefined;
}

/**
 * Gives back the function with every call of it timed, until its result is there or, if that is a promise, settled.
 * Exceptions are timed as well and pass through unchanged. What the function gives back is not changed either, except
 * that a thenable that is no plain promise becomes one.
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
 * Times a promise from now until it settles, whether or not somebody awaits what comes back: a promise that settles
 * as the given one does.
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
  return observe(target, timing(histogram, options as TimeOptions | undefined));
}

export function timing(
  histogram: Recorder,
  { attributes, unit = 's', now = systemNow }: TimeOptions = {},
): Observation<number> {
  const record = (startedAt: number, result: unknown, error: unknown, args: readonly unknown[]): void => {
    // Before the callback, whose time is none of the function's.
    const duration = durationSince(startedAt, now, unit);
    recordSafely(histogram, duration, resolveAttributes(histogram, attributes, result, error, args));
  };
  return {
    begin: now,
    succeeded: (startedAt, result, args) => record(startedAt, result, undefined, args),
    failed: (startedAt, error, args) => record(startedAt, undefined, error, args),
  };
}

// Counts exceptions of functions and rejections of promises.

import type { Attributes } from '@opentelemetry/api';
import { resolveAttributes } from './attributes.js';
import { A_COUNTER, checkArguments, OPTIONAL_ATTRIBUTES, OPTIONS } from './check-arguments.js';
import type { Adder } from './instruments.js';
import { type ErrorMatch, errorPredicate, OPTIONAL_MATCH } from './match-errors.js';
import { type AnyFunction, type Observation, type Observed, observe } from './observe.js';
import { addSafely } from './record-safely.js';

export interface CountExceptionsOptions<Args extends readonly unknown[] = readonly unknown[]> {
  /** Which exceptions are counted: a class, several classes or a predicate. Default: all except those named `AbortError`. */
  readonly match?: ErrorMatch | undefined;
  /** Attributes of each count. A callback receives the exception and the arguments of the call. */
  readonly attributes?: Attributes | ((error: unknown, args: Args) => Attributes) | undefined;
}

/**
 * Wraps a function so that its exceptions and rejections are counted. They are rethrown unchanged.
 *
 * @example
 * const failures = meter.createCounter('payment.failures');
 * const pay = countExceptions(failures, async (order: Order) => charge(order), {
 *   match: [CardDeclined, NetworkError],
 *   attributes: (error) => ({ 'error.type': error instanceof Error ? error.name : '_OTHER' }),
 * });
 */
export function countExceptions<F extends AnyFunction>(
  counter: Adder,
  fn: F,
  options?: CountExceptionsOptions<Parameters<F>>,
): Observed<F>;
/**
 * Counts the rejection of a promise, whether or not the result is awaited. Returns a promise that settles as the given
 * one does.
 *
 * @example
 * const response = await countExceptions(failures, fetch(url));
 */
export function countExceptions<T>(
  counter: Adder,
  promise: PromiseLike<T>,
  options?: CountExceptionsOptions,
): Promise<Awaited<T>>;
export function countExceptions(
  counter: Adder,
  target: unknown,
  options?: CountExceptionsOptions<never>,
): unknown {
  return observe(target, counter, () =>
    exceptionCount('countExceptions', counter, options as CountExceptionsOptions | undefined),
  );
}

/** Throws a TypeError for wrong arguments. */
export function exceptionCount(
  helper: string,
  counter: Adder,
  options: CountExceptionsOptions = {},
): Observation<undefined> {
  const { match, attributes } = options ?? {};
  checkArguments(helper, {
    'the first argument': [counter, A_COUNTER],
    options: [options, OPTIONS],
    'options.match': [match, OPTIONAL_MATCH],
    'options.attributes': [attributes, OPTIONAL_ATTRIBUTES],
  });
  const counts = errorPredicate(counter, match);
  return {
    begin: nothing,
    succeeded: nothing,
    failed(_state, error, args) {
      if (counts(error)) addSafely(counter, 1, resolveAttributes(counter, attributes, error, args));
    },
  };
}

const nothing = (): undefined => undefined;

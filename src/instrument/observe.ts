// Observes a function or promise from start to end without changing what the caller sees: value, exception, `this`,
// synchronous or not.

import { warnOnce } from './log-once.js';

export type AnyFunction = (...args: never[]) => unknown;

/**
 * The type of a wrapped function: the type it had. The exception is a function that returns a thenable with more
 * members than a promise, such as a query builder: the wrapped function returns a promise.
 */
export type Observed<F extends AnyFunction> = [Thenable<ReturnType<F>>] extends [never]
  ? F
  : [Promise<Awaited<Thenable<ReturnType<F>>>>] extends [ReturnType<F>]
    ? F
    : (
        this: ThisParameterType<F>,
        ...args: Parameters<F>
      ) => Promise<Awaited<Thenable<ReturnType<F>>>> | Exclude<ReturnType<F>, PromiseLike<unknown>>;

type Thenable<R> = Extract<R, PromiseLike<unknown>>;

/** Callbacks around a call. None may throw. */
export interface Observation<State> {
  begin(args: readonly unknown[]): State;
  succeeded(state: State, result: unknown, args: readonly unknown[]): void;
  failed(state: State, error: unknown, args: readonly unknown[]): void;
}

/**
 * Wraps a function; observes anything else, such as a promise, at once.
 *
 * @param create throws a TypeError for wrong arguments. The error is thrown where a function is wrapped; for a promise,
 * which is part of a request, it is logged, and the promise is not observed.
 */
export function observe<State>(
  target: unknown,
  instrument: unknown,
  create: () => Observation<State>,
): unknown {
  if (typeof target === 'function') return observeCalls(target as AnyFunction, create());
  let observation: Observation<State>;
  try {
    observation = create();
  } catch (error) {
    if (!isThenable(target)) throw error;
    warnOnce(instrument, error instanceof Error ? error.message : String(error));
    return Promise.resolve(target);
  }
  return observeResult(target, observation, observation.begin([]), []);
}

export function observeCalls<F extends AnyFunction, State>(fn: F, observation: Observation<State>): F {
  function observed(this: unknown, ...args: never[]): unknown {
    const state = observation.begin(args);
    let result: unknown;
    try {
      result = fn.apply(this, args);
    } catch (error) {
      observation.failed(state, error, args);
      throw error;
    }
    return observeResult(result, observation, state, args);
  }
  return copyProperties(fn, observed) as F;
}

function observeResult<State>(
  result: unknown,
  observation: Observation<State>,
  state: State,
  args: readonly unknown[],
): unknown {
  if (!isThenable(result)) {
    observation.succeeded(state, result, args);
    return result;
  }
  // The promise returned by `then` rejects as the original does, so that Node.js still reports an unhandled rejection.
  // Promise.resolve makes sure that a foreign thenable settles only once.
  return Promise.resolve(result).then(
    (value) => {
      observation.succeeded(state, value, args);
      return value;
    },
    (error: unknown) => {
      observation.failed(state, error, args);
      throw error;
    },
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  try {
    return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
  } catch {
    // A proxy or getter that throws; such an object cannot be awaited either.
    return false;
  }
}

/** Belong to the wrapper, not to the wrapped function. */
const OWN_TO_EACH_FUNCTION: ReadonlySet<PropertyKey> = new Set(['prototype', 'arguments', 'caller']);

/** Name, length and custom properties of functions, such as `util.promisify.custom`. */
function copyProperties(from: object, to: object): object {
  for (const key of Reflect.ownKeys(from)) {
    if (OWN_TO_EACH_FUNCTION.has(key)) continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(from, key);
    if (descriptor !== undefined) Reflect.defineProperty(to, key, descriptor);
  }
  return to;
}

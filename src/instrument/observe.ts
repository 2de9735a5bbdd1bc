// Watches a function or a promise from its start to its end without changing what the caller gets from it: value,
// exception, `this`, synchronous or not.

export type AnyFunction = (...args: never[]) => unknown;

/**
 * A function as the helpers give it back: of the type it had. The exception is a function whose result has more to
 * it than a promise has, such as a query builder that can be awaited: what comes back is a plain promise.
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

/** What to do about a call. None of the three may throw. */
export interface Observation<State> {
  begin(args: readonly unknown[]): State;
  succeeded(state: State, result: unknown, args: readonly unknown[]): void;
  failed(state: State, error: unknown, args: readonly unknown[]): void;
}

/** A function becomes one that is observed at each call; anything else is observed at once. */
export function observe<State>(target: unknown, observation: Observation<State>): unknown {
  return typeof target === 'function'
    ? observeCalls(target as AnyFunction, observation)
    : observeResult(target, observation, observation.begin([]), []);
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
  // The promise that comes out of `then` rejects as the first does, so that Node.js still notices when nobody
  // handles it. Promise.resolve makes sure that a thenable of someone else's making settles only once.
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
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    // An object that refuses to be asked, as some proxies do: it cannot be awaited either.
    return false;
  }
}

/** Belong to the function that runs, not to the one it stands for. */
const OWN_TO_EACH_FUNCTION: ReadonlySet<PropertyKey> = new Set(['prototype', 'arguments', 'caller']);

/** Name, length, and what libraries hang on functions, such as `util.promisify.custom`. */
function copyProperties(from: object, to: object): object {
  for (const key of Reflect.ownKeys(from)) {
    if (OWN_TO_EACH_FUNCTION.has(key)) continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(from, key);
    if (descriptor !== undefined) Reflect.defineProperty(to, key, descriptor);
  }
  return to;
}

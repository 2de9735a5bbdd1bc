// Decides which exceptions are counted.

import { isFunction, optional } from './check-arguments.js';
import { warnOnce } from './log-once.js';

type ErrorClass = abstract new (...args: never[]) => unknown;

/** Instances of a class or of any of several classes, or exceptions for which a predicate returns true. */
export type ErrorMatch = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);

export const OPTIONAL_MATCH = optional(
  'a class, a list of classes or a predicate',
  (value) => isFunction(value) || (Array.isArray(value) && value.every(isFunction)),
);

/** Aborted work is not a failure. */
function isNotAbort(error: unknown): boolean {
  return !(typeof error === 'object' && error !== null && Reflect.get(error, 'name') === 'AbortError');
}

/** The match as a predicate that never throws. When the app's predicate throws, the exception is counted. */
export function errorPredicate(
  instrument: object,
  match: ErrorMatch = isNotAbort,
): (error: unknown) => boolean {
  const matches = asPredicate(match);
  return (error) => {
    try {
      return matches(error);
    } catch (thrown) {
      warnOnce(instrument, 'a match callback threw; counting the exception', thrown);
      return true;
    }
  };
}

function asPredicate(match: ErrorMatch): (error: unknown) => boolean {
  if (!isCallable(match)) return (error) => match.some((each) => error instanceof each);
  return isClass(match) ? (error) => error instanceof match : match;
}

/** `Array.isArray` does not narrow a readonly array away. */
function isCallable(match: ErrorMatch): match is Exclude<ErrorMatch, readonly ErrorClass[]> {
  return typeof match === 'function';
}

function isClass(match: ErrorClass | ((error: unknown) => boolean)): match is ErrorClass {
  // Error types are classes, or in old code functions whose prototype is an Error.
  const prototype: unknown = match.prototype;
  return (
    match === Error || prototype instanceof Error || /^class\b/.test(Function.prototype.toString.call(match))
  );
}

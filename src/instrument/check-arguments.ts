// Checks of what helpers are given, once, when a helper is made.

/** What a value must be, in words and as a predicate. */
export interface Expectation {
  readonly text: string;
  readonly fits: (value: unknown) => boolean;
}

export type Arguments = Readonly<Record<string, readonly [value: unknown, expected: Expectation]>>;

/** Throws one TypeError that names every wrong argument of a helper. */
export function checkArguments(helper: string, given: Arguments): void {
  const faults = Object.entries(given)
    .filter(([, [value, { fits }]]) => !isTrue(fits, value))
    .map(([name, [value, { text }]]) => `${name} must be ${text}, not ${kindOf(value)}`);
  if (faults.length > 0) throw new TypeError(`${helper}: ${faults.join('; ')}`);
}

export const A_HISTOGRAM = having('a histogram', 'record');
export const A_COUNTER = having('a counter', 'add');
export const A_NAME: Expectation = {
  text: 'a name',
  fits: (value) => typeof value === 'string' && value !== '',
};
export const OPTIONAL_TEXT = optional('a string', (value) => typeof value === 'string');
export const OPTIONS = optional('an object', isObject);
export const OPTIONAL_UNIT = optional('"s" or "ms"', (value) => value === 's' || value === 'ms');
export const OPTIONAL_FUNCTION = optional('a function', isFunction);
export const OPTIONAL_ATTRIBUTES = optional(
  'an object or a function',
  (value) => isObject(value) || isFunction(value),
);
export const OPTIONAL_ATTRIBUTES_OBJECT = optional('an object', isObject);

/** An object with these methods. */
export function having(text: string, ...methods: readonly string[]): Expectation {
  return {
    text,
    fits: (value) =>
      (isObject(value) || isFunction(value)) &&
      methods.every((method) => isFunction(Reflect.get(value as object, method))),
  };
}

export function optional(text: string, fits: (value: unknown) => boolean): Expectation {
  return { text, fits: (value) => value === undefined || fits(value) };
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function';
}

/** A proxy or getter may throw. */
function isTrue(fits: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return fits(value);
  } catch {
    return false;
  }
}

/** The kind only: a value may hold a secret. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

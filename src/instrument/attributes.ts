// Attributes of a helper: fixed ones, or the result of a callback for each call.

import type { Attributes } from '@opentelemetry/api';
import { warnOnce } from './log-once.js';

/** Undefined when the callback throws or returns no object: the measurement is then recorded without attributes. */
export function resolveAttributes<Args extends readonly unknown[]>(
  instrument: object,
  attributes: Attributes | ((...args: Args) => Attributes) | undefined,
  ...args: Args
): Attributes | undefined {
  if (typeof attributes !== 'function') return attributes;
  let resolved: Attributes | undefined;
  try {
    resolved = attributes(...args);
  } catch (error) {
    warnOnce(instrument, 'an attributes callback threw; recording without its attributes', error);
    return undefined;
  }
  return isAttributes(instrument, resolved) ? resolved : undefined;
}

/** A copy that later changes of the app's objects do not affect; later attributes override earlier ones. */
export function mergeAttributes(
  instrument: object,
  ...all: readonly (Attributes | undefined)[]
): Attributes | undefined {
  try {
    return Object.assign({}, ...all.filter((each) => isAttributes(instrument, each)));
  } catch (error) {
    warnOnce(instrument, 'attributes could not be read; recording without them', error);
    return undefined;
  }
}

function isAttributes(instrument: object, value: unknown): value is Attributes {
  if (typeof value === 'object' && value !== null) return true;
  if (value !== undefined) {
    warnOnce(instrument, `attributes must be an object, not ${value === null ? 'null' : typeof value}`);
  }
  return false;
}

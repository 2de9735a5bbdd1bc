// Attributes of a helper: fixed ones, or the result of a callback for each call.

import type { Attributes } from '@opentelemetry/api';
import { warnOnce } from './log-once.js';

/** Undefined when the callback throws: the measurement is then recorded without attributes. */
export function resolveAttributes<Args extends readonly unknown[]>(
  instrument: object,
  attributes: Attributes | ((...args: Args) => Attributes) | undefined,
  ...args: Args
): Attributes | undefined {
  if (typeof attributes !== 'function') return attributes;
  try {
    return attributes(...args);
  } catch (error) {
    warnOnce(instrument, 'an attributes callback threw; recording without its attributes', error);
    return undefined;
  }
}

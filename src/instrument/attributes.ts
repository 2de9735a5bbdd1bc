// Attributes given as they are, or worked out by the app for each call.

import type { Attributes } from '@opentelemetry/api';
import { warnOnce } from './log-once.js';

/** Undefined, which records without attributes, when the callback throws. */
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

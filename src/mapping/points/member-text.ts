// The text of a set's member in a line.

import type { SetRules } from '../dialects/dialect.js';

/** 128 bits: among a billion members two have the same hash with a probability below 1e-20. */
const HASH_DIGITS = 32;

/**
 * The text itself where the server takes it as it is; else the first 128 bits of its SHA-256 in hexadecimal, so that
 * different texts stay different members.
 */
export function memberText(text: string, { members }: SetRules): string {
  if (members.test(text)) return text;
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
}

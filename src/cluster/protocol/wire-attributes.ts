// Attributes as they may travel between processes. The SDK hands over whatever the app passed in; what JSON has no
// form for becomes the text that it would have in a tag.

import { attributeText } from '../../mapping/tags/attribute-text.js';

/** What an attribute is after that; anything else has become text. */
export type PlainValue = string | number | boolean | null | readonly (string | number | boolean)[];

export type PlainAttributes = Readonly<Record<string, PlainValue>>;

/** A copy, so that nobody's later change shows. Throws what a getter of the app's throws. */
export function plainAttributes(attributes: Readonly<Record<string, unknown>>): PlainAttributes {
  return Object.fromEntries(Object.keys(attributes).map((key) => [key, plainValue(attributes[key])]));
}

function plainValue(value: unknown): PlainValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? withoutSignedZero(value) : String(value);
    case 'bigint':
      return String(value);
    case 'object':
      if (value === null) return null;
      return isPlainList(value) ? value.map(withoutSignedZero) : attributeText(value);
    default:
      return null;
  }
}

/** JSON has no -0, and neither has the text of a tag. */
function withoutSignedZero<T>(value: T): T {
  return Object.is(value, -0) ? (0 as T) : value;
}

function isPlainList(value: object): value is (string | number | boolean)[] {
  try {
    return Array.isArray(value) && value.every(isPlain);
  } catch {
    // A proxy may throw at any question.
    return false;
  }
}

function isPlain(item: unknown): boolean {
  return typeof item === 'string' || typeof item === 'boolean' || Number.isFinite(item);
}

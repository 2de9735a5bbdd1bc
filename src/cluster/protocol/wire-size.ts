// Upper bounds of the size of a message, without encoding it as JSON.

import { MAX_BATCH_ITEMS, MAX_MESSAGE_BYTES } from './limits.js';

export interface WireSize {
  /** Bytes as JSON. */
  readonly bytes: number;
  /** Items of all lists. */
  readonly items: number;
}

/** A UTF-16 code unit takes six bytes as JSON when it is a control character or a lone surrogate, else three at most. */
const BYTES_PER_CHARACTER = 6;
/** A double has 17 digits at most; with sign, point, exponent and the comma behind it. */
const BYTES_PER_NUMBER = 25;
/** Bucket counts are mostly small. */
const BYTES_PER_SMALL_COUNT = 5;
const SMALL_COUNT = 10_000;
/** `false,`, and the brackets or quotes and the comma of other values. */
const BYTES_PER_VALUE = 6;
/** The key of a property with quotes and colon; the longest is `description`. */
const BYTES_PER_KEY = 20;

/** The size of a value made of lists, texts, numbers, booleans and null. */
export function wireSize(value: unknown): WireSize {
  let bytes = 0;
  let items = 0;
  const visit = (part: unknown): void => {
    if (typeof part === 'number') bytes += numberBytes(part);
    else if (typeof part === 'string') bytes += BYTES_PER_VALUE + BYTES_PER_CHARACTER * part.length;
    else {
      bytes += BYTES_PER_VALUE;
      if (!Array.isArray(part)) return;
      items += part.length;
      for (const item of part) visit(item);
    }
  };
  visit(value);
  return { bytes, items: items + 1 };
}

/** The size of an object with these properties. */
export function propertiesSize(properties: object): WireSize {
  const values = Object.values(properties);
  const { bytes, items } = wireSize(values);
  return { bytes: bytes + BYTES_PER_KEY * (values.length + 2), items: items + 2 };
}

export function add(...sizes: readonly WireSize[]): WireSize {
  let bytes = 0;
  let items = 0;
  for (const size of sizes) {
    bytes += size.bytes;
    items += size.items;
  }
  return { bytes, items };
}

export function isWithinLimits({ bytes, items }: WireSize): boolean {
  return bytes <= MAX_MESSAGE_BYTES && items <= MAX_BATCH_ITEMS;
}

function numberBytes(value: number): number {
  return Number.isInteger(value) && value >= 0 && value < SMALL_COUNT
    ? BYTES_PER_SMALL_COUNT
    : BYTES_PER_NUMBER;
}

// Upper bounds of the size of a message, without encoding it as JSON.

import { MAX_ATTRIBUTE_CHARACTERS, MAX_BATCH_ITEMS, MAX_MESSAGE_BYTES } from './limits.js';

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
/** With the comma behind it. */
const BYTES_PER_PLACE = String(MAX_BATCH_ITEMS).length + 1;
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

/** The size of so many places in other lists, which are below MAX_BATCH_ITEMS. */
export function placesSize(count: number): WireSize {
  return { bytes: BYTES_PER_PLACE * count, items: count };
}

/** The size of so many numbers. */
export function numbersSize(count: number): WireSize {
  return { bytes: BYTES_PER_NUMBER * count, items: count };
}

export function isWithinLimits(bytes: number, items: number, characters: number): boolean {
  return bytes <= MAX_MESSAGE_BYTES && items <= MAX_BATCH_ITEMS && characters <= MAX_ATTRIBUTE_CHARACTERS;
}

function numberBytes(value: number): number {
  return Number.isInteger(value) && value >= 0 && value < SMALL_COUNT
    ? BYTES_PER_SMALL_COUNT
    : BYTES_PER_NUMBER;
}

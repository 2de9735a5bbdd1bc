// Estimates of the memory of waiting points, because engines do not report the size of an object.

import type { AnyPoint } from './merge-points.js';

/** An entry with its key, descriptor and tables, measured on metrics of one series with texts of `USUAL_TEXT`. */
const METRIC_BYTES = 1_900;
const USUAL_TEXT = 150;

/**
 * A series with its times and its places in the tables, measured on V8: 250 bytes, and up to 450 where no other has the same
 * values.
 */
export const POINT_BYTES = 400;

/** A metric without its points; `key` is its `metricKey`. */
export function metricBytes(key: string, description: string): number {
  return METRIC_BYTES + 2 * Math.max(0, key.length + description.length - USUAL_TEXT);
}

/** A point; `textBytes` are those of its attributes. */
export function pointBytes(textBytes: number, value: AnyPoint['value']): number {
  return POINT_BYTES + textBytes + valueBytes(value);
}

export function valueBytes(value: AnyPoint['value']): number {
  if (typeof value === 'number') return 8;
  const buckets =
    'buckets' in value
      ? value.buckets.counts.length
      : value.positive.bucketCounts.length + value.negative.bucketCounts.length;
  return 200 + 8 * buckets;
}

// Estimates of the memory of waiting points, because engines do not report the size of an object.

import type { AnyPoint } from './merge-points.js';

/** An entry with its key, descriptor and map, measured on metrics of one series with texts of `USUAL_TEXT`. */
const METRIC_BYTES = 700;
const USUAL_TEXT = 150;

/** A point object with its times, attributes object and map entry, measured at about this much on V8. */
const POINT_BYTES = 400;

/** A metric without its points; `key` is its `metricKey`. */
export function metricBytes(key: string, description: string): number {
  return METRIC_BYTES + 2 * Math.max(0, key.length + description.length - USUAL_TEXT);
}

/** A point; `key` is its `seriesKey`, which holds the text of all attributes. */
export function pointBytes(key: string, point: AnyPoint): number {
  return POINT_BYTES + 2 * key.length + valueBytes(point);
}

export function valueBytes({ value }: AnyPoint): number {
  if (typeof value === 'number') return 8;
  const buckets =
    'buckets' in value
      ? value.buckets.counts.length
      : value.positive.bucketCounts.length + value.negative.bucketCounts.length;
  return 200 + 8 * buckets;
}

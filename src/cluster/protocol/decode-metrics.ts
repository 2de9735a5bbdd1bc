// Metrics from another process. Any process that can write to the channel can send anything, so every field is checked.
// One invalid field makes the whole batch invalid.

import {
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { AnyPoint } from '../../mapping/merge/merge-points.js';
import type { PlainAttributes, PlainValue } from './wire-attributes.js';
import { wireTemporality } from './wire-metrics.js';

export interface DecodedMetrics {
  readonly resource: PlainAttributes;
  readonly scopeMetrics: ScopeMetrics[];
}

/** Far more points than a worker puts into one batch. */
const MAX_POINTS = 100_000;
/** A hundred times the default of the SDK. Bucket arithmetic passes the counts as function arguments. */
const MAX_BUCKETS = 16_384;
/** Range of scales in the OpenTelemetry metrics data model, "Exponential Scale". */
const MIN_SCALE = -10;
const MAX_SCALE = 20;
/** Covers every exponent of a double at the finest scale. */
const MAX_OFFSET = 2 ** 31;

class Malformed extends Error {}

/** Undefined when any part is invalid. */
export function decodeMetrics(value: unknown): DecodedMetrics | undefined {
  try {
    const { resource, scopes } = record(value);
    let room = MAX_POINTS;
    const scopeMetrics = list(scopes).map((scope): ScopeMetrics => {
      const { name, version, schemaUrl, metrics } = record(scope);
      return {
        scope: {
          name: text(name),
          ...(version !== undefined && { version: text(version) }),
          ...(schemaUrl !== undefined && { schemaUrl: text(schemaUrl) }),
        },
        metrics: list(metrics).map((metric) => {
          const decoded = decodeMetric(record(metric));
          room -= decoded.dataPoints.length;
          check(room >= 0);
          return decoded;
        }),
      };
    });
    return { resource: decodeAttributes(resource), scopeMetrics };
  } catch {
    // Usually `Malformed`. A proxy or getter from an in-process channel may throw anything.
    return undefined;
  }
}

function decodeMetric(metric: Readonly<Record<string, unknown>>): MetricData {
  const type = whole(metric['type'], DataPointType.HISTOGRAM, DataPointType.SUM) as DataPointType;
  const decodeValue = VALUES[type];
  const isMonotonic = metric['isMonotonic'] === true;
  return {
    descriptor: {
      name: text(metric['name']),
      description: text(metric['description']),
      unit: text(metric['unit']),
      valueType: whole(metric['valueType'], 0, 1),
    },
    aggregationTemporality: wireTemporality({ dataPointType: type, isMonotonic }),
    dataPointType: type,
    ...(type === DataPointType.SUM && { isMonotonic }),
    dataPoints: list(metric['points']).map((point) => decodePoint(list(point, 4), decodeValue)),
  } as MetricData;
}

const VALUES: Readonly<Record<DataPointType, (value: unknown) => AnyPoint['value']>> = {
  [DataPointType.SUM]: decodeNumber,
  [DataPointType.GAUGE]: decodeNumber,
  [DataPointType.HISTOGRAM]: decodeHistogram,
  [DataPointType.EXPONENTIAL_HISTOGRAM]: decodeExponentialHistogram,
};

function decodePoint(
  [attributes, startTime, endTime, value]: readonly unknown[],
  decodeValue: (value: unknown) => AnyPoint['value'],
): AnyPoint {
  return {
    attributes: decodeAttributes(attributes),
    startTime: decodeTime(startTime),
    endTime: decodeTime(endTime),
    value: decodeValue(value),
  } as AnyPoint;
}

function decodeAttributes(value: unknown): PlainAttributes {
  const flat = list(value);
  check(flat.length % 2 === 0);
  const entries: [string, PlainValue][] = [];
  for (let index = 0; index < flat.length; index += 2) {
    entries.push([text(flat[index]), decodeAttributeValue(flat[index + 1])]);
  }
  return Object.fromEntries(entries);
}

function decodeAttributeValue(value: unknown): PlainValue {
  if (!Array.isArray(value)) return value === null ? null : plain(value);
  return value.map(plain);
}

function plain(value: unknown): string | number | boolean {
  check(typeof value === 'string' || typeof value === 'boolean' || isFiniteNumber(value));
  return value as string | number | boolean;
}

function decodeTime(value: unknown): [number, number] {
  const [seconds, nanoseconds] = list(value, 2);
  return [whole(seconds, 0, Number.MAX_SAFE_INTEGER), whole(nanoseconds, 0, 999_999_999)];
}

function decodeHistogram(value: unknown): Histogram {
  const [totals, boundaries, counts] = list(value, 3);
  const bounds = list(boundaries).map(decodeNumber);
  check(
    bounds.length < MAX_BUCKETS && bounds.every((bound, index) => index === 0 || bound > bounds[index - 1]!),
  );
  return {
    ...decodeTotals(totals),
    buckets: { boundaries: bounds, counts: list(counts, bounds.length + 1).map(decodeCount) },
  };
}

function decodeExponentialHistogram(value: unknown): ExponentialHistogram {
  const [totals, scale, zeroCount, positive, negative] = list(value, 5);
  return {
    ...decodeTotals(totals),
    scale: whole(scale, MIN_SCALE, MAX_SCALE),
    zeroCount: decodeCount(zeroCount),
    positive: decodeBuckets(positive),
    negative: decodeBuckets(negative),
  };
}

function decodeBuckets(value: unknown): ExponentialHistogram['positive'] {
  const [offset, counts] = list(value, 2);
  const bucketCounts = list(counts).map(decodeCount);
  check(bucketCounts.length <= MAX_BUCKETS);
  return { offset: whole(offset, -MAX_OFFSET, MAX_OFFSET), bucketCounts };
}

function decodeTotals(value: unknown): { count: number; sum?: number; min?: number; max?: number } {
  const [count, sum, min, max] = list(value, 4);
  return {
    count: decodeCount(count),
    ...(sum !== null && { sum: decodeNumber(sum) }),
    ...(min !== null && { min: decodeNumber(min) }),
    ...(max !== null && { max: decodeNumber(max) }),
  };
}

function decodeCount(value: unknown): number {
  return whole(value, 0, Number.MAX_SAFE_INTEGER);
}

function decodeNumber(value: unknown): number {
  if (isFiniteNumber(value)) return value;
  check(value === 'NaN' || value === 'Infinity' || value === '-Infinity' || value === '-0');
  return Number(value);
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function check(condition: boolean): void {
  if (!condition) throw new Malformed();
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Malformed();
  return value;
}

function whole(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new Malformed();
  }
  return value;
}

function list(value: unknown, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) throw new Malformed();
  return value;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Malformed();
  return value as Record<string, unknown>;
}

// Converts metrics into their wire form.

import type {
  ExponentialHistogram,
  Histogram,
  MetricData,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { AnyPoint } from '../../mapping/merge/merge-points.js';
import type { PlainAttributes } from './wire-attributes.js';
import type {
  WireAttributes,
  WireBuckets,
  WireMetric,
  WireMetrics,
  WireNumber,
  WirePoint,
  WireScope,
  WireTotals,
  WireValue,
} from './wire-metrics.js';

/** The attributes of points must be plain already; see `plainAttributes`. */
export function encodeMetrics({ scopeMetrics }: ResourceMetrics, resource: PlainAttributes): WireMetrics {
  return {
    resource: encodeAttributes(resource),
    scopes: scopeMetrics.map(({ scope, metrics }): WireScope => {
      const { name, version, schemaUrl } = scope;
      return {
        name,
        ...(version !== undefined && { version }),
        ...(schemaUrl !== undefined && { schemaUrl }),
        metrics: metrics.map(encodeMetric),
      };
    }),
  };
}

function encodeMetric(metric: MetricData): WireMetric {
  const { name, description, unit, valueType } = metric.descriptor;
  return {
    name,
    description,
    unit,
    valueType,
    type: metric.dataPointType,
    isMonotonic: 'isMonotonic' in metric && metric.isMonotonic,
    points: metric.dataPoints.map(encodePoint),
  };
}

function encodePoint({ attributes, startTime, endTime, value }: AnyPoint): WirePoint {
  return [encodeAttributes(attributes), [...startTime], [...endTime], encodeValue(value)];
}

function encodeAttributes(attributes: Readonly<Record<string, unknown>>): WireAttributes {
  return Object.entries(attributes).flat();
}

function encodeValue(value: AnyPoint['value']): WireValue {
  if (typeof value === 'number') return encodeNumber(value);
  return 'buckets' in value ? encodeHistogram(value) : encodeExponentialHistogram(value);
}

function encodeHistogram(histogram: Histogram): WireValue {
  const { boundaries, counts } = histogram.buckets;
  return [encodeTotals(histogram), boundaries.map(encodeNumber), [...counts]];
}

function encodeExponentialHistogram(histogram: ExponentialHistogram): WireValue {
  const { scale, zeroCount, positive, negative } = histogram;
  return [encodeTotals(histogram), scale, zeroCount, encodeBuckets(positive), encodeBuckets(negative)];
}

function encodeBuckets({ offset, bucketCounts }: ExponentialHistogram['positive']): WireBuckets {
  return [offset, [...bucketCounts]];
}

function encodeTotals({ count, sum, min, max }: Histogram | ExponentialHistogram): WireTotals {
  const known = (total: number | undefined): WireNumber | null =>
    typeof total === 'number' ? encodeNumber(total) : null;
  return [count, known(sum), known(min), known(max)];
}

function encodeNumber(value: number): WireNumber {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return Object.is(value, -0) ? '-0' : (String(value) as WireNumber);
}

// Converts metrics into their wire form: batches that stay within the limits of a message.

import type {
  ExponentialHistogram,
  Histogram,
  MetricData,
  ResourceMetrics,
  ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { BucketSum, stepsToSpan } from '../../mapping/merge/exponential-buckets.js';
import type { AnyPoint } from '../../mapping/merge/merge-points.js';
import { MAX_ATTRIBUTES, MAX_EXPONENTIAL_BUCKETS, MAX_RESOURCE_ATTRIBUTES } from './limits.js';
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
import { add, isWithinLimits, propertiesSize, type WireSize, wireSize } from './wire-size.js';

export interface EncodedBatch {
  readonly metrics: WireMetrics;
  readonly points: number;
}

/** `too_large`: the point does not fit into a message. `non_finite`: its value became infinite by merging. */
export type EncodeDropReason = 'too_large' | 'non_finite';

/** Histograms take about 10 ms of the aggregator's time per batch of this size, other metrics two or three. */
const POINTS_PER_BATCH = 500;

/** The marker, `kind`, `from`, `secret`, `sequence` and `intervalMillis`, generously. */
const ENVELOPE: WireSize = { bytes: 1_000, items: 20 };

/** The attributes of points must be plain already; see `plainAttributes`. `drop` is called for each dropped point. */
export function encodeBatches(
  { scopeMetrics }: Pick<ResourceMetrics, 'scopeMetrics'>,
  resource: PlainAttributes,
  drop: (reason: EncodeDropReason) => void,
): readonly EncodedBatch[] {
  const encoder = new Encoder(encodeResource(resource), drop);
  for (const { scope, metrics } of scopeMetrics) {
    for (const metric of metrics) encoder.addMetric(scope, metric);
  }
  return encoder.finish();
}

class Encoder {
  readonly #resource: WireAttributes;
  readonly #emptySize: WireSize;
  readonly #drop: (reason: EncodeDropReason) => void;
  readonly #batches: EncodedBatch[] = [];
  #scopes: WireScope[] = [];
  #points = 0;
  #size: WireSize;

  constructor(resource: WireAttributes, drop: (reason: EncodeDropReason) => void) {
    this.#resource = resource;
    this.#emptySize = add(ENVELOPE, wireSize(resource));
    this.#drop = drop;
    this.#size = this.#emptySize;
  }

  addMetric(scope: ScopeMetrics['scope'], metric: MetricData): void {
    const header = encodeHeader(metric);
    const headerSize = add(propertiesSize(scope), propertiesSize(header));
    let points: WirePoint[] | undefined;
    for (const point of metric.dataPoints) {
      const encoded = encodePoint(point);
      if (encoded === undefined) {
        this.#drop('non_finite');
        continue;
      }
      const size = wireSize(encoded);
      const isTooLarge =
        encoded[0].length > 2 * MAX_ATTRIBUTES || !isWithinLimits(add(this.#emptySize, headerSize, size));
      if (isTooLarge) {
        this.#drop('too_large');
        continue;
      }
      let added = points === undefined ? add(headerSize, size) : size;
      if (this.#points === POINTS_PER_BATCH || !isWithinLimits(add(this.#size, added))) {
        this.#finishBatch();
        points = undefined;
        added = add(headerSize, size);
      }
      if (points === undefined) {
        points = [];
        this.#scopes.push({ ...encodeScope(scope), metrics: [{ ...header, points }] });
      }
      points.push(encoded);
      this.#points += 1;
      this.#size = add(this.#size, added);
    }
  }

  finish(): readonly EncodedBatch[] {
    this.#finishBatch();
    return this.#batches;
  }

  #finishBatch(): void {
    if (this.#points === 0) return;
    const metrics = { resource: this.#resource, scopes: this.#scopes };
    this.#batches.push({ metrics, points: this.#points });
    this.#scopes = [];
    this.#points = 0;
    this.#size = this.#emptySize;
  }
}

function encodeScope({ name, version, schemaUrl }: ScopeMetrics['scope']): Omit<WireScope, 'metrics'> {
  return {
    name,
    ...(version !== undefined && { version }),
    ...(schemaUrl !== undefined && { schemaUrl }),
  };
}

function encodeHeader(metric: MetricData): Omit<WireMetric, 'points'> {
  const { name, description, unit, valueType } = metric.descriptor;
  const isMonotonic = 'isMonotonic' in metric && metric.isMonotonic;
  return { name, description, unit, valueType, type: metric.dataPointType, isMonotonic };
}

/** Undefined when the value is not finite. */
function encodePoint({ attributes, startTime, endTime, value }: AnyPoint): WirePoint | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  return [encodeAttributes(attributes), [...startTime], [...endTime], encodeValue(value)];
}

/** A resource describes every point, so it is shortened and not dropped. */
function encodeResource(resource: PlainAttributes): WireAttributes {
  return encodeAttributes(resource).slice(0, 2 * MAX_RESOURCE_ATTRIBUTES);
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
  const { scale, positive, negative } = withinBucketLimit(histogram);
  return [
    ...([encodeTotals(histogram), scale, histogram.zeroCount] as const),
    ...([encodeBuckets(positive), encodeBuckets(negative)] as const),
  ];
}

/** The same buckets where there are few enough, else those of a lower scale. */
function withinBucketLimit({ scale, positive, negative }: ExponentialHistogram) {
  const most = Math.max(positive.bucketCounts.length, negative.bucketCounts.length);
  if (most <= MAX_EXPONENTIAL_BUCKETS) return { scale, positive, negative };
  const [above, below] = [new BucketSum([positive, 0]), new BucketSum([negative, 0])];
  const steps = stepsToSpan(MAX_EXPONENTIAL_BUCKETS, above, below);
  return { scale: scale - steps, positive: above.total(steps), negative: below.total(steps) };
}

function encodeBuckets({ offset, bucketCounts }: ExponentialHistogram['positive']): WireBuckets {
  return [offset, [...bucketCounts]];
}

function encodeTotals({ count, sum, min, max }: Histogram | ExponentialHistogram): WireTotals {
  const known = (total: number | undefined): WireNumber | null =>
    typeof total === 'number' && Number.isFinite(total) ? encodeNumber(total) : null;
  return [count, known(sum), known(min), known(max)];
}

function encodeNumber(value: number): WireNumber {
  return Object.is(value, -0) ? '-0' : value;
}

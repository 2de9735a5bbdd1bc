// Converts metrics into their wire form: batches that stay within the limits of a message.

import type { ExponentialHistogram, Histogram, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { AttributeTable } from '../../mapping/merge/attribute-table.js';
import { BucketSum, stepsToSpan } from '../../mapping/merge/exponential-buckets.js';
import type { AnyPoint } from '../../mapping/merge/merge-points.js';
import type { PointWriter, WritePoint } from '../../mapping/merge/waiting-points.js';
import { sameInstant } from '../../mapping/state/instant.js';
import { MAX_ATTRIBUTES, MAX_EXPONENTIAL_BUCKETS, MAX_RESOURCE_ATTRIBUTES } from './limits.js';
import type { PlainAttributes } from './wire-attributes.js';
import {
  NUMBERS_OF_TIMES,
  type WireAttributes,
  type WireBuckets,
  type WireMetric,
  type WireMetrics,
  type WireNumber,
  type WireScope,
  type WireTotals,
  type WireValue,
} from './wire-metrics.js';
import {
  isWithinLimits,
  numbersSize,
  placesSize,
  propertiesSize,
  type WireSize,
  wireSize,
} from './wire-size.js';

export interface EncodedBatch {
  readonly metrics: WireMetrics;
  readonly points: number;
}

/** `too_large`: the point does not fit into a message. `non_finite`: its value became infinite by merging. */
export type EncodeDropReason = 'too_large' | 'non_finite';

/** Histograms take about 10 ms of the aggregator's time per batch of this size, other metrics two or three. */
const POINTS_PER_BATCH = 500;

/** The marker, `kind`, `from`, `secret`, `sequence` and `intervalMillis`, and the lists of a batch, generously. */
const ENVELOPE: WireSize = { bytes: 1_000, items: 20 };

const TIMES = numbersSize(NUMBERS_OF_TIMES);
const NUMBER = numbersSize(1);

const NOTHING: WireSize = { bytes: 0, items: 0 };
const NO_TIME: AnyPoint['startTime'] = [Number.NaN, Number.NaN];

/** A batch that is being made. */
class Batch {
  readonly attributes: unknown[] = [];
  readonly times: number[] = [];
  readonly scopes: WireScope[] = [];
  points = 0;
  bytes: number;
  items: number;
  /** Of the attributes of all points. */
  characters = 0;
  startTime: AnyPoint['startTime'] = NO_TIME;
  endTime: AnyPoint['endTime'] = NO_TIME;

  constructor(empty: WireSize) {
    this.bytes = empty.bytes;
    this.items = empty.items;
  }
}

/** A metric without its points, and its size. */
interface MetricHeader {
  readonly scope: Omit<WireScope, 'metrics'>;
  readonly metric: Omit<WireMetric, 'points' | 'values'>;
  readonly size: WireSize;
}

/** The lists of the metric in the batch. */
interface PointLists {
  readonly points: number[];
  readonly values: WireValue[];
}

/** Receives points of attributes that are plain already; see `plainValue`. */
export class BatchEncoder implements PointWriter {
  readonly #attributes: AttributeTable;
  readonly #resource: WireAttributes;
  readonly #emptySize: WireSize;
  readonly #drop: (reason: EncodeDropReason) => void;
  readonly #batches: EncodedBatch[] = [];
  /** By id: the place of the attribute in the batch plus one; 0 when the batch does not have it yet. */
  readonly #places: Int32Array;
  #batch: Batch;
  #header: MetricHeader | undefined;
  #lists: PointLists | undefined;

  /** `drop` is called for each dropped point. All attributes must have their ids already. */
  constructor(
    attributes: AttributeTable,
    resource: PlainAttributes,
    drop: (reason: EncodeDropReason) => void,
  ) {
    this.#attributes = attributes;
    this.#resource = encodeResource(resource);
    const { bytes, items } = wireSize(this.#resource);
    this.#emptySize = { bytes: ENVELOPE.bytes + bytes, items: ENVELOPE.items + items };
    this.#drop = drop;
    this.#places = new Int32Array(attributes.size);
    this.#batch = new Batch(this.#emptySize);
  }

  beginMetric(scope: ScopeMetrics['scope'], metric: Omit<MetricData, 'dataPoints'>): void {
    const [encodedScope, encodedMetric] = [encodeScope(scope), encodeHeader(metric)];
    const [a, b] = [propertiesSize(encodedScope), propertiesSize(encodedMetric)];
    const size = { bytes: a.bytes + b.bytes, items: a.items + b.items };
    this.#header = { scope: encodedScope, metric: encodedMetric, size };
    this.#lists = undefined;
  }

  readonly writePoint: WritePoint = (ids, firstId, endId, startTime, endTime, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return this.#drop('non_finite');
    const encoded = encodeValue(value);
    const size = typeof encoded === 'number' ? NUMBER : wireSize(encoded);
    const hasRoom =
      this.#batch.points < POINTS_PER_BATCH && this.#add(ids, firstId, endId, startTime, endTime, size);
    if (!hasRoom) {
      this.#finishBatch();
      if (!this.#add(ids, firstId, endId, startTime, endTime, size)) return this.#drop('too_large');
    }
    this.#lists!.values.push(encoded);
    this.#batch.points += 1;
  };

  finish(): readonly EncodedBatch[] {
    this.#finishBatch();
    return this.#batches;
  }

  /** Adds all of a point but its value to the batch; false, and nothing is added, when that would exceed a limit. */
  #add(
    ids: Int32Array,
    firstId: number,
    endId: number,
    startTime: AnyPoint['startTime'],
    endTime: AnyPoint['endTime'],
    value: WireSize,
  ): boolean {
    const count = endId - firstId;
    if (count > MAX_ATTRIBUTES) return false;
    const batch = this.#batch;
    const places = this.#places;
    const header = this.#lists === undefined ? this.#header!.size : NOTHING;
    const own = placesSize(2 + count);
    let bytes = batch.bytes + value.bytes + header.bytes + own.bytes;
    let items = batch.items + value.items + header.items + own.items;
    let { characters } = batch;
    for (let at = firstId; at < endId; at += 1) {
      const id = ids[at]!;
      const attribute = this.#attributes.get(id);
      characters += attribute.characters;
      if (places[id] !== 0) continue;
      const size = wireSize([attribute.key, attribute.value]);
      bytes += size.bytes;
      items += size.items;
    }
    const isNewTime = !sameInstant(batch.startTime, startTime) || !sameInstant(batch.endTime, endTime);
    if (isNewTime) {
      bytes += TIMES.bytes;
      items += TIMES.items;
    }
    if (!isWithinLimits(bytes, items, characters)) return false;

    batch.bytes = bytes;
    batch.items = items;
    batch.characters = characters;
    if (isNewTime) {
      batch.times.push(startTime[0], startTime[1], endTime[0], endTime[1]);
      batch.startTime = startTime;
      batch.endTime = endTime;
    }
    this.#lists ??= this.#openMetric();
    const { points } = this.#lists;
    points.push(batch.times.length / NUMBERS_OF_TIMES - 1, count);
    for (let at = firstId; at < endId; at += 1) {
      const id = ids[at]!;
      let place = places[id]!;
      if (place === 0) {
        const { key, value: attributeValue } = this.#attributes.get(id);
        place = batch.attributes.push(key, attributeValue) / 2;
        places[id] = place;
      }
      points.push(place - 1);
    }
    return true;
  }

  #openMetric(): PointLists {
    const { scope, metric } = this.#header!;
    const lists: PointLists = { points: [], values: [] };
    this.#batch.scopes.push({ ...scope, metrics: [{ ...metric, ...lists }] });
    return lists;
  }

  #finishBatch(): void {
    this.#lists = undefined;
    const { attributes, times, scopes, points } = this.#batch;
    if (points === 0) return;
    this.#batches.push({ metrics: { resource: this.#resource, attributes, times, scopes }, points });
    this.#batch = new Batch(this.#emptySize);
    this.#places.fill(0);
  }
}

function encodeScope({ name, version, schemaUrl }: ScopeMetrics['scope']): Omit<WireScope, 'metrics'> {
  return {
    name,
    ...(version !== undefined && { version }),
    ...(schemaUrl !== undefined && { schemaUrl }),
  };
}

function encodeHeader(metric: Omit<MetricData, 'dataPoints'>): MetricHeader['metric'] {
  const { name, description, unit, valueType } = metric.descriptor;
  const isMonotonic = 'isMonotonic' in metric && metric.isMonotonic === true;
  return { name, description, unit, valueType, type: metric.dataPointType, isMonotonic };
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

// Metrics from another process. Any process that can write to the channel can send anything, so every field is checked,
// and the size of every list before it is read. One invalid field makes the whole batch invalid.

import {
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { attributeCharacters } from '../../mapping/merge/attribute-table.js';
import type { AnyPoint } from '../../mapping/merge/merge-points.js';
import { setProperty } from '../../mapping/merge/set-property.js';
import {
  MAX_ATTRIBUTE_CHARACTERS,
  MAX_ATTRIBUTES,
  MAX_BATCH_ITEMS,
  MAX_BATCH_PARTS,
  MAX_EXPONENTIAL_BUCKETS,
  MAX_MESSAGE_BYTES,
  MAX_RESOURCE_ATTRIBUTES,
} from './limits.js';
import type { PlainAttributes, PlainValue } from './wire-attributes.js';
import { NUMBERS_OF_TIMES, wireTemporality } from './wire-metrics.js';

export interface DecodedMetrics {
  readonly resource: PlainAttributes;
  readonly scopeMetrics: ScopeMetrics[];
}

/** Range of scales in the OpenTelemetry metrics data model, "Exponential Scale". */
const MIN_SCALE = -10;
const MAX_SCALE = 20;
/** Covers every exponent of a double at the finest scale. */
const MAX_OFFSET = 2 ** 31;

interface DecodedAttribute {
  readonly key: string;
  readonly value: PlainValue;
  /** Of key and value as texts. */
  readonly characters: number;
}

type DecodedTimes = Pick<AnyPoint, 'startTime' | 'endTime'>;

class Malformed extends Error {}

/** Undefined when any part is invalid, or when the batch exceeds the limits of a message. */
export function decodeMetrics(value: unknown): DecodedMetrics | undefined {
  try {
    return new Decoder().decode(value);
  } catch {
    // Usually `Malformed`. A proxy or getter from a custom channel may throw anything.
    return undefined;
  }
}

/** Decodes one batch. */
class Decoder {
  #items = MAX_BATCH_ITEMS;
  #characters = MAX_MESSAGE_BYTES;
  #attributeCharacters = MAX_ATTRIBUTE_CHARACTERS;
  #parts = MAX_BATCH_PARTS;
  /** What points refer to by place. */
  #attributes: readonly DecodedAttribute[] = [];
  #times: readonly DecodedTimes[] = [];

  decode(value: unknown): DecodedMetrics {
    const { resource, attributes, times, scopes } = record(value);
    this.#attributes = this.#attributeList(attributes);
    this.#times = this.#timeList(times);
    const scopeMetrics = this.#partList(scopes).map((scope) => this.#scope(record(scope)));
    const resourceAttributes = this.#attributeList(resource);
    check(resourceAttributes.length <= MAX_RESOURCE_ATTRIBUTES);
    return {
      resource: Object.fromEntries(resourceAttributes.map(({ key, value }) => [key, value])),
      scopeMetrics,
    };
  }

  #scope({ name, version, schemaUrl, metrics }: Readonly<Record<string, unknown>>): ScopeMetrics {
    const before = this.#characters;
    const scope = {
      name: this.#text(name),
      ...(version !== undefined && { version: this.#text(version) }),
      ...(schemaUrl !== undefined && { schemaUrl: this.#text(schemaUrl) }),
    };
    const characters = before - this.#characters;
    const list = this.#partList(metrics);
    // The key of each metric has those of its scope. A worker sends a scope for each metric.
    this.#characters -= characters * Math.max(0, list.length - 1);
    check(this.#characters >= 0);
    return { scope, metrics: list.map((metric) => this.#metric(record(metric))) };
  }

  #metric(metric: Readonly<Record<string, unknown>>): MetricData {
    const type = whole(metric['type'], DataPointType.HISTOGRAM, DataPointType.SUM) as DataPointType;
    const isMonotonic = metric['isMonotonic'] === true;
    const values = this.#partList(metric['values']);
    const points = this.#list(metric['points']);
    return {
      descriptor: {
        name: this.#text(metric['name']),
        description: this.#text(metric['description']),
        unit: this.#text(metric['unit']),
        valueType: whole(metric['valueType'], 0, 1),
      },
      aggregationTemporality: wireTemporality({ dataPointType: type, isMonotonic }),
      dataPointType: type,
      ...(type === DataPointType.SUM && { isMonotonic }),
      dataPoints: this.#dataPoints(points, values, type),
    } as MetricData;
  }

  #dataPoints(points: readonly unknown[], values: readonly unknown[], type: DataPointType): AnyPoint[] {
    const dataPoints: AnyPoint[] = [];
    let at = 0;
    for (const measured of values) {
      const { startTime, endTime } = this.#times[place(points[at], this.#times)]!;
      const count = whole(points[at + 1], 0, MAX_ATTRIBUTES);
      at += 2;
      const attributes: Record<string, PlainValue> = {};
      for (const end = at + count; at < end; at += 1) {
        const { key, value, characters } = this.#attributes[place(points[at], this.#attributes)]!;
        this.#attributeCharacters -= characters;
        setProperty(attributes, key, value);
      }
      check(this.#attributeCharacters >= 0);
      dataPoints.push({ attributes, startTime, endTime, value: this.#value(measured, type) } as AnyPoint);
    }
    check(at === points.length);
    return dataPoints;
  }

  #value(value: unknown, type: DataPointType): AnyPoint['value'] {
    switch (type) {
      case DataPointType.HISTOGRAM:
        return this.#histogram(value);
      case DataPointType.EXPONENTIAL_HISTOGRAM:
        return this.#exponentialHistogram(value);
      default:
        return decodeNumber(value);
    }
  }

  #attributeList(value: unknown): readonly DecodedAttribute[] {
    const flat = this.#list(value);
    check(flat.length % 2 === 0);
    const attributes: DecodedAttribute[] = [];
    for (let index = 0; index < flat.length; index += 2) {
      const [key, plain] = [this.#text(flat[index]), this.#attributeValue(flat[index + 1])];
      attributes.push({ key, value: plain, characters: attributeCharacters(key, plain) });
    }
    return attributes;
  }

  #attributeValue(value: unknown): PlainValue {
    if (value === null) return null;
    return Array.isArray(value) ? this.#list(value).map((item) => this.#plain(item)) : this.#plain(value);
  }

  #plain(value: unknown): string | number | boolean {
    if (typeof value === 'boolean' || isFiniteNumber(value)) return value;
    return this.#text(value);
  }

  #timeList(value: unknown): readonly DecodedTimes[] {
    const flat = this.#list(value);
    check(flat.length % NUMBERS_OF_TIMES === 0);
    const times: DecodedTimes[] = [];
    for (let index = 0; index < flat.length; index += NUMBERS_OF_TIMES) {
      const [startTime, endTime] = [decodeTime(flat, index), decodeTime(flat, index + 2)];
      times.push({ startTime, endTime });
    }
    return times;
  }

  #histogram(value: unknown): Histogram {
    const [totals, boundaries, counts] = this.#list(value, 3);
    const bounds = this.#list(boundaries).map(decodeNumber);
    check(bounds.every((bound, index) => index === 0 || bound > bounds[index - 1]!));
    return {
      ...this.#totals(totals),
      buckets: { boundaries: bounds, counts: this.#list(counts, bounds.length + 1).map(decodeCount) },
    };
  }

  #exponentialHistogram(value: unknown): ExponentialHistogram {
    const [totals, scale, zeroCount, positive, negative] = this.#list(value, 5);
    return {
      ...this.#totals(totals),
      scale: whole(scale, MIN_SCALE, MAX_SCALE),
      zeroCount: decodeCount(zeroCount),
      positive: this.#buckets(positive),
      negative: this.#buckets(negative),
    };
  }

  #buckets(value: unknown): ExponentialHistogram['positive'] {
    const [offset, counts] = this.#list(value, 2);
    const bucketCounts = this.#list(counts).map(decodeCount);
    check(bucketCounts.length <= MAX_EXPONENTIAL_BUCKETS);
    return { offset: whole(offset, -MAX_OFFSET, MAX_OFFSET), bucketCounts };
  }

  #totals(value: unknown): { count: number; sum?: number; min?: number; max?: number } {
    const [count, sum, min, max] = this.#list(value, 4);
    return {
      count: decodeCount(count),
      ...(sum !== null && { sum: decodeNumber(sum) }),
      ...(min !== null && { min: decodeNumber(min) }),
      ...(max !== null && { max: decodeNumber(max) }),
    };
  }

  /** Scopes, metrics or values. */
  #partList(value: unknown): readonly unknown[] {
    const parts = this.#list(value);
    this.#parts -= parts.length;
    check(this.#parts >= 0);
    return parts;
  }

  /** Checks the length first: a sparse array of any length costs its sender nothing. A hole counts as undefined. */
  #list(value: unknown, length?: number): readonly unknown[] {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) throw new Malformed();
    this.#items -= value.length;
    check(this.#items >= 0 && !value.includes(undefined));
    return value;
  }

  #text(value: unknown): string {
    if (typeof value !== 'string') throw new Malformed();
    this.#characters -= value.length;
    check(this.#characters >= 0);
    return value;
  }
}

function decodeTime(flat: readonly unknown[], at: number): [seconds: number, nanoseconds: number] {
  return [whole(flat[at], 0, Number.MAX_SAFE_INTEGER), whole(flat[at + 1], 0, 999_999_999)];
}

function place(value: unknown, list: readonly unknown[]): number {
  return whole(value, 0, list.length - 1);
}

function decodeCount(value: unknown): number {
  return whole(value, 0, Number.MAX_SAFE_INTEGER);
}

/** NaN and infinite numbers are never sent, and would reach the server as such. */
function decodeNumber(value: unknown): number {
  if (value === '-0') return -0;
  if (!isFiniteNumber(value)) throw new Malformed();
  return value;
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function check(condition: boolean): void {
  if (!condition) throw new Malformed();
}

function whole(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new Malformed();
  }
  return value;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Malformed();
  return value as Record<string, unknown>;
}

// What exporters are given: collected by the real SDK with delta temporality, or, where the SDK's own memory would
// be in the way, objects of the same shape.

import { seededRandom, shuffle } from './random.js';
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  MeterProvider,
  MetricReader,
} from './sdk.js';
import { attributesOf, instrumentName, isCounter, randomValue, SERIES_PER_INSTRUMENT } from './series.js';

class DeltaReader extends MetricReader {
  constructor(options) {
    super({ ...options, aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  }
  async onForceFlush() {}
  async onShutdown() {}
}

/**
 * Counters and gauges, recorded anew for each batch with attributes objects made for it.
 *
 * @param {{ points: number, order?: 'stable' | 'shuffled' }} options
 * @returns {() => Promise<Batch>}
 * @typedef {{ metrics: import('@opentelemetry/sdk-metrics').ResourceMetrics, points: number, sum: number,
 *   collectMillis?: number }} Batch
 */
export function scalarSource({ points, order = 'shuffled' }) {
  const reader = new DeltaReader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const perInstrument = Math.min(SERIES_PER_INSTRUMENT, Math.ceil(points / 3));
  const instruments = Array.from({ length: Math.ceil(points / perInstrument) }, (_, index) =>
    isCounter(index) ? meter.createCounter(instrumentName(index)) : meter.createGauge(instrumentName(index)),
  );
  const records = Array.from({ length: points }, (_, index) => index);
  const random = seededRandom(points);
  return async () => {
    let sum = 0;
    if (order === 'shuffled') shuffle(records, random);
    for (const record of records) {
      const index = Math.floor(record / perInstrument);
      const value = randomValue(index, random);
      sum += value;
      const attributes = attributesOf(record % perInstrument);
      const instrument = instruments[index];
      if (isCounter(index)) instrument.add(value, attributes);
      else instrument.record(value, attributes);
    }
    const startedAt = performance.now();
    const metrics = await collected(reader);
    return { metrics, points, sum, collectMillis: performance.now() - startedAt };
  };
}

/**
 * Exponential (or with `isExponential: false` explicit) histograms of latencies in milliseconds.
 *
 * @param {{ series: number, recordings: number, isExponential?: boolean }} options
 */
export async function histogramBatch({ series, recordings, isExponential = true }) {
  const reader = new DeltaReader({
    aggregationSelector: () =>
      isExponential
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160, recordMinMax: true } }
        : { type: AggregationType.DEFAULT },
  });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const histogram = meter.createHistogram('shop.http.server.duration', { unit: 'ms' });
  const random = seededRandom(series);
  let sum = 0;
  for (let point = 0; point < series; point += 1) {
    for (let recording = 0; recording < recordings; recording += 1) {
      // Lognormal: the median is 20 ms, one in a hundred takes longer than 200 ms.
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const value = Math.exp(3 + normal);
      sum += value;
      histogram.record(value, attributesOf(point));
    }
  }
  return { metrics: await collected(reader), points: series, sum };
}

/** Like a batch of `scalarSource`, as large as one likes, without an SDK that holds on to as much again. */
export async function largeBatch(points) {
  const { metrics } = await scalarSource({ points: 3 })();
  const [{ scope, metrics: templates }] = metrics.scopeMetrics;
  const [counter, , gauge] = templates;
  const random = seededRandom(points);
  const { startTime, endTime } = counter.dataPoints[0];
  let sum = 0;
  const instruments = Math.ceil(points / SERIES_PER_INSTRUMENT);
  const order = shuffle(
    Array.from({ length: SERIES_PER_INSTRUMENT }, (_, index) => index),
    random,
  );
  const all = Array.from({ length: instruments }, (_, index) => {
    const template = isCounter(index) ? counter : gauge;
    const series = Math.min(SERIES_PER_INSTRUMENT, points - index * SERIES_PER_INSTRUMENT);
    const dataPoints = order.slice(0, series).map((place) => {
      const value = randomValue(index, random);
      sum += value;
      return { attributes: attributesOf(place), startTime, endTime, value };
    });
    return { ...template, descriptor: { ...template.descriptor, name: instrumentName(index) }, dataPoints };
  });
  return { metrics: { ...metrics, scopeMetrics: [{ scope, metrics: all }] }, points, sum };
}

/** One counter whose points all have another value of one attribute, never seen before: `first`, `first + 1`, … */
export async function distinctBatch(points, first, value = 1) {
  const { metrics } = await scalarSource({ points: 3 })();
  const [{ scope, metrics: templates }] = metrics.scopeMetrics;
  const [counter] = templates;
  const { startTime, endTime } = counter.dataPoints[0];
  const dataPoints = Array.from({ length: points }, (_, index) => ({
    attributes: { ...attributesOf(index), 'session.id': `session-${(first + index).toString(36)}` },
    startTime,
    endTime,
    value,
  }));
  return {
    metrics: { ...metrics, scopeMetrics: [{ scope, metrics: [{ ...counter, dataPoints }] }] },
    points,
    sum: points * value,
  };
}

async function collected(reader) {
  const { resourceMetrics, errors } = await reader.collect();
  if (errors.length > 0) throw errors[0];
  return resourceMetrics;
}

/** Every point of a batch in turn, as a client that is called once per recording would see it. */
export function eachPoint({ metrics }, visit) {
  for (const { metrics: all } of metrics.scopeMetrics) {
    for (const { descriptor, dataPointType, dataPoints } of all) {
      const isSum = dataPointType === DataPointType.SUM;
      for (const { value, attributes } of dataPoints) visit(isSum, descriptor.name, value, attributes);
    }
  }
}

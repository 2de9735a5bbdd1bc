import { describe, expect, it } from 'vitest';
import { Aggregation } from '../../../src/cluster/aggregator/aggregation.js';
import { batchOf, counter, gauge, pointsOf } from '../support/metrics.js';

function start(limits: { maxSeries?: number; maxBytes?: number } = {}) {
  const aggregation = new Aggregation({
    ...{
      gaugeRule: () => 'sum' as const,
      instanceAttribute: 'i',
      maxSeries: 1_000,
      maxBytes: 1e7,
      ...limits,
    },
    timeOfDay: () => 0,
  });
  const add = (
    worker: string,
    metrics: Parameters<typeof batchOf>[0],
    resource: Record<string, string> = {},
  ) =>
    aggregation.add(
      { id: worker, instance: worker, staleAfterMillis: 1, isLive: true },
      { resource, scopeMetrics: batchOf(metrics).scopeMetrics },
      0,
    );
  return { aggregation, add };
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? counter('c', 1, { index }) : gauge('g', 1, { index }),
  );

describe('the limits of an aggregation', () => {
  it('hold for the series of all services together', () => {
    const { aggregation, add } = start({ maxSeries: 1_000 });
    let dropped = 0;
    for (let service = 0; service < 50; service += 1) {
      dropped += add(`w${service}`, many(400), { 'service.name': `s${service}` }).dropped.series_limit ?? 0;
    }
    expect({ series: aggregation.series, dropped }).toEqual({ series: 1_000, dropped: 50 * 400 - 1_000 });
  });

  it('hold for the bytes of all services together, gauges included', () => {
    const { aggregation, add } = start({ maxSeries: 1e6, maxBytes: 1e6 });
    for (let service = 0; service < 50; service += 1) {
      add(`w${service}`, many(400), { 'service.name': `s${service}` });
    }
    expect(aggregation.bytes).toBeLessThanOrEqual(1e6);
    expect(aggregation.bytes).toBeGreaterThan(0.9e6);
  });

  it('hold for the resources of workers', () => {
    const { aggregation, add } = start({ maxBytes: 1e6 });
    for (let worker = 0; worker < 50; worker += 1) {
      add(`w${worker}`, [], { 'service.name': 's', text: 'x'.repeat(100_000) });
    }
    expect(aggregation.bytes).toBeLessThanOrEqual(1e6);
  });

  it('bound the services, and points of further ones are counted', () => {
    const { aggregation, add } = start({ maxSeries: 1e6 });
    const results = Array.from({ length: 150 }, (_, service) =>
      add(`w${service}`, [counter('c', 1), gauge('g', 1)], { 'service.name': `s${service}` }),
    );
    expect(results).toEqual([
      ...Array(100).fill({ merged: 0, dropped: {} }),
      ...Array(50).fill({ merged: 0, dropped: { service_limit: 2 } }),
    ]);
    expect(aggregation.collect(0).length).toBe(100);
  });

  it('free everything when the workers have ended and all was exported', () => {
    const { aggregation, add } = start();
    for (let service = 0; service < 100; service += 1) {
      add(`w${service}`, many(4), { 'service.name': `s${service}` });
    }
    for (let service = 0; service < 100; service += 1) aggregation.removeWorker(`w${service}`);
    for (let round = 0; round < 2; round += 1) aggregation.collect(0);
    expect({ series: aggregation.series, bytes: aggregation.bytes }).toEqual({ series: 0, bytes: 0 });
    add('w', [counter('c', 1)], { 'service.name': 'another' });
    expect(aggregation.collect(0).flatMap((batch) => pointsOf(batch))).toEqual([['c', 1]]);
  });
});

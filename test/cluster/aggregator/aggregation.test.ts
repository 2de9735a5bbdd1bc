import { describe, expect, it } from 'vitest';
import { Aggregation } from '../../../src/cluster/aggregator/aggregation.js';
import { heapBytes } from '../../support/heap.js';
import { batchOf, counter, gauge, pointsOf } from '../support/metrics.js';
import { resultOf } from '../support/result-of.js';

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
    isLive = true,
  ) =>
    aggregation.add(
      { id: worker, instance: worker, staleAfterMillis: 1, isLive },
      { resource, scopeMetrics: batchOf(metrics).scopeMetrics },
      0,
    );
  return { aggregation, add };
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? counter('c', 1, { index }) : gauge('g', 1, { index }),
  );

describe('an aggregation', () => {
  const collected = (aggregation: Aggregation) =>
    resultOf(aggregation.collect(0)).map((batch) => [
      batch.resource.attributes['service.name'],
      ...pointsOf(batch).map(([name]) => name),
    ]);

  it('keeps services of another name or namespace apart', () => {
    const { aggregation, add } = start();
    const of = (name: string, namespace?: string): Record<string, string> => ({
      'service.name': name,
      ...(namespace !== undefined && { 'service.namespace': namespace }),
    });
    for (const resource of [of('s'), of('s', 'a'), of('s', 'b'), of('t', 'b'), of('s', 'b'), {}])
      add('w', [counter('c', 1)], resource);
    expect(resultOf(aggregation.collect(0)).map(({ resource: { attributes } }) => attributes)).toEqual([
      of('s'),
      of('s', 'a'),
      of('s', 'b'),
      of('t', 'b'),
      {},
    ]);
  });

  it('keeps services apart whose long names differ in the last character', () => {
    const { aggregation, add } = start();
    const names = ['a', 'b', 'a'].map((last) => 's'.repeat(1_000) + last);
    for (const name of names) add('w', [counter('c', 1)], { 'service.name': name });
    expect(collected(aggregation)).toEqual(names.slice(0, 2).map((name) => [name, 'c']));
  });

  it('has the gauges of a worker in the service that it named last, all of them', () => {
    const { aggregation, add } = start();
    add('w', [gauge('a', 1)], { 'service.name': 's' });
    add('w', [gauge('b', 1)], { 'service.name': 's' });
    expect(collected(aggregation)).toEqual([['s', 'a', 'b']]);
    add('w', [counter('late', 1)], { 'service.name': 't' }, false);
    expect(collected(aggregation)).toEqual([
      ['s', 'a', 'b'],
      ['t', 'late'],
    ]);
    add('w', [gauge('c', 1)], { 'service.name': 't' });
    expect(collected(aggregation)).toEqual([['t', 'c']]);
    aggregation.removeWorker('w');
    aggregation.removeWorker('never seen');
    expect(collected(aggregation)).toEqual([]);
  });

  it('knows what the workers of a service share while one of them is live', () => {
    const { aggregation, add } = start();
    const resource = { 'service.name': 's', host: 'h' };
    add('a', [counter('c', 1)], { ...resource, only: 'a' });
    add('b', [], { ...resource, only: 'b' });
    for (let round = 0; round < 2; round += 1) resultOf(aggregation.collect(0));
    add('a', [counter('c', 1)], { ...resource, only: 'a' });
    expect(resultOf(aggregation.collect(0)).map(({ resource: { attributes } }) => attributes)).toEqual([
      resource,
    ]);
  });
});

describe('the limits of an aggregation', () => {
  it('may be reached by one service in several batches', () => {
    const measured = start();
    for (const from of [0, 6]) measured.add('w', many(10).slice(from, from + 6), { 'service.name': 's' });
    const { aggregation, add } = start({ maxSeries: 10, maxBytes: measured.aggregation.bytes });
    const results = [0, 6].map((from) => add('w', many(10).slice(from, from + 6), { 'service.name': 's' }));
    expect([results.map(({ dropped }) => dropped), aggregation.series]).toEqual([[{}, {}], 10]);
    expect(add('w', [counter('c', 1, { index: 100 })], { 'service.name': 's' }).dropped).toEqual({
      series_limit: 1,
    });
  });

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

  it('hold for the names of services', () => {
    const { aggregation, add } = start({ maxBytes: 1e6 });
    const before = heapBytes();
    for (let service = 0; service < 50; service += 1) {
      add(`w${service}`, [], { 'service.name': `${'s'.repeat(1e6)}${service}` });
    }
    expect(heapBytes() - before).toBeLessThan(10e6);
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
    expect(resultOf(aggregation.collect(0)).length).toBe(100);
  });

  it('free everything when the workers have ended and all was exported', () => {
    const { aggregation, add } = start();
    for (let service = 0; service < 100; service += 1) {
      add(`w${service}`, many(4), { 'service.name': `s${service}` });
    }
    for (let service = 0; service < 100; service += 1) aggregation.removeWorker(`w${service}`);
    for (let round = 0; round < 2; round += 1) resultOf(aggregation.collect(0));
    expect({ series: aggregation.series, bytes: aggregation.bytes }).toEqual({ series: 0, bytes: 0 });
    add('w', [counter('c', 1)], { 'service.name': 'another' });
    expect(resultOf(aggregation.collect(0)).flatMap((batch) => pointsOf(batch))).toEqual([['c', 1]]);
  });
});

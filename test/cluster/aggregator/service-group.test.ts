import { describe, expect, it } from 'vitest';
import type { GaugeRule } from '../../../src/cluster/aggregator/gauge-rules.js';
import { ServiceGroup } from '../../../src/cluster/aggregator/service-group.js';
import { plainAttributes } from '../../../src/cluster/protocol/wire-attributes.js';
import { heapBytes } from '../../support/heap.js';
import { batchOf, counter, exponential, gauge, histogram, pointsOf, upDown } from '../support/metrics.js';
import { resultOf } from '../support/result-of.js';

const NOTHING = { series: 0, bytes: 0 };

type Metrics = Parameters<typeof batchOf>[0];

function start(rule: GaugeRule = 'perWorker', { maxSeries = 100, maxBytes = 1e6 } = {}) {
  const group = new ServiceGroup({
    ...{ gaugeRule: () => rule, instanceAttribute: 'service.instance.id', maxSeries, maxBytes },
    timeOfDay: () => 1_700_000_000_250,
  });
  const add = (
    id: string,
    metrics: Metrics,
    { now = 0, isLive = true, resource = {}, others = NOTHING } = {},
  ) =>
    group.add(
      { id, instance: `i${id}`, staleAfterMillis: 30, isLive },
      { resource: plainAttributes(resource), scopeMetrics: batchOf(metrics).scopeMetrics },
      now,
      others,
    );
  return { group, add, collect: (now = 0) => pointsOf(resultOf(group.collect(now))) };
}

describe('counters and histograms', () => {
  it('of all workers are added up once', () => {
    const { add, collect } = start();
    const of = (count: number) => ({
      buckets: { boundaries: [1], counts: [0, count] },
      count,
      sum: 5 * count,
    });
    add('a', [counter('c', 1), counter('c', 2, { k: 'v' }), histogram('h', of(1))]);
    add('b', [counter('c', 10), histogram('h', of(2))]);
    add('a', [counter('c', 100)]);
    expect(collect()).toEqual([
      ['c', 111],
      ['c{"k":"v"}', 2],
      ['h', { buckets: { boundaries: [1], counts: [0, 3] }, count: 3, sum: 15 }],
    ]);
    expect(collect()).toEqual([]);
  });

  it('keep attributes that are lists', () => {
    const { add, collect } = start();
    for (const id of ['a', 'b']) add(id, [counter('c', 1, { list: ['x', 'y'] })]);
    expect(collect()).toEqual([['c{"list":["x","y"]}', 2]]);
  });

  it('stay when their worker ends', () => {
    const { group, add, collect } = start();
    add('a', [counter('c', 1)]);
    group.removeWorker('a');
    add('a', [counter('c', 2), gauge('g', 1)], { isLive: false });
    expect(collect()).toEqual([['c', 3]]);
  });

  it('with different boundaries are added up separately, in any order of workers', () => {
    const { add, collect } = start();
    const of = (boundary: number) => ({
      buckets: { boundaries: [boundary], counts: [1, 0] },
      count: 1,
      sum: 1,
    });
    for (let round = 0; round < 3; round += 1) {
      for (const boundary of [1, 2]) add(String(boundary), [histogram('h', of(boundary))]);
    }
    expect(collect()).toEqual(
      [1, 2].map((boundary) => [
        'h',
        { buckets: { boundaries: [boundary], counts: [3, 0] }, count: 3, sum: 3 },
      ]),
    );
  });

  it('with different scales are merged at the lower scale', () => {
    const { add, collect } = start();
    const of = (scale: number, offset: number, bucketCounts: number[]) => ({
      ...{ count: 2, sum: 4, min: 1, max: 3, scale, zeroCount: 0 },
      ...{ positive: { offset, bucketCounts }, negative: { offset: 0, bucketCounts: [] } },
    });
    add('a', [exponential('e', of(1, 2, [1, 1]))]);
    add('b', [exponential('e', of(0, 0, [1, 1]))]);
    expect(collect()).toEqual([['e', { ...of(0, 0, [1, 3]), count: 4, sum: 8 }]]);
  });
});

describe('up-down counters', () => {
  it('are one metric in each export while they go on', () => {
    const { group, add } = start();
    add('a', [upDown('u', 1)]);
    const names = [1, 2].map(() =>
      resultOf(group.collect(0))!.scopeMetrics.map(({ metrics }) => metrics.map((m) => m.descriptor.name)),
    );
    expect(names).toEqual([[['u']], [['u']]]);
  });

  it('are the sum over live workers, and 0 once after the last has ended', () => {
    const { group, add, collect } = start();
    add('a', [upDown('in flight', 3), upDown('in flight', 1, { k: 'v' })]);
    add('b', [upDown('in flight', 4)]);
    expect(collect()).toEqual([
      ['in flight', 7],
      ['in flight{"k":"v"}', 1],
    ]);
    add('a', [upDown('in flight', 2)]);
    expect(collect()).toEqual([
      ['in flight', 6],
      ['in flight{"k":"v"}', 1],
    ]);
    group.removeWorker('a');
    expect(collect()).toEqual([
      ['in flight', 4],
      ['in flight{"k":"v"}', 0],
    ]);
    group.removeWorker('b');
    // The point needs a current time: some servers store values by time.
    const last = resultOf(group.collect(0))?.scopeMetrics[0]?.metrics[0];
    expect(last).toEqual({
      ...upDown('in flight', 0),
      dataPoints: [{ attributes: {}, startTime: [1, 0], endTime: [1_700_000_000, 250_000_000], value: 0 }],
    });
    expect({ collected: collect(), isEmpty: group.isEmpty }).toEqual({ collected: [], isEmpty: true });
  });

  it('are removed with a stale worker and return with it', () => {
    const { add, collect } = start();
    add('a', [upDown('u', 3)], { now: 0 });
    add('b', [upDown('u', 4)], { now: 20 });
    expect([collect(30), collect(31)]).toEqual([[['u', 7]], [['u', 4]]]);
    add('a', [upDown('u', 5)], { now: 40 });
    expect(collect(41)).toEqual([['u', 9]]);
  });
});

describe('an export', () => {
  it('is collected in steps, and has what was added before the first', () => {
    const { group, add, collect } = start('sum', { maxSeries: 1_000 });
    const counters = Array.from({ length: 500 }, (_, k) => counter('c', 1, { k }));
    add('a', counters);
    const steps = group.collect(0);
    steps.next();
    add('a', [counter('c', 10, { k: 0 }), counter('c', 10, { k: 499 })]);
    let more = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) more += 1;
    expect(pointsOf(step.value)).toEqual(counters.map((_, k) => [`c{"k":${k}}`, 1]));
    expect(step.value?.scopeMetrics.length).toBe(1);
    expect(more).toBeGreaterThan(20);
    expect(collect()).toEqual([
      ['c{"k":0}', 10],
      ['c{"k":499}', 10],
    ]);
  });

  it('keeps the name of a metric once, however many up-down counters have it', () => {
    const { group, add, collect } = start('sum', { maxBytes: 1e7 });
    const name = 'n'.repeat(1e6);
    add(
      'a',
      Array.from({ length: 100 }, (_, k) => upDown(name, k, { k })),
    );
    const before = heapBytes();
    expect(collect().length).toBe(100);
    expect(heapBytes() - before).toBeLessThan(10e6);
    group.removeWorker('a');
    expect(collect().map(([, value]) => value)).toEqual(Array(100).fill(0));
    expect(group.isEmpty).toBe(true);
  });
});

describe('gauges', () => {
  const three = (rule: GaugeRule) => {
    const world = start(rule);
    world.add('a', [gauge('g', 3, {}, 30)]);
    world.add('b', [gauge('g', 6, {}, 10)]);
    world.add('c', [gauge('g', 2, {}, 20)]);
    return world;
  };

  it.each<[GaugeRule, number]>([
    ['sum', 11],
    ['max', 6],
    ['min', 2],
    ['avg', 11 / 3],
    ['last', 3],
  ])('become one by the rule %s', (rule, value) => {
    expect(three(rule).collect()).toEqual([['g', value]]);
  });

  it('are one series per live worker by default', () => {
    const { group, collect } = three('perWorker');
    group.removeWorker('b');
    const all = [
      ['g{"service.instance.id":"ic"}', 2],
      ['g{"service.instance.id":"ia"}', 3],
    ];
    expect([collect(), collect()]).toEqual([all, all]);
    group.removeWorker('a');
    group.removeWorker('c');
    expect(collect()).toEqual([]);
  });
});

describe('memory', () => {
  it('is bounded for counters and for gauges, and refused points are counted', () => {
    const { group, add } = start('sum', { maxSeries: 2 });
    const many = [1, 2, 3].flatMap((k) => [counter('c', 1, { k }), gauge('g', 1, { k })]);
    const refused = { merged: 0, dropped: { series_limit: 4 } };
    expect([add('a', many), add('a', many), group.series]).toEqual([refused, refused, 2]);
    group.removeWorker('a');
    expect(group.series).toBe(0);
  });
});

describe('the limits of a service', () => {
  const resource = { 'service.name': 'shop' };
  const metrics = [counter('c', 1), gauge('g', 1)];
  /** Bytes with the resource alone, and with a counter and a gauge besides. */
  const measured = (): [number, number] => {
    const { group, add } = start('sum');
    add('a', [], { resource });
    resultOf(group.collect(0));
    const before = group.bytes;
    add('a', metrics, { resource });
    return [before, group.bytes];
  };

  it.each([0, 7])('hold for its counters and gauges together, and for those of %d other series', (series) => {
    const others = { series, bytes: 0 };
    const { group, add } = start('sum', { maxSeries: series + 2 });
    expect(add('a', metrics, { others }).dropped).toEqual({});
    expect([add('a', [counter('d', 1), gauge('h', 1)], { others }).dropped, group.series]).toEqual([
      { series_limit: 2 },
      2,
    ]);
  });

  it.each([0, 1_000])('hold for its bytes, the resource included, and for %d others', (bytes) => {
    const [before, all] = measured();
    const added = (maxBytes: number): unknown => {
      const { group, add } = start('sum', { maxBytes: bytes + maxBytes });
      const others = { series: 0, bytes };
      add('a', [], { resource, others });
      resultOf(group.collect(0));
      expect(group.bytes).toBe(before);
      return [add('a', metrics, { resource, others }).dropped.series_limit ?? 0, group.bytes];
    };
    expect([added(all), added(all - 1)]).toEqual([
      [0, all],
      [1, expect.any(Number)],
    ]);
  });

  it('hold for gauges after counters, with the bytes of both and of the resource', () => {
    const added = (maxBytes: number) => {
      const { group, add } = start('sum', { maxBytes });
      add('a', [counter('c', 1)], { resource });
      const { dropped } = add('a', [gauge('g', 1)], { resource });
      return { dropped, bytes: group.bytes };
    };
    const { bytes } = added(1e6);
    expect([added(bytes), added(bytes - 1)]).toEqual([
      { dropped: {}, bytes },
      { dropped: { series_limit: 1 }, bytes: expect.any(Number) },
    ]);
  });

  it.each([true, false])(
    'leave out the resource of a worker for which there is no room: live %j',
    (isLive) => {
      const bytes = 50 + 2 * 'service.name'.length + 2 * 'shop'.length;
      const kept = (maxBytes: number, others: number): boolean => {
        const { group, add } = start('sum', { maxBytes });
        add('a', [], { resource, isLive, others: { series: 0, bytes: others } });
        return group.bytes > 0;
      };
      expect([kept(bytes, 0), kept(bytes - 1, 0), kept(bytes + 9, 9), kept(bytes + 8, 9)]).toEqual([
        true,
        false,
        true,
        false,
      ]);
    },
  );
});

describe('a service', () => {
  it('is empty when it has no live worker and nothing to send', () => {
    const { group, add, collect } = start();
    const seen = [group.isEmpty];
    const see = (): void => void seen.push(group.isEmpty);
    add('a', []);
    see();
    group.removeWorker('a');
    see();
    add('a', [counter('c', 1)], { isLive: false });
    see();
    collect();
    see();
    add('b', [upDown('u', 1)]);
    collect();
    group.removeWorker('b');
    see();
    collect();
    see();
    expect(seen).toEqual([true, false, true, false, true, false, true]);
  });
});

describe('the resource', () => {
  const attributes = (group: ServiceGroup) => resultOf(group.collect(0))?.resource.attributes;

  it('has the attributes that all live workers share, without those of a single process', () => {
    const { group, add } = start();
    const resource = { 'service.name': 'shop', 'service.version': '1', 'process.pid': 7 };
    add('a', [upDown('u', 1)], { resource });
    expect(attributes(group)).toEqual({ 'service.name': 'shop', 'service.version': '1' });
    add('b', [upDown('u', 1)], { resource: { ...resource, 'service.version': '2' } });
    expect(attributes(group)).toEqual({ 'service.name': 'shop' });
    group.removeWorker('a');
    expect(attributes(group)).toEqual({ 'service.name': 'shop', 'service.version': '2' });
    group.removeWorker('b');
    expect(attributes(group)).toEqual({ 'service.name': 'shop', 'service.version': '2' });
  });

  it('is the same object while its attributes stay the same', () => {
    const { group, add } = start();
    const resources = ['a', 'b', 'a'].map((id) => {
      add(id, [counter('c', 1)], { resource: { 'service.name': 'shop', 'process.pid': id } });
      return resultOf(group.collect(0))?.resource;
    });
    expect(new Set(resources).size).toBe(1);
  });

  it('is that of a worker that has ended before the next export', () => {
    const { group, add } = start();
    add('a', [counter('c', 1)], { resource: { 'service.name': 'shop' } });
    group.removeWorker('a');
    expect(attributes(group)).toEqual({ 'service.name': 'shop' });
  });

  it('may come from a batch read after its worker had ended', () => {
    const { group, add } = start();
    add('a', [counter('c', 1)], { isLive: false, resource: { 'service.name': 'shop' } });
    expect(attributes(group)).toEqual({ 'service.name': 'shop' });
  });
});

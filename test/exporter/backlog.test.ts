import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { Backlog } from '../../src/exporter/backlog.js';
import { batchOf, counter, gauge, pointsOfSeries } from '../support/mapping.js';

/** Series number `first` to `last` of a delta counter, each with value 1. */
function counters(first: number, last: number): ResourceMetrics {
  return batchOf([counter(pointsOfSeries(last - first + 1, { first }))]);
}

function valuesOf(slice: ResourceMetrics): unknown[] {
  return slice.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value)),
  );
}

class FakePressure {
  behind = false;
  bytes = 0;
  isOverSoftLimit(): boolean {
    return this.behind;
  }
  heldBytes(): number {
    return this.bytes;
  }
}

function dropNone(reason: string): never {
  return expect.unreachable(reason);
}

/** Answers how many points had no room. */
function add(backlog: Backlog, batch: ResourceMetrics): number {
  const steps = backlog.steps(batch);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

describe('a backlog', () => {
  it('is clear while it is empty and the transport keeps up', () => {
    const pressure = new FakePressure();
    const backlog = new Backlog({ maxSeries: 10, maxBytes: 1e6 }, pressure, dropNone);
    expect(backlog.isClear).toBe(true);
    pressure.behind = true;
    expect(backlog.isClear).toBe(false);
    add(backlog, counters(1, 1));
    pressure.behind = false;
    expect(backlog.isClear).toBe(false);
    expect([...backlog.drain()].map(valuesOf)).toEqual([[1]]);
    expect(backlog.isClear).toBe(true);
  });

  it('merges batches and drains them once the transport keeps up', () => {
    const pressure = new FakePressure();
    pressure.behind = true;
    const backlog = new Backlog({ maxSeries: 10, maxBytes: 1e6 }, pressure, dropNone);
    for (let round = 0; round < 360; round += 1) add(backlog, counters(1, 3));
    expect([...backlog.drain()]).toEqual([]);
    expect({ series: backlog.series, coalescedPoints: backlog.coalescedPoints }).toEqual({
      series: 3,
      coalescedPoints: 359 * 3,
    });
    pressure.behind = false;
    expect([...backlog.drain()].map(valuesOf)).toEqual([[360, 360, 360]]);
    expect(backlog.series).toBe(0);
  });

  it('drains in slices, and stops when the transport is over its soft limit again', () => {
    const pressure = new FakePressure();
    const backlog = new Backlog({ maxSeries: 10_000, maxBytes: 1e8 }, pressure, dropNone);
    add(backlog, counters(1, 2_500));
    const drain = backlog.drain();
    expect(valuesOf(drain.next().value as ResourceMetrics)).toHaveLength(1000);
    pressure.behind = true;
    expect(drain.next().done).toBe(true);
    expect(backlog.series).toBe(1500);
    expect(backlog.discard()).toBe(1500);
    expect({ series: backlog.series, discarded: backlog.discard() }).toEqual({ series: 0, discarded: 0 });
  });

  it('refuses series beyond its limits, the queue’s bytes included', () => {
    const pressure = new FakePressure();
    const bySeries = new Backlog({ maxSeries: 2, maxBytes: 1e6 }, pressure, dropNone);
    expect(add(bySeries, counters(1, 5))).toBe(3);
    pressure.bytes = 1e6;
    const byBytes = new Backlog({ maxSeries: 10, maxBytes: 1e6 }, pressure, dropNone);
    expect(add(byBytes, counters(1, 5))).toBe(5);
  });

  it('completes a merge in progress before another is merged at once, so that the latest value of a gauge wins', () => {
    const backlog = new Backlog({ maxSeries: 1_000, maxBytes: 1e7 }, new FakePressure(), dropNone);
    const gauges = (value: number): ResourceMetrics => batchOf([gauge(pointsOfSeries(1_000, { value }))]);
    const steps = backlog.steps(gauges(1));
    steps.next();
    expect(backlog.add(gauges(2))).toBe(0);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect([step.value, backlog.coalescedPoints, [...backlog.drain()].flatMap(valuesOf)]).toEqual([
      0,
      1_000,
      Array(1_000).fill(2),
    ]);
  });

  it('has attributes of its own, which the app cannot change later', () => {
    const backlog = new Backlog({ maxSeries: 10, maxBytes: 1e6 }, new FakePressure(), dropNone);
    const hosts = ['a', 'b'];
    const batch = counters(1, 1);
    const [point] = batch.scopeMetrics[0]!.metrics[0]!.dataPoints;
    Object.assign(point!, { attributes: { hosts, name: 'x' } });
    add(backlog, batch);
    hosts[0] = 'c';
    const attributes = [...backlog.drain()].flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ dataPoints }) => dataPoints.map((p) => p.attributes)),
      ),
    );
    expect(attributes).toEqual([{ hosts: ['a', 'b'], name: 'x' }]);
  });

  it('keeps what is merged at once until its resource is known', () => {
    const backlog = new Backlog({ maxSeries: 100, maxBytes: 1e6 }, new FakePressure(), dropNone);
    const pending = counters(1, 2);
    Object.assign(pending.resource, { asyncAttributesPending: true });
    backlog.add(pending);
    const before = [backlog.isSendable, [...backlog.drain()]];
    add(backlog, counters(2, 3));
    expect([before, backlog.isSendable, [...backlog.drain()].flatMap(valuesOf)]).toEqual([
      [false, []],
      true,
      [1, 2, 1],
    ]);
  });
});

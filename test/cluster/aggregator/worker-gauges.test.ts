import type { MetricData } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkerGauges } from '../../../src/cluster/aggregator/worker-gauges.js';
import { gauge, upDown } from '../support/metrics.js';
import { resultOf } from '../support/result-of.js';

const SCOPE = { name: 's' };
const NO_LIMIT = { series: Infinity, bytes: Infinity };

function start() {
  const gauges = new WorkerGauges();
  return {
    gauges,
    /** Returns how many points were refused. */
    update: (
      id: string,
      metric: MetricData,
      { now = 0, limits = NO_LIMIT, staleAfterMillis = 30 } = {},
    ): number =>
      gauges.update({ id, instance: `i${id}`, staleAfterMillis }, { scope: SCOPE, metric }, now, limits),
    /** Metrics with the contributions to each of their series. */
    fold: (now = 0) =>
      [...resultOf(gauges.fold(now)).values()].map(({ scope, metric, series }) => [
        `${scope.name} ${metric.descriptor.name}`,
        [...series.values()].map((each) => each.map(({ instance, point }) => `${instance}=${point.value}`)),
      ]),
  };
}

/** One metric with a point for each of these values. */
function gaugeOf(name: string, values: readonly number[]): MetricData {
  const points = values.map((value, k) => gauge(name, value, { k }).dataPoints[0]!);
  return { ...gauge(name, 0), dataPoints: points } as MetricData;
}

describe('the gauges of workers', () => {
  it('are the latest of each worker, by metric and series', () => {
    const { update, fold } = start();
    update('a', gaugeOf('g', [1, 2]));
    update('b', gaugeOf('g', [3]));
    update('a', gaugeOf('g', [4]));
    update('a', upDown('u', 5));
    expect(fold()).toEqual([
      ['s g', [['ia=4', 'ib=3'], ['ia=2']]],
      ['s u', [['ia=5']]],
    ]);
  });

  it('have the most recent last', () => {
    const { update, fold } = start();
    update('a', gauge('g', 1, {}, 20));
    update('b', gauge('g', 2, {}, 30));
    update('c', gauge('g', 3, {}, 10));
    update('d', gauge('g', 4, {}, 30));
    expect(fold()).toEqual([['s g', [['ia=1', 'ic=3', 'ib=2', 'id=4']]]]);
  });

  it('are removed one by one when they become stale, by the time of each', () => {
    const { gauges, update, fold } = start();
    update('a', gaugeOf('g', [1, 2]), { now: 0 });
    update('a', gaugeOf('g', [3]), { now: 10 });
    expect([fold(30), fold(31), gauges.series]).toEqual([
      [['s g', [['ia=3'], ['ia=2']]]],
      [['s g', [['ia=3']]]],
      1,
    ]);
    update('a', upDown('u', 1), { now: 40, staleAfterMillis: 5 });
    expect([fold(40), fold(46), gauges.series, gauges.bytes]).toEqual([[['s u', [['ia=1']]]], [], 0, 0]);
  });

  it('that are stale are removed once, also if their worker ends during a collection', () => {
    const { gauges, update } = start();
    update('a', gaugeOf('g', [1, 2]));
    update('b', gaugeOf('g', [3]), { now: 100 });
    const { bytes } = gauges;
    const steps = gauges.fold(100);
    steps.next();
    gauges.remove('a');
    const [folded] = resultOf(steps).values();
    expect([[...folded!.series.values()].flat().map(({ point }) => point.value), gauges.series]).toEqual([
      [3],
      1,
    ]);
    expect([gauges.bytes > 0, gauges.bytes < bytes]).toEqual([true, true]);
    gauges.remove('b');
    expect([gauges.series, gauges.bytes]).toEqual([0, 0]);
  });

  it('free their memory when their worker ends', () => {
    const { gauges, update, fold } = start();
    update('a', gaugeOf('g', [1, 2]));
    const one = gauges.bytes;
    update('b', gaugeOf('g', [1, 2]));
    update('b', gaugeOf('g', [3, 4]));
    expect([gauges.series, gauges.bytes]).toEqual([4, 2 * one]);
    gauges.remove('b');
    gauges.remove('b');
    expect([gauges.series, gauges.bytes, fold()]).toEqual([2, one, [['s g', [['ia=1'], ['ia=2']]]]]);
    gauges.remove('a');
    expect([gauges.series, gauges.bytes, fold()]).toEqual([0, 0, []]);
  });

  it('may reach the limit of series, beyond which known ones are still updated', () => {
    const { gauges, update, fold } = start();
    const limits = { series: 2, bytes: Infinity };
    expect([update('a', gaugeOf('g', [1, 2, 3]), { limits }), gauges.series]).toEqual([1, 2]);
    expect([update('a', gaugeOf('g', [4, 5, 6]), { limits }), gauges.series]).toEqual([1, 2]);
    expect([update('b', gaugeOf('h', [7]), { limits }), fold()]).toEqual([
      1,
      [['s g', [['ia=4'], ['ia=5']]]],
    ]);
  });

  it('may reach the limit of bytes, in which each metric counts once', () => {
    const measured = start();
    const sizes = [[1], [1, 2], [1, 2, 3]].map((values) => {
      measured.update('a', gaugeOf('g', values));
      return measured.gauges.bytes;
    });
    const [one = 0, two = 0, three = 0] = sizes;
    // The first point comes with its metric.
    expect([three - two, one > two - one]).toEqual([two - one, true]);
    for (const [bytes, refused] of [
      [three, 0],
      [three - 1, 1],
      [two, 1],
      [two - 1, 2],
      [one, 2],
      [one - 1, 3],
    ] as const) {
      const { gauges, update } = start();
      expect(update('a', gaugeOf('g', [1, 2, 3]), { limits: { series: 9, bytes } })).toBe(refused);
      expect(gauges.bytes).toBe([three, two, one, 0][refused]);
    }
  });

  it('that were refused leave no metric behind', () => {
    const { gauges, update } = start();
    expect(update('a', gaugeOf('g', [1]), { limits: { series: 0, bytes: 0 } })).toBe(1);
    expect(update('a', gaugeOf('g', [1]))).toBe(0);
    const { bytes } = gauges;
    gauges.remove('a');
    expect([bytes > 0, gauges.bytes, gauges.series]).toEqual([true, 0, 0]);
  });

  it('are folded once each, whatever workers send and however they end between two steps', () => {
    const anyAction = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      name: fc.constantFrom('g', 'h'),
      values: fc.array(fc.integer(), { minLength: 1, maxLength: 3 }),
      isEnd: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyAction), fc.array(anyAction), (before, during) => {
        const { gauges, update } = start();
        const act = ({ id, name, values, isEnd }: (typeof before)[number]): void =>
          isEnd ? gauges.remove(id) : void update(id, gaugeOf(name, values));
        for (const action of before) act(action);
        const steps = gauges.fold(0);
        const left = [...during];
        let step = steps.next();
        while (step.done !== true) {
          const action = left.shift();
          if (action !== undefined) act(action);
          step = steps.next();
        }
        for (const { series } of step.value.values()) {
          for (const each of series.values()) {
            expect(new Set(each.map(({ instance }) => instance)).size).toBe(each.length);
          }
        }
        for (const id of ['a', 'b', 'c']) gauges.remove(id);
        expect([gauges.series, gauges.bytes]).toEqual([0, 0]);
      }),
    );
  });
});

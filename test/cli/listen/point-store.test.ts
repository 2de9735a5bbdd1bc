import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PointKind, PointList, PointStore } from '../../../src/cli/listen/point-store.js';

const store = (limits: Partial<PointStore['limits']> = {}): PointStore =>
  new PointStore({ stepSeconds: 1, spanSeconds: 3_600, maxBytes: 2 ** 30, ...limits });

function points(kind: PointKind, adds: readonly [number, number, number][], stepSeconds = 1): unknown[] {
  const list = new PointList(store({ stepSeconds }), kind);
  for (const [second, value, amount] of adds) list.add(second, value, amount);
  return [...list.from(0)];
}

describe('a step', () => {
  it('of a counter holds the sum', () => {
    const adds: [number, number, number][] = [
      [1, 0, 3],
      [1, 0, 4],
      [3, 0, 5],
    ];
    expect(points('sum', adds)).toEqual([
      { second: 1, value: 7, low: 7, high: 7 },
      { second: 3, value: 5, low: 5, high: 5 },
    ]);
  });

  it('of a gauge holds the last value, the smallest and the largest', () => {
    const adds: [number, number, number][] = [
      [60, -5, 1],
      [61, 9, 1],
      [119, 2, 1],
      [120, 4, 1],
    ];
    expect(points('value', adds, 60)).toEqual([
      { second: 60, value: 2, low: -5, high: 9 },
      { second: 120, value: 4, low: 4, high: 4 },
    ]);
  });

  it('of a timer holds the weighted mean, the smallest and the largest value', () => {
    const adds: [number, number, number][] = [
      [7, 10, 3],
      [7, 2, 1],
    ];
    expect(points('timing', adds)).toEqual([{ second: 7, value: 8, low: 2, high: 10 }]);
  });
});

it('a list returns what was added since a second, whatever the number of blocks', () => {
  const anyTimes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 400 });
  fc.assert(
    fc.property(anyTimes, fc.nat({ max: 900 }), (gaps, from) => {
      const list = new PointList(store(), 'sum');
      let second = 0;
      const seconds = gaps.map((gap) => {
        second += gap;
        list.add(second, 0, second);
        return second;
      });
      expect([...list.from(from)].map((point) => [point.second, point.value])).toEqual(
        seconds.filter((each) => each >= from).map((each) => [each, each]),
      );
    }),
  );
});

describe('memory', () => {
  it('is bounded: the oldest full block of all series is given up for a new one', () => {
    const limited = store({ maxBytes: 20_000 });
    const [busy, quiet] = [new PointList(limited, 'sum'), new PointList(limited, 'sum')];
    for (let second = 0; second < 3_000; second += 1) {
      busy.add(second, 0, 1);
      if (second % 100 === 0) quiet.add(second, 0, 1);
    }
    const busySeconds = [...busy.from(0)].map(({ second }) => second);
    expect(limited.bytes).toBeLessThanOrEqual(20_000);
    expect([busySeconds[0], busySeconds.at(-1), busy.lostUntil]).toEqual([2_112, 2_999, 2_111]);
    expect([...quiet.from(0)]).toHaveLength(30);
  });

  it('is freed of blocks that are older than the span', () => {
    const short = store({ spanSeconds: 100 });
    const [old, recent] = [new PointList(short, 'sum'), new PointList(short, 'sum')];
    for (let second = 0; second < 65; second += 1) old.add(second, 0, 1);
    recent.add(1_000, 0, 1);
    expect([[...old.from(0)].map(({ second }) => second), old.lostUntil]).toEqual([[64], 63]);
  });
});

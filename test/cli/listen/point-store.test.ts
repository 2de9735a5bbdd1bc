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

  it('has the smallest and the largest value also where all are below zero', () => {
    expect(points('value', [[1, -5, 1]])).toEqual([{ second: 1, value: -5, low: -5, high: -5 }]);
    expect(points('timing', [[1, -5, 1]])).toEqual([{ second: 1, value: -5, low: -5, high: -5 }]);
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
  const anyTimes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 400, size: 'max' });
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
  it('is bounded also after thousands of blocks: each is given up once', () => {
    const limited = store({ maxBytes: 20_000 });
    const [first, second] = [new PointList(limited, 'sum'), new PointList(limited, 'sum')];
    for (let at = 0; at < 200_000; at += 1) first.add(at, 0, 1);
    for (let at = 200_000; at < 300_000; at += 1) second.add(at, 0, 1);
    const kept = [...second.from(0)].map((point) => point.second);
    expect([kept.length < 2_000, kept.at(-1), limited.bytes <= 20_000]).toEqual([true, 299_999, true]);
  });

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

  it('holds as many blocks as fit exactly', () => {
    // 64 points of two numbers, and 256 bytes.
    const limited = store({ maxBytes: 2 * (64 * 16 + 256) });
    const list = new PointList(limited, 'sum');
    const add = (from: number, to: number): void => {
      for (let second = from; second < to; second += 1) list.add(second, 0, 1);
    };
    const first = (): unknown => [limited.bytes, list.lostUntil, [...list.from(0)][0]?.second];
    add(0, 128);
    expect(first()).toEqual([2_560, -Infinity, 0]);
    add(128, 129);
    expect(first()).toEqual([2_560, 63, 64]);
  });

  it('holds a block as long as its last point is within the span', () => {
    const ends = [163, 164].map((second) => {
      const short = store({ spanSeconds: 100 });
      const [old, recent] = [new PointList(short, 'sum'), new PointList(short, 'sum')];
      for (let at = 0; at < 65; at += 1) old.add(at, 0, 1);
      recent.add(second, 0, 1);
      return old.lostUntil;
    });
    expect(ends).toEqual([-Infinity, 63]);
  });

  it('stays right after thousands of blocks', () => {
    const limited = store({ maxBytes: 20_000 });
    const lists = [new PointList(limited, 'sum'), new PointList(limited, 'value')];
    for (let second = 0; second < 100_000; second += 1) {
      for (const list of lists) list.add(second, second, second);
    }
    const facts = lists.map((list) => {
      const seconds = [...list.from(0)].map((point) => point.second);
      return [seconds[0], seconds.length, list.lostUntil];
    });
    // Of 1,280 and 2,304 bytes a block, five of each fit; the last ones hold 32 points.
    expect([limited.bytes, facts]).toEqual([
      17_920,
      [
        [99_712, 288, 99_711],
        [99_712, 288, 99_711],
      ],
    ]);
  });
});

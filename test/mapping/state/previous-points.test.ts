import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../src/mapping/state/instant.js';
import { PreviousPoints } from '../../../src/mapping/state/previous-points.js';
import { SeriesState } from '../../../src/mapping/state/series-state.js';

interface Point {
  readonly startTime: Instant;
  readonly endTime: Instant;
}

function pointAt(start: number, end: number): Point {
  return { startTime: [start, 0], endTime: [end, 0] };
}

describe('the previous points of cumulative series', () => {
  it('are replaced by the later ones', () => {
    const points = new PreviousPoints<Point>(10);
    const [first, second] = [pointAt(1, 2), pointAt(1, 3)];
    expect([points.replace('a', first, first), points.replace('a', second, second)]).toEqual([
      'first',
      first,
    ]);
    expect(points.replace('a', first, first)).toBe(second);
  });

  it('are kept for any number of exports while at most half of the room is taken', () => {
    const points = new PreviousPoints<Point>(2);
    const point = pointAt(1, 2);
    points.replace('a', point, point);
    for (let index = 0; index < 1_000; index++) points.beginExport();
    expect(points.replace('a', pointAt(1, 9), pointAt(1, 9))).toBe(point);
  });

  it('of series that are gone make room within 21 exports', () => {
    const points = new PreviousPoints<Point>(4);
    const take = (key: string, point: Point): unknown => points.replace(key, point, point);
    for (const key of ['a', 'b', 'c', 'd']) take(key, pointAt(1, 2));
    const lasting: unknown[] = [];
    for (let end = 3; end < 24; end++) {
      expect(take('new', pointAt(end, end))).toBe('full');
      points.beginExport();
      lasting.push(typeof take('a', pointAt(1, end)));
    }
    points.beginExport();
    expect([take('new', pointAt(24, 25)), new Set(lasting)]).toEqual(['first', new Set(['object'])]);
  });

  it('are unknown of a series that begins no later than a forgotten one was seen', () => {
    const seen = pointAt(1, 5);
    const kinds = [pointAt(1, 9), pointAt(5, 9), pointAt(6, 9)].map((point) => {
      const points = new PreviousPoints<Point>(1);
      points.replace('a', seen, seen);
      for (let index = 0; index < 30; index++) points.beginExport();
      return points.replace('b', point, point);
    });
    expect(kinds).toEqual(['unknown', 'unknown', 'first']);
  });
});

describe('a series that was not known before', () => {
  const kindOf = (points: PreviousPoints<Point>, start: number): unknown =>
    points.replace('new', pointAt(start, 99), pointAt(start, 99));

  it('is the first of its kind as long as no other was forgotten, however old those are that are kept', () => {
    const points = new PreviousPoints<Point>(3);
    for (let end = 2; end < 60; end++) {
      for (const key of ['a', 'b']) points.replace(key, pointAt(1, end), pointAt(1, end));
      points.beginExport();
    }
    expect(kindOf(points, 1)).toBe('first');
  });

  it('is unknown until the latest time of all that were forgotten, in whatever order they came', () => {
    const kinds = [9, 10].map((start) => {
      const points = new PreviousPoints<Point>(2);
      for (const [key, end] of [
        ['a', 9],
        ['b', 5],
      ] as const)
        points.replace(key, pointAt(1, end), pointAt(1, end));
      for (let index = 0; index < 30; index++) points.beginExport();
      return kindOf(points, start);
    });
    expect(kinds).toEqual(['unknown', 'first']);
  });
});

const STEPS = 60;

/** A series over the exports: absent, present with some growth, or restarted. */
const life = fc.array(fc.constantFrom('absent', 'absent', 'absent', 'idle', 'grows', 'restarts'), {
  minLength: STEPS,
  maxLength: STEPS,
});
/** Stretches of absence long enough to be forgotten. */
const gaps = fc.array(fc.tuple(fc.nat({ max: STEPS - 1 }), fc.integer({ min: 1, max: 40 })), {
  maxLength: 2,
});

describe('cumulative series that come and go', () => {
  it('are never counted twice, whatever was forgotten', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.tuple(life, gaps), { minLength: 1, maxLength: 8 }),
        (maxSeries, lives) => {
          const { counted, measured } = play(maxSeries, lives);
          for (const [key, sum] of counted) expect(sum).toBeLessThanOrEqual(measured.get(key)!);
        },
      ),
    );
  });

  it('are counted whole as long as at most half of the room is taken', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(life, gaps), { minLength: 1, maxLength: 4 }), (lives) => {
        const { counted, measured } = play(8, lives);
        expect(counted).toEqual(measured);
      }),
    );
  });
});

type Life = readonly [readonly string[], readonly (readonly [number, number])[]];

/** What was counted of each series, and what its points say was measured until the last of them. */
function play(
  maxSeries: number,
  lives: readonly Life[],
): Record<'counted' | 'measured', Map<string, number>> {
  const state = new SeriesState(maxSeries);
  const counted = new Map<string, number>();
  const measured = new Map<string, number>();
  const add = (sums: Map<string, number>, key: string, value: number): void => {
    sums.set(key, (sums.get(key) ?? 0) + value);
  };
  const sources = lives.map(([steps, absences], index) => ({
    key: `s${index}`,
    steps: steps.map((step, at) =>
      absences.some(([from, length]) => at >= from && at < from + length) ? 'absent' : step,
    ),
    start: 1,
    value: 0,
    shown: 0,
  }));
  for (let now = 0; now < STEPS; now++) {
    state.beginExport();
    for (const source of sources) {
      const step = source.steps[now];
      // Anew, after its last point.
      if (step === 'restarts') Object.assign(source, { start: 10 * now + 15, value: 0, shown: 0 });
      if (step !== 'idle') source.value += now + 1;
      if (step === 'absent') continue;
      const { key, start, value, shown } = source;
      source.shown = value;
      add(measured, key, value - shown);
      add(counted, key, state.growth(key, { ...pointAt(start, 10 * now + 20), value }) ?? 0);
    }
  }
  return { counted, measured };
}

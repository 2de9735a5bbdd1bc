// Whether the fast path looks at points ahead is decided by time alone, and changes no line.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { ReadAhead } from '../../../src/mapping/fast-path/read-ahead.js';
import { batchOf, counter, gauge, mapperOf, point } from '../../support/mapping.js';

/** A run of the hot loop that is long enough for a trial. */
const POINTS = 256;
const HALF = POINTS / 2;

/** Runs of the loop, in which a half takes so many milliseconds; answers how many points each part looked at. */
function runsOf(aheadMillis: number, plainMillis: number, points = POINTS) {
  let time = 0;
  const readAhead = new ReadAhead(() => time);
  return (runs: number): number[] =>
    Array.from({ length: runs }, () => {
      if (!readAhead.isTrialDue(points)) return [readAhead.points];
      const looked: number[] = [];
      readAhead.tryBoth(0, points, (_to, ahead) => {
        looked.push(ahead);
        time += ahead > 0 ? aheadMillis : plainMillis;
        return true;
      });
      return looked;
    }).flat();
}

describe('reading ahead', () => {
  it('is usual before anything was measured', () => {
    expect(runsOf(1, 2)(4)).toEqual([8, 8, 8, 8, 0]);
  });

  it('is given up when it takes longer, and tried again later', () => {
    const run = runsOf(2, 1);
    run(4);
    expect(run(4)).toEqual([0, 0, 0, 0, 8]);
    run(8);
    expect(run(32)).toEqual([...Array.from({ length: 31 }, () => 0), 8, 0]);
  });

  it('is tried seldom once it has won several times', () => {
    const run = runsOf(1, 2);
    run(16);
    expect(run(32)).toEqual([...Array.from({ length: 31 }, () => 8), 8, 0]);
  });

  it('stays as it is while both ways take the same time', () => {
    expect(runsOf(1, 1)(8)).toEqual([8, 8, 8, 8, 0, 8, 8, 8, 0, 8]);
  });

  it('is measured with as many points as two halves need', () => {
    expect(runsOf(1, 2, 128)(4)).toEqual([8, 8, 8, 8, 0]);
  });

  it('is usual as long as both ways have won as often', () => {
    let time = 0;
    let aheadMillis = 1;
    const readAhead = new ReadAhead(() => time);
    const trial = (): number => {
      readAhead.tryBoth(0, POINTS, (_to, ahead) => {
        time += ahead > 0 ? aheadMillis : 2;
        return true;
      });
      return readAhead.points;
    };
    const before = trial();
    aheadMillis = 3;
    expect([before, trial(), trial()]).toEqual([8, 8, 0]);
  });

  it('is not measured with few points', () => {
    expect(runsOf(2, 1, 127)(40)).toEqual(Array.from({ length: 40 }, () => 8));
  });

  it('learns nothing from a trial that ended before its last point', () => {
    let time = 0;
    const readAhead = new ReadAhead(() => time);
    const written: number[] = [];
    for (let run = 0; run < 100; run++) {
      if (!readAhead.isTrialDue(POINTS)) continue;
      readAhead.tryBoth(0, POINTS, (to, ahead) => {
        written.push(to);
        time += ahead;
        return false;
      });
    }
    expect(readAhead.points).toBe(8);
    expect(written).toEqual(Array.from({ length: 25 }, () => HALF));
  });
});

describe('points that are written in a trial', () => {
  /** Values that the slow path writes, or drops. */
  const slow = fc.constantFrom(-1, Number.NaN, 2 ** 60);

  it('have the lines of the slow path, wherever one of them needs it', () => {
    const slowPoints = fc.array(fc.tuple(fc.nat({ max: 999 }), slow), { maxLength: 4 });
    fc.assert(
      fc.property(slowPoints, fc.infiniteStream(fc.nat({ max: 3 })), (replaced, times) => {
        let time = 0;
        const now = () => (time += times.next().value!);
        const values = new Map(replaced);
        const points = Array.from({ length: 1_000 }, (_, series) =>
          point(values.get(series) ?? series + 0.5, { attributes: { series, half: series >> 1 } }),
        );
        const batch = batchOf([counter(points, { name: 'c' }), gauge(points, { name: 'g' })]);
        const asBytes = mapperOf(dialects.dogstatsd, {}, { now });
        const asText = mapperOf(dialects.dogstatsd, {}, { takesBytes: false });
        for (let count = 0; count < 3; count++) expect(asBytes(batch)).toEqual(asText(batch));
      }),
      { numRuns: 20 },
    );
  });
});

import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { MetricsMapper } from '../../../src/mapping/metrics-mapper.js';
import type { HistogramRules } from '../../../src/mapping/options.js';
import {
  batchOf,
  END,
  type Mapped,
  mapOnce,
  mapperOf,
  mappingOptions,
  point,
  recordingSink,
  START,
} from '../../support/mapping.js';

import { exponentialPoint } from '../../support/metrics/histogram-points.js';

const RULES: HistogramRules = { mode: 'samples', exactSum: true, percentiles: [] };

interface Recorded {
  readonly counts: readonly number[];
  readonly boundaries?: readonly number[];
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number | undefined;
}

function metric(recorded: Recorded, unit = 's', attributes: Record<string, string> = { r: 'a' }): MetricData {
  const { counts, boundaries = [1, 2], ...totals } = recorded;
  const count = counts.reduce((a, b) => a + b, 0);
  const value = { buckets: { boundaries: [...boundaries], counts: [...counts] }, count, ...totals };
  return {
    descriptor: { name: 'h', unit, description: '', valueType: 1 },
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [{ attributes, startTime: START, endTime: END, value }],
  } as MetricData;
}

function map(dialect: Dialect, recorded: Recorded, rules: Partial<HistogramRules> = {}, unit = 's'): Mapped {
  return mapOnce(dialect, [metric(recorded, unit)], { histograms: { ...RULES, ...rules } });
}

const THREE = { counts: [1, 1, 1], sum: 6, min: 0.5, max: 4 };

describe('mapHistogram in samples mode', () => {
  it('sends milliseconds where the type is ms, and the exact sum where the server cannot compute it', () => {
    expect([...map(dialects.statsd, THREE).lines].sort()).toEqual([
      'h.r.a:1500|ms',
      'h.r.a:4000|ms',
      'h.r.a:500|ms',
      'h.sum.r.a:6000|c',
    ]);
    expect(map(dialects.statsd, THREE, { exactSum: false }).lines).toHaveLength(3);
  });

  it('sends the exact maximum as a timer of its own where the server’s own is not exact', () => {
    const many = { counts: [500, 300, 200], sum: 1300, min: 0.1, max: 9.0001 };
    const maxima = (dialect: Dialect) =>
      map(dialect, many, { exactMax: true }).lines.filter((line) => line.startsWith('h.max'));
    expect([dialects.statsd, dialects.gostatsd, dialects.dogstatsd, dialects.vector].map(maxima)).toEqual([
      ['h.max.r.a:9000.1|ms'],
      ['h.max:9000.1|ms|#r:a'],
      [],
      [],
    ]);
    expect(map(dialects.statsd, { ...many, max: undefined }, { exactMax: true }).lines.join()).not.toContain(
      'h.max',
    );
    expect(map(dialects.statsd, many).lines.join()).not.toContain('h.max');
  });

  it('keeps the instrument’s unit for other types, and packs values where the server unpacks them', () => {
    expect(map(dialects.dogstatsd, THREE).lines).toEqual([expect.stringMatching(/^h:[\d.:]+\|d\|#r:a$/)]);
  });

  it('sends as many samples as asked for', () => {
    const many = { counts: [500, 300, 200], sum: 1300, min: 0.1, max: 9 };
    const { lines } = map(dialects.statsd, many, { maxSamples: 11, exactSum: false });
    expect(lines).toHaveLength(11);
    expect(weightOf(lines)).toBe(1000);
  });

  it('sends samples of a fixed weight, and a single one where there would be fewer than two', () => {
    const many = { counts: [500, 300, 200], sum: 1300, min: 0.1, max: 9 };
    const rules = { sampleWeight: 50, exactSum: false };
    expect(map(dialects.statsd, many, rules).lines).toHaveLength(20);
    expect(map(dialects.statsd, { counts: [99, 0, 0], sum: 49.5 }, rules).lines).toEqual([
      expect.stringMatching(/^h\.r\.a:500\|ms\|@0\.0101/),
    ]);
  });

  it('repeats a value whose weight the server would not count', () => {
    const heavy = { counts: [100_000, 0, 0], sum: 60_000, min: 0.1, max: 0.9 };
    const { lines } = map(dialects.netdata, heavy);
    expect(weightOf(lines)).toBe(100_000);
    expect(Math.max(...lines.map(weight))).toBeLessThanOrEqual(100);
  });

  it('sends a summary where it would take too many samples', () => {
    const { lines, warnings } = map(dialects.netdata, {
      counts: [1_000_000, 0, 0],
      sum: 6e5,
      min: 0.1,
      max: 0.9,
    });
    expect(lines).toEqual([
      'h.summary.count.r.a:1000000|c',
      'h.summary.sum.r.a:600000000|c',
      'h.summary.min.r.a:100|g',
      'h.summary.max.r.a:900|g',
    ]);
    expect(warnings).toEqual(['h summarised: too_many_samples']);
  });

  it('sends a summary where a fixed weight asks for more samples than memory could hold', () => {
    const { lines, warnings } = map(
      dialects.veneur,
      { counts: [1e15, 0, 0], sum: 6e14, min: 0.1, max: 0.9 },
      { sampleWeight: 1 },
    );
    expect({ lineCount: lines.length, warnings }).toEqual({
      lineCount: 4,
      warnings: ['h summarised: too_many_samples'],
    });
  });

  it.each([
    ['vector', 2 ** 32 - 1],
    ['dogstatsd', 2 ** 32],
  ] as const)('sends a summary of more recordings than %s can count', (name, most) => {
    const warningsOf = (count: number) =>
      map(dialects[name], { counts: [count, 0, 0], sum: 0.5 * count, min: 0.1, max: 0.9 }).warnings;
    expect([warningsOf(most), warningsOf(most + 1)]).toEqual([[], ['h summarised: too_many_recordings']]);
  });

  it.each(Object.values<Dialect>(dialects).filter(({ samples }) => samples.rate !== 'none'))(
    'sends at most as many samples as asked for to $name',
    (dialect) => {
      const most = Math.min(200_000, dialect.samples.maxWeight);
      const many = { counts: [most / 2, most / 4, most / 4], sum: 1.3 * most, min: 0.1, max: 9 };
      const lengths = [2, 3, 10, 101, 1001, 2000].map((maxSamples) => {
        const { lines, warnings } = map(dialect, many, { maxSamples, exactSum: false });
        expect({ weight: weightOf(lines), warnings }).toEqual({ weight: most, warnings: [] });
        return valuesIn(lines) <= maxSamples;
      });
      expect(lengths).toEqual(lengths.map(() => true));
    },
  );

  it('sends more samples than asked for where the server’s weight limit needs them, and says so', () => {
    const many = { counts: [5000, 3000, 2000], sum: 13_000, min: 0.1, max: 9 };
    const { lines, warnings } = map(dialects.netdata, many, { maxSamples: 20 });
    expect(weightOf(lines)).toBe(10_000);
    expect(warnings).toEqual([expect.stringMatching(/^metric "h".*maxSamples/)]);
    expect(lines.length).toBeLessThanOrEqual(120);
  });

  it('sends a summary of values below zero where the server rejects them', () => {
    const { lines, warnings } = map(dialects.statsd, { counts: [2, 0, 0], sum: -3, min: -2, max: -1 });
    expect(lines).toEqual([
      'h.summary.count.r.a:2|c',
      'h.summary.sum.r.a:-3000|c',
      'h.summary.min.r.a:0|g',
      'h.summary.min.r.a:-2000|g',
      'h.summary.max.r.a:0|g',
      'h.summary.max.r.a:-1000|g',
    ]);
    expect(warnings).toEqual(['h summarised: negative_values']);
  });
});

describe('mapHistogram in summary mode', () => {
  it('sends the instrument’s unit and the percentiles asked for', () => {
    const { lines } = map(dialects.dogstatsd, THREE, { mode: 'summary', percentiles: [50, 99.9] });
    expect(lines).toEqual([
      'h.count:3|c|#r:a',
      'h.sum:6|c|#r:a',
      'h.min:0.5|g|#r:a',
      'h.max:4|g|#r:a',
      'h.p50:1.5|g|#r:a',
      expect.stringMatching(/^h\.p99_9:3\.99\d*\|g\|#r:a$/),
    ]);
  });

  it('has no percentile outside of min and max, though percentiles are rounded', () => {
    const p50 = (value: number, known: object) =>
      map(
        dialects.dogstatsd,
        { counts: [0, 3, 0], ...known },
        { mode: 'summary', percentiles: [value] },
      ).lines.at(-1);
    expect([
      p50(50, { min: 1.23456749, max: 1.23456749 }),
      p50(50, { min: 1.23456751, max: 1.23456751 }),
      p50(50, {}),
    ]).toEqual(['h.p50:1.23456749|g|#r:a', 'h.p50:1.23456751|g|#r:a', 'h.p50:1.5|g|#r:a']);
  });

  it('has percentiles beside the name of the samples where samples cannot be sent', () => {
    const negative = { counts: [2, 0, 0], sum: -3, min: -2, max: -1 };
    expect(map(dialects.statsd, negative, { percentiles: [50] }).lines.slice(-2)).toEqual([
      'h.summary.p50.r.a:0|g',
      'h.summary.p50.r.a:-1500|g',
    ]);
  });

  it.each(['samples', 'summary', 'buckets'] as const)(
    'has the same lines as text and as bytes in mode %s',
    (mode) => {
      const histograms = { ...RULES, mode, percentiles: [50] };
      const [asBytes, asText] = [true, false].map((takesBytes) =>
        mapperOf(dialects.dogstatsd, { histograms }, { takesBytes })(batchOf([metric(THREE)])),
      );
      expect(asBytes!.lines.length).toBeGreaterThan(0);
      expect(asBytes).toEqual(asText);
    },
  );

  it('omits what is unknown', () => {
    expect(map(dialects.dogstatsd, { counts: [1, 0, 0] }, { mode: 'summary' }).lines).toEqual([
      'h.count:1|c|#r:a',
    ]);
  });
});

describe('mapHistogram in buckets mode', () => {
  it('keeps infinite boundaries when the unit changes', () => {
    const boundariesOf = (boundaries: readonly number[], counts: readonly number[]) =>
      map(dialects.statsd, { counts, boundaries }, { mode: 'buckets' }).lines;
    expect([boundariesOf([1, Infinity], [2, 3, 0]), boundariesOf([-Infinity, 1], [0, 2, 3])]).toEqual([
      ['h.bucket.le.1000.r.a:2|c', 'h.bucket.le.inf.r.a:3|c', 'h.count.r.a:5|c'],
      ['h.bucket.le.1000.r.a:2|c', 'h.bucket.le.inf.r.a:3|c', 'h.count.r.a:5|c'],
    ]);
  });

  it('sends a counter per filled bucket, tagged with its upper bound', () => {
    const recorded = { counts: [4, 0, 2], sum: 9 };
    expect(map(dialects.dogstatsd, recorded, { mode: 'buckets' }).lines).toEqual([
      'h.bucket:4|c|#le:1,r:a',
      'h.bucket:2|c|#le:inf,r:a',
      'h.count:6|c|#r:a',
      'h.sum:9|c|#r:a',
    ]);
    expect(map(dialects.statsd, recorded, { mode: 'buckets' }).lines[0]).toBe('h.bucket.le.1000.r.a:4|c');
  });

  it('uses the boundaries of the options before those of the point', () => {
    const recorded = { counts: [4, 0, 2], sum: 9, min: 0.5, max: 3 };
    expect(
      map(dialects.dogstatsd, recorded, { mode: 'buckets', boundaries: [1, 10] }).lines.slice(0, 2),
    ).toEqual(['h.bucket:4|c|#le:1,r:a', 'h.bucket:2|c|#le:10,r:a']);
  });

  it('uses 1-2-5 steps for a point without boundaries', () => {
    const recorded = { counts: [3], boundaries: [], sum: 4.5, min: 1.5, max: 1.5 };
    expect(map(dialects.dogstatsd, recorded, { mode: 'buckets' }).lines[0]).toBe('h.bucket:3|c|#le:2,r:a');
  });
});

describe('mapHistogram of cumulative series', () => {
  const cumulative = (points: Record<string, Recorded>): MetricData => {
    const dataPoints = Object.entries(points).flatMap(
      ([r, recorded]) => metric(recorded, 's', { r }).dataPoints as unknown[],
    );
    const temporality = AggregationTemporality.CUMULATIVE;
    return { ...metric(THREE), aggregationTemporality: temporality, dataPoints } as MetricData;
  };
  const earlier = { counts: [1, 1, 0], sum: 2 };
  const later = { counts: [2, 1, 0], sum: 2.75 };
  const many = { counts: [400, 301, 200], sum: 1300, min: 0.1, max: 9 };
  const more = { counts: [900, 601, 400], sum: 2600, min: 0.1, max: 9 };

  it.each([true, false])(
    'sends what each series recorded since its last point (as bytes: %s)',
    (takesBytes) => {
      const map = mapperOf(dialects.dogstatsd, {}, { takesBytes });
      map(batchOf([cumulative({ a: earlier, b: earlier, c: many })]));
      const { lines, drops } = map(batchOf([cumulative({ a: later, b: earlier, c: more })]));
      const ofMany = lines.filter((line) => line.endsWith('|#r:c'));
      expect({ drops, few: lines.filter((line) => !ofMany.includes(line)), many: weightOf(ofMany) }).toEqual({
        drops: {},
        few: ['h:0.75|d|#r:a'],
        many: 1_000,
      });
    },
  );

  it('drops the points of series beyond the limit', () => {
    const map = mapperOf(dialects.dogstatsd, { maxSeries: 1 });
    map(batchOf([cumulative({ a: earlier })]));
    expect(map(batchOf([cumulative({ a: later, b: earlier })]))).toMatchObject({
      lines: ['h:0.75|d|#r:a'],
      drops: { series_limit: 1 },
    });
  });
});

describe('mapHistogram', () => {
  it.each(['samples', 'summary', 'buckets'] as const)(
    'counts a delta point without recordings as dropped in mode %s',
    (mode) => {
      expect(map(dialects.dogstatsd, { counts: [0, 0, 0] }, { mode })).toEqual({
        groups: [],
        lines: [],
        drops: { non_finite: 1 },
        warnings: [],
      });
    },
  );

  it('converts the finite extreme of a point with infinite recordings to the unit of the lines', () => {
    const linesOf = (recorded: Recorded) => map(dialects.statsd, recorded, { mode: 'summary' }).lines;
    expect([
      linesOf({ counts: [1, 1, 1], sum: Infinity, min: 0.5, max: Infinity }),
      linesOf({ counts: [1, 1, 1], sum: -Infinity, min: -Infinity, max: 4 }),
    ]).toEqual([
      ['h.count.r.a:3|c', 'h.min.r.a:500|g'],
      ['h.count.r.a:3|c', 'h.max.r.a:4000|g'],
    ]);
  });

  it('does not warn of more samples than maxSamples where sampleWeight decides how many there are', () => {
    const recorded = { counts: [500, 300, 200], sum: 1300, min: 0.1, max: 9 };
    const { lines, warnings } = map(dialects.statsd, recorded, { maxSamples: 5, sampleWeight: 50 });
    expect([lines.length, warnings]).toEqual([21, []]);
  });

  it('warns of more samples than maxSamples under the name of the metric, so that each metric warns once', () => {
    const subjects: string[] = [];
    const rules = { ...RULES, maxSamples: 20 };
    const mapper = new MetricsMapper(mappingOptions(dialects.netdata, { histograms: rules }), () => 0);
    const batch = batchOf([metric({ counts: [5000, 3000, 2000], sum: 13_000, min: 0.1, max: 9 })]);
    mapper.map(batch, recordingSink([], true), {
      drop: () => undefined,
      summarise: () => undefined,
      warn: (subject) => subjects.push(subject),
    });
    expect(subjects).toEqual(['samples h']);
  });

  it('uses 1-2-5 steps for the buckets of an exponential histogram', () => {
    const exponential = {
      ...metric(THREE),
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      dataPoints: [point(exponentialPoint([1.5, 3, 70]))],
    } as MetricData;
    const options = { histograms: { ...RULES, mode: 'buckets' } } as const;
    expect(mapOnce(dialects.dogstatsd, [exponential], options).lines).toEqual([
      'h.bucket:1|c|#le:2',
      'h.bucket:1|c|#le:5',
      'h.bucket:1|c|#le:100',
      'h.count:3|c',
      'h.sum:74.5|c',
    ]);
  });
});

function weight(line: string): number {
  const rate = /@([\d.]+)/.exec(line)?.[1];
  return rate === undefined ? 1 : Math.trunc(1 / Number(rate));
}

function valuesIn(lines: readonly string[]): number {
  return lines.reduce((total, line) => total + line.slice(0, line.indexOf('|')).split(':').length - 1, 0);
}

function weightOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + weight(line) * valuesIn([line]), 0);
}

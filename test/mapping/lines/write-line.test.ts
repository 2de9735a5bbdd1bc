import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { HistogramScratch } from '../../../src/mapping/histograms/scratch.js';
import { lineSyntaxOf } from '../../../src/mapping/lines/line-syntax.js';
import { seriesText } from '../../../src/mapping/lines/series-text.js';
import { writeCounter, writeGauge, writeSetMember } from '../../../src/mapping/lines/write-line.js';
import type { MetricContext } from '../../../src/mapping/metric-context.js';
import { unitScale } from '../../../src/mapping/numbers/unit-scale.js';
import { PointDropped } from '../../../src/mapping/report.js';
import { SeriesState } from '../../../src/mapping/state/series-state.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { mappingOptions } from '../../support/mapping.js';

const TAGS: readonly Tag[] = [
  ['a', '1'],
  ['b', '2'],
];
const STAMP = { text: '|T100', second: 100 };

function contextOf(dialect: Dialect): {
  context: MetricContext;
  written: unknown[][];
  dropped: string[];
  warned: string[];
} {
  const written: unknown[][] = [];
  const warned: string[] = [];
  const dropped: string[] = [];
  const context: MetricContext = {
    metric: 'm',
    unit: '',
    scale: unitScale(1),
    options: mappingOptions(dialect),
    syntax: lineSyntaxOf(dialect),
    lines: undefined,
    sink: { write: (...group) => written.push(group) },
    report: {
      drop: (reason) => dropped.push(reason),
      summarise: () => {},
      warn: (_, message) => warned.push(message),
    },
    state: new SeriesState(10),
    scratch: new HistogramScratch(),
    series: () => seriesText('n', [], dialect),
    bucketSeries: () => seriesText('n.bucket', [], dialect),
    key: () => 'k',
  };
  return { context, written, dropped, warned };
}

describe('a counter', () => {
  it('below zero is sent where the server accepts it, and dropped elsewhere; zero is neither', () => {
    const results = [dialects.statsd, dialects['statsd-exporter']].map((dialect) => {
      const { context, dropped, written } = contextOf(dialect);
      for (const value of [-5, 0, 5]) writeCounter(seriesText('n', [], dialect), value, context);
      return [written, dropped];
    });
    expect(results).toEqual([
      [
        [
          ['n:-5|c\n', 1, 'additive'],
          ['n:5|c\n', 1, 'additive'],
        ],
        [],
      ],
      [[['n:5|c\n', 1, 'additive']], ['out_of_range']],
    ]);
  });

  it('sends its fraction later on a server that holds whole numbers', () => {
    const { context, written } = contextOf(dialects.gostatsd);
    for (const value of [0.4, 0.4, 2]) writeCounter(seriesText('n', TAGS, dialects.gostatsd), value, context);
    expect(written).toEqual([
      ['n:1|c|#a:1,b:2\n', 1, 'additive'],
      ['n:2|c|#a:1,b:2\n', 1, 'additive'],
    ]);
  });

  it('that is too large leaves no fraction for later', () => {
    const { context, dropped, written } = contextOf(dialects.brubeck);
    for (const value of [2 ** 36 + 0.00003, 0.00003]) {
      writeCounter(seriesText('n', [], dialects.brubeck), value, context);
    }
    expect([written, dropped]).toEqual([[], ['out_of_range']]);
  });
});

describe.each([
  ['a counter', writeCounter],
  ['a gauge', writeGauge],
] as const)('%s', (_, write) => {
  it('that is no finite number is dropped, with the reason', () => {
    const { context, dropped, written } = contextOf(dialects.statsd);
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      write(seriesText('n', [], dialects.statsd), value, context);
    }
    expect([written, dropped]).toEqual([[], ['non_finite', 'out_of_range', 'out_of_range']]);
  });

  it('below the limit of the server is sent, whatever its sign, and dropped from there on', () => {
    const dialect: Dialect = {
      ...dialects.dogstatsd,
      limits: { ...dialects.dogstatsd.limits, counter: 5, gauge: 5 },
    };
    const { context, dropped, written } = contextOf(dialect);
    for (const value of [5, -5, 4, -4]) write(seriesText('n', [], dialect), value, context);
    expect([written.map(([line]) => String(line).replace(/[cg]\n/, '')), dropped]).toEqual([
      ['n:4|', 'n:-4|'],
      ['out_of_range', 'out_of_range'],
    ]);
  });
});

describe('a counter with a time', () => {
  const carbon: Dialect = { ...dialects.carbon, limits: { ...dialects.carbon.limits, counter: 10 } };

  it('is the sum of its second without rounding noise, and may be sent again', () => {
    const { context, written } = contextOf(carbon);
    const series = seriesText('n', [], carbon, { text: ' 100', second: 100 });
    for (const value of [0.1, 0.2]) writeCounter(series, value, context);
    expect(written).toEqual([
      ['n 0.1 100\n', 1, 'idempotent'],
      ['n 0.3 100\n', 1, 'idempotent'],
    ]);
  });

  it('is dropped when the sum of its second is too large', () => {
    const { context, dropped, written } = contextOf(carbon);
    const series = seriesText('n', [], carbon, { text: ' 100', second: 100 });
    for (const value of [9, 1]) writeCounter(series, value, context);
    expect([written, dropped]).toEqual([[['n 9 100\n', 1, 'idempotent']], ['out_of_range']]);
  });
});

describe('a line longer than the server reads', () => {
  const limited = (negativeGauge: Dialect['negativeGauge'], lineBytes: number): Dialect => ({
    ...dialects.dogstatsd,
    negativeGauge,
    limits: { ...dialects.dogstatsd.limits, lineBytes },
  });
  const write = (dialect: Dialect): unknown[][] => {
    const { context, written } = contextOf(dialect);
    writeGauge(seriesText('n', [], dialect), -5, context);
    return written;
  };

  it('is not written, and one that is just as long is', () => {
    expect(write(limited('absolute', 6))).toEqual([['n:-5|g\n', 1, 'idempotent']]);
    expect(() => write(limited('absolute', 5))).toThrow(PointDropped);
  });

  it('includes the zero before a gauge in the same line, and not one in its own', () => {
    expect(write(limited('single-line', 10))).toEqual([['n:0|g:-5|g\n', 1, 'idempotent']]);
    expect(() => write(limited('single-line', 9))).toThrow(PointDropped);
    expect(write(limited('zero-first', 6))).toEqual([['n:0|g\nn:-5|g\n', 2, 'idempotent']]);
  });

  it('includes no zero before a gauge that is not below zero', () => {
    const dialect = limited('single-line', 5);
    const { context, written } = contextOf(dialect);
    for (const value of [5, 0]) writeGauge(seriesText('n', [], dialect), value, context);
    expect(written).toEqual([
      ['n:5|g\n', 1, 'idempotent'],
      ['n:0|g\n', 1, 'idempotent'],
    ]);
  });
});

it('a member of a set is a line that may be sent again, with its tags and without a time', () => {
  const { context, written } = contextOf(dialects.dogstatsd);
  writeSetMember(seriesText('n', TAGS, dialects.dogstatsd, STAMP), 'x', context);
  expect(written).toEqual([['n:x|s|#a:1,b:2\n', 1, 'idempotent']]);
  const short: Dialect = { ...dialects.dogstatsd, limits: { ...dialects.dogstatsd.limits, lineBytes: 4 } };
  expect(() => writeSetMember(seriesText('n', [], short), 'x', contextOf(short).context)).toThrow(
    PointDropped,
  );
});

describe('a gauge', () => {
  it('whose series was sent before in the export is reported', () => {
    const { context, warned } = contextOf(dialects.statsd);
    for (const value of [1, 2]) writeGauge(seriesText('n', [], dialects.statsd), value, context);
    expect(warned).toEqual([
      'several series of m are one to the server, n: each of their gauges overwrites the one before',
    ]);
  });

  it('has time and tags in all its lines', () => {
    const { context, written } = contextOf({ ...dialects.dogstatsd, negativeGauge: 'zero-first' });
    writeGauge(seriesText('n', TAGS, dialects.dogstatsd, STAMP), -5, context);
    expect(written).toEqual([['n:0|g|#a:1,b:2|T100\nn:-5|g|#a:1,b:2|T100\n', 2, 'idempotent']]);
  });

  it('below zero in a single line has its tags at the end', () => {
    const { context, written } = contextOf({ ...dialects.dogstatsd, negativeGauge: 'single-line' });
    writeGauge(seriesText('n', TAGS, dialects.dogstatsd), -5, context);
    expect(written).toEqual([['n:0|g:-5|g|#a:1,b:2\n', 1, 'idempotent']]);
  });
});

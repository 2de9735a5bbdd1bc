import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { HistogramScratch } from '../../../src/mapping/histograms/scratch.js';
import { lineSyntaxOf } from '../../../src/mapping/lines/line-syntax.js';
import { seriesText } from '../../../src/mapping/lines/series-text.js';
import { writeCounter, writeGauge } from '../../../src/mapping/lines/write-line.js';
import type { MetricContext } from '../../../src/mapping/metric-context.js';
import { unitScale } from '../../../src/mapping/numbers/unit-scale.js';
import { SeriesState } from '../../../src/mapping/state/series-state.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { mappingOptions } from '../../support/mapping.js';

const TAGS: readonly Tag[] = [
  ['a', '1'],
  ['b', '2'],
];
const STAMP = { text: '|T100', second: 100 };

function contextOf(dialect: Dialect): { context: MetricContext; written: unknown[][]; dropped: string[] } {
  const written: unknown[][] = [];
  const dropped: string[] = [];
  const context: MetricContext = {
    metric: 'm',
    unit: '',
    scale: unitScale(1),
    options: mappingOptions(dialect),
    syntax: lineSyntaxOf(dialect),
    lines: undefined,
    sink: { write: (...group) => written.push(group) },
    report: { drop: (reason) => dropped.push(reason), summarise: () => {}, warn: () => {} },
    state: new SeriesState(10),
    scratch: new HistogramScratch(),
    series: () => seriesText('n', [], dialect),
    bucketSeries: () => seriesText('n.bucket', [], dialect),
    key: () => 'k',
  };
  return { context, written, dropped };
}

describe('a counter', () => {
  it('below zero is sent where the server accepts it, and dropped elsewhere', () => {
    const results = [dialects.statsd, dialects['statsd-exporter']].map((dialect) => {
      const { context, dropped, written } = contextOf(dialect);
      writeCounter(seriesText('n', [], dialect), -5, context);
      return [written, dropped];
    });
    expect(results).toEqual([
      [[['n:-5|c\n', 1, 'additive']], []],
      [[], ['out_of_range']],
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

describe('a gauge', () => {
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

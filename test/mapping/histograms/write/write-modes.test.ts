import { expect, it } from 'vitest';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import type { Distribution } from '../../../../src/mapping/histograms/model/distribution.js';
import { HistogramScratch } from '../../../../src/mapping/histograms/scratch.js';
import { writeSamples } from '../../../../src/mapping/histograms/write/write-modes.js';
import { lineSyntaxOf } from '../../../../src/mapping/lines/line-syntax.js';
import type { MetricContext } from '../../../../src/mapping/metric-context.js';
import { type Group, mappingOptions, recordingSink } from '../../../support/mapping.js';

it.each([Number.NaN, Infinity, -Infinity])(
  'samples of which one is %d are dropped as such, without any line, even of the sum',
  (odd) => {
    const groups: Group[] = [];
    const drops: unknown[] = [];
    const context = {
      metric: 'm',
      options: mappingOptions(dialects.statsd),
      syntax: lineSyntaxOf(dialects.statsd),
      sink: recordingSink(groups, true),
      scratch: new HistogramScratch(),
      report: { drop: (...drop: unknown[]) => drops.push(drop) },
      series: () => ({ head: 'm', tail: '', stamp: undefined, identity: '' }),
    } as unknown as MetricContext;
    const samples = { values: Float64Array.of(1, odd), weights: Float64Array.of(1, 1) };
    writeSamples(samples, { sum: 5, max: 3 } as Distribution, 'histogram', {}, context);
    expect({ drops, groups }).toEqual({ drops: [['non_finite', 'm']], groups: [] });
  },
);

// Values of instruments in a unit of time, in the unit of each server or the one that is asked for.
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import type { HistogramMode } from '../../src/mapping/options.js';
import { batchOf, counter, gauge, mapOnce, mapperOf, point } from '../support/mapping.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;

/** One recording of 0.07 in a bucket up to 0.07. */
function histogram(unit: string): MetricData {
  const buckets = { boundaries: [0.07, 1], counts: [1, 0, 0] };
  return {
    descriptor: { name: 'h', unit, description: '', valueType: 1 },
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: DELTA,
    dataPoints: [point({ buckets, count: 1, sum: 0.0625, min: 0.0625, max: 0.0625 })],
  };
}

function linesOf(dialect: Dialect, unit: string, mode: HistogramMode, timeUnit = dialect.timeUnit): string[] {
  const metrics = [
    counter([point(1.5)], { name: 'c', unit }),
    counter([point(-3)], { name: 'u', unit, monotonic: false, temporality: CUMULATIVE }),
    gauge([point(0.25)], { name: 'g', unit }),
    histogram(unit),
  ];
  const options = { timeUnit, histograms: { mode, exactSum: true, percentiles: [] } };
  const { lines, drops, warnings } = mapOnce({ ...dialect, negativeGauge: 'absolute' }, metrics, options);
  expect({ drops, warnings }).toEqual({ drops: {}, warnings: [] });
  return [...lines];
}

const MILLISECONDS = ['c:1500|c', 'u:-3000|g', 'g:250|g', 'h:62.5|ms'];
const SECONDS = ['c:1.5|c', 'u:-3|g', 'g:0.25|g', 'h:62.5|ms'];

describe('values in seconds', () => {
  it.each<[DialectName, readonly string[]]>([
    ['statsd', [...MILLISECONDS, 'h.sum:62.5|c']],
    ['netdata', MILLISECONDS],
    ['telegraf', MILLISECONDS],
    ['veneur', MILLISECONDS],
    ['statsd-exporter', SECONDS],
    ['vector', SECONDS],
    ['dogstatsd', ['c:1.5|c', 'u:-3|g', 'g:0.25|g', 'h:0.0625|d']],
  ])('are sent to %s in the unit in which it shows timers', (name, lines) => {
    expect(linesOf(dialects[name], 's', 'samples')).toEqual(lines);
    expect(linesOf(dialects[name], 'seconds', 'samples')).toEqual(lines);
  });

  it('are sent in the unit that is asked for, except in lines of the type ms', () => {
    const { dogstatsd, statsd } = dialects;
    expect([
      linesOf(statsd, 's', 'samples', 's'),
      linesOf(statsd, 's', 'samples', 'instrument'),
      linesOf(dogstatsd, 's', 'samples', 'ms'),
      linesOf(dogstatsd, 'ms', 'samples', 's'),
    ]).toEqual([
      [...SECONDS, 'h.sum:62.5|c'],
      [...SECONDS, 'h.sum:62.5|c'],
      ['c:1500|c', 'u:-3000|g', 'g:250|g', 'h:62.5|d'],
      ['c:0.0015|c', 'u:-0.003|g', 'g:0.00025|g', 'h:0.0000625|d'],
    ]);
  });

  it('are in one unit in summaries and buckets, too', () => {
    const { telegraf } = dialects;
    expect([linesOf(telegraf, 's', 'summary'), linesOf(telegraf, 's', 'buckets')]).toEqual([
      [...MILLISECONDS.slice(0, 3), 'h.count:1|c', 'h.sum:63|c', 'h.min:62.5|g', 'h.max:62.5|g'],
      [...MILLISECONDS.slice(0, 3), 'h.bucket,le=70:1|c', 'h.count:1|c', 'h.sum:63|c'],
    ]);
  });

  it('are converted after running totals and increases, in whole numbers where the server has no fractions', () => {
    const map = mapperOf(dialects.telegraf);
    // Seconds that are exact numbers of milliseconds in binary.
    const exports = [1 / 2048, 3 / 2048, 7 / 2048].map(
      (value) =>
        map(
          batchOf([
            counter([point(value)], { name: 'c', unit: 's', temporality: CUMULATIVE }),
            counter([point(value)], { name: 'u', unit: 's', monotonic: false, temporality: DELTA }),
          ]),
        ).lines,
    );
    expect(exports).toEqual([['u:0.48828125|g'], ['c:1|c', 'u:1.953125|g'], ['c:2|c', 'u:5.37109375|g']]);
  });

  it('that are too large in the other unit are dropped and counted', () => {
    for (const dialect of [dialects.statsd, dialects.telegraf]) {
      const huge = [
        counter([point(1e306)], { name: 'c', unit: 's' }),
        gauge([point(-1e306)], { name: 'g', unit: 's' }),
      ];
      const { lines, drops } = mapOnce(dialect, huge);
      expect({ lines, drops }).toEqual({ lines: [], drops: { out_of_range: 2 } });
    }
  });

  it('are the same lines with and without memory for bytes', () => {
    const value = fc.double({ min: 0, max: 1e12, noNaN: true });
    const unit = fc.constantFrom('s', 'ms', 'seconds', 'min', 'By');
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), unit, (values, unit) => {
        const points = values.map((each, index) => point(each, { attributes: { index } }));
        const batch = batchOf([
          gauge(points, { name: 'g', unit }),
          counter(points, { name: 'c', unit }),
          gauge(points, { name: 'other' }),
        ]);
        expect(mapperOf(dialects.statsd)(batch)).toEqual(
          mapperOf(dialects.statsd, {}, { takesBytes: false })(batch),
        );
      }),
    );
  });
});

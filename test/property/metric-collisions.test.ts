// The exporter warns of two metrics exactly where the server, by the rules of its source, reports both under one name.
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { foldName } from '../../src/mapping/lines/series-text.js';
import { batchOf, counter, gauge, mapOnce, mapperOf, point } from '../support/mapping.js';
import { type ReportedType, reportedNames } from '../support/server-models/reported-names.js';

const SUFFIXES = [
  '',
  ...[
    '.count',
    '.count_ps',
    '.sum',
    '.sum_squares',
    '.upper',
    '.lower',
    '.mean',
    '.median',
    '.std',
    '.upper_90',
  ],
  ...[
    '.min',
    '.max',
    '.avg',
    '.hmean',
    '.99percentile',
    '.percentile.99',
    '.90',
    '.total',
    '.bin',
    '.summary',
  ],
  ...['_count', '_sum', '_bucket', '_min', '_upper'],
];

interface Named {
  readonly type: ReportedType;
  readonly name: string;
}

const types: readonly ReportedType[] = ['counter', 'gauge', 'timer', 'set'];
const named: fc.Arbitrary<Named> = fc.record({
  type: fc.constantFrom(...types),
  name: fc
    .tuple(
      fc.constantFrom('', '', '', 'timers.', 'gauges.', 'sets.', 'app.'),
      fc.constantFrom('lat', 'lat', 'http.lat', 'http_lat'),
      fc.constantFrom(...SUFFIXES),
      fc.constantFrom('', '', '', ...SUFFIXES),
    )
    .map((parts) => parts.join('')),
});

function metricOf({ type, name }: Named): MetricData {
  if (type === 'gauge') return gauge([point(1)], { name });
  if (type === 'timer') return histogram(name);
  return counter([point(1, { attributes: type === 'set' ? { user: 'u' } : {} })], { name });
}

/** With two recordings; infinite ones leave nothing but their count and the minimum. */
function histogram(name: string, max = 4): MetricData {
  const counts = [0, 2];
  return {
    descriptor: { name, unit: 'ms', description: '', valueType: 1 },
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPoints: [point({ count: 2, sum: max + 3, min: 3, max, buckets: { boundaries: [2], counts } })],
  };
}

/** Not counting that of sets on servers without. */
function warningsOf(dialect: DialectName, metrics: readonly Named[]): readonly string[] {
  const sets = Object.fromEntries(
    metrics.flatMap(({ type, name }) => (type === 'set' ? [[name, 'user']] : [])),
  );
  const map = mapperOf(dialects[dialect], {
    sets,
    histograms: { mode: 'samples', exactSum: false, percentiles: [] },
  });
  return metrics.flatMap((metric, index) => {
    const { warnings } = map(batchOf([metricOf(metric)], { scope: `scope${index}` }));
    return warnings.filter((warning) => warning.includes('one name on the server'));
  });
}

describe.each(Object.keys(dialects) as DialectName[])('metrics for %s', (dialect) => {
  const { nameCollisions, samples, sets } = dialects[dialect];
  const isSent = ({ type }: Named): boolean =>
    (type !== 'timer' || samples.rate !== 'none') && (type !== 'set' || sets !== undefined);
  const shown = ({ name }: Named): string => foldName(name, nameCollisions);

  it('are warned about where the server reports two of them under one name, and not else', () => {
    const namesOf = ({ type, name }: Named): readonly string[] => reportedNames[dialect][type](name);
    fc.assert(
      fc.property(named, named, (one, other) => {
        fc.pre(isSent(one) && isSent(other));
        // They add up, or are compared by series.
        fc.pre(one.type !== other.type || shown(one) !== shown(other));
        // A name with a set is a set for every counter of it.
        fc.pre(one.name !== other.name || ![one.type, other.type].includes('set'));
        const collides = namesOf(one).some((name) => namesOf(other).includes(name));
        expect(warningsOf(dialect, [one, other]).length, namesOf(one).join()).toBe(collides ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('are given names in a summary that the server does not derive from those of their samples', () => {
    const histograms = { mode: 'samples', exactSum: false, percentiles: [50] } as const;
    const namesOf = (line: string): readonly string[] => {
      const [, name = '', type = ''] = /^([^: ]*)[^|]*(?:\|(\w+))?/.exec(line) ?? [];
      return reportedNames[dialect][type === 'g' ? 'gauge' : 'counter'](name);
    };
    fc.assert(
      fc.property(named, ({ name }) => {
        const [samples = ''] = mapOnce(dialects[dialect], [histogram(name)], { histograms }).lines;
        const derived = reportedNames[dialect].timer(samples.split(/[: ]/)[0]!);
        const { lines } = mapOnce(dialects[dialect], [histogram(name, Infinity)], { histograms });
        expect(lines).toHaveLength(2);
        expect(lines.flatMap(namesOf).filter((text) => derived.includes(text))).toEqual([]);
      }),
    );
  });
});

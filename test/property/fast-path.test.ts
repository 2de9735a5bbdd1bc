// Points written as bytes and points written as text are the same lines, reports and warnings, whatever they hold.
import type { DataPoint, MetricData } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { batchOf, counter, gauge, mapperOf, point } from '../support/mapping.js';
import { anyLimits, anyTagSyntax } from '../support/metrics/arbitrary-dialects.js';
import { EXPORTS, type NumberMetric, numberMetric } from '../support/metrics/arbitrary-metrics.js';

/** One for each metric from export to export, as the SDK has them. */
const descriptors = new WeakMap<NumberMetric['exports'], MetricData['descriptor']>();

function metricData(
  { kind, name, series, temporality, unit, exports }: NumberMetric,
  index: number,
): MetricData {
  const points = series.map(
    (attributes, position): DataPoint<number> =>
      point(exports[index]![position]!, { attributes, endTime: [1_700_000_000 + (index >> 1), 5e8] }),
  );
  const metric =
    kind === 'gauge'
      ? gauge(points, { name, unit, temporality })
      : counter(points, { name, unit, temporality, monotonic: kind === 'counter' });
  const descriptor = descriptors.get(exports) ?? metric.descriptor;
  descriptors.set(exports, descriptor);
  return { ...metric, descriptor };
}

const tags = fc.constantFrom<Record<string, string>>(
  {},
  { env: 'test' },
  { a: '1', 'http.route': 'top', ü: 'ö,:' },
);

const setting = fc.record({
  prefix: fc.constantFrom('', 'app', '{type}'),
  tags,
  timestamps: fc.boolean(),
  scopeTags: fc.boolean(),
  sets: fc.constantFrom({}, { 'c*': 'a' }),
  fields: fc.constantFrom('', '|c:in-1|e:ü', `|e:${'x'.repeat(1_200)}`),
  names: fc.constantFrom(undefined, { '*1': 'named.{name}.{a}' }, { '*': 'all.{type}.{name}' }),
  attributes: fc.constantFrom(
    undefined,
    { '*': { except: ['a', 'a.b', 'host'] } },
    { 'c*': ['abc', 'name'] },
  ),
});

/** Metrics of the same names and keys again and again, so that what is remembered of them is used. */
const metrics = fc.array(numberMetric, { minLength: 1, maxLength: 3 });

function expectSame(dialect: Dialect, options: object, batches: readonly (readonly MetricData[])[]): void {
  const asBytes = mapperOf(dialect, options);
  const asText = mapperOf(dialect, options, { takesBytes: false });
  for (const batch of batches) expect(asBytes(batchOf(batch))).toEqual(asText(batchOf(batch)));
}

/** A gauge of so many points that the names of all metrics are compared instead of their series. */
const LARGE = gauge(
  Array.from({ length: 65 }, (_, index) => point(1, { attributes: { index } })),
  { name: 'large' },
);

/** The warnings of the last export. */
function lastWarnings(
  batches: readonly (readonly MetricData[])[],
  ...mapper: Parameters<typeof mapperOf>
): readonly string[] | undefined {
  const map = mapperOf(...mapper);
  return batches.map((batch) => map(batchOf([...batch, LARGE])).warnings).at(-1);
}

describe.each(Object.keys(dialects) as DialectName[])('lines of the fast path for %s', (name) => {
  it('are those of the slow path, export after export', () => {
    fc.assert(
      fc.property(metrics, setting, (generated, options) => {
        const batches = Array.from({ length: EXPORTS }, (_, index) =>
          generated.map((metric) => metricData(metric, index)),
        );
        expectSame(dialects[name], options, batches);
      }),
      { numRuns: 200 },
    );
  });

  it('come with the warnings of the slow path, at the latest in the export after two gauges became one series', () => {
    fc.assert(
      fc.property(metrics, setting, (generated, options) => {
        const first = generated.map((metric) => ({ ...metric, series: metric.series.slice(0, 1) }));
        const batches = [first, generated, generated].map((batch, index) =>
          batch.map((metric) => metricData(metric, index)),
        );
        expect(lastWarnings(batches, dialects[name], options)).toEqual(
          lastWarnings(batches, dialects[name], options, { takesBytes: false }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('are those of the slow path for dialects with other marks and limits', () => {
    fc.assert(
      fc.property(metrics, anyTagSyntax, anyLimits, (generated, tagSyntax, tagLimits) => {
        const dialect = {
          ...dialects[name],
          tags: tagSyntax,
          limits: { ...dialects[name].limits, ...tagLimits },
        };
        const batch = generated.map((metric) => metricData(metric, 0));
        expectSame(dialect, { tags: { env: 'test' } }, [batch, batch]);
        const first = generated.map((metric) =>
          metricData({ ...metric, series: metric.series.slice(0, 1) }, 0),
        );
        expect(lastWarnings([first, batch, batch], dialect)).toEqual(
          lastWarnings([first, batch, batch], dialect, {}, { takesBytes: false }),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('lines of the fast path', () => {
  const { dogstatsd, statsd } = dialects;

  it('follow an attributes object that its owner changes between two exports', () => {
    const map = mapperOf(dogstatsd);
    const attributes: Record<string, unknown> = { a: 1 };
    const export1 = map(batchOf([counter([point(1, { attributes })])]));
    attributes['a'] = 2;
    attributes['b'] = 'x';
    const export2 = map(batchOf([counter([point(1, { attributes })])]));
    expect([export1.lines, export2.lines]).toEqual([['m:1|c|#a:1'], ['m:1|c|#a:2,b:x']]);
  });

  it('have the tags of their own scope, export after export', () => {
    const points = [point(1, { attributes: { a: 1 } }), point(2, { attributes: { b: 'x' } })];
    const scopes = ['one', 'two', 'one', 'three, four'].map((name) => ({
      scope: { name },
      metrics: [counter(points), gauge(points, { name: 'g' })],
    }));
    const batch = { ...batchOf([]), scopeMetrics: scopes };
    const options = { scopeTags: true, tags: { env: 'test' } };
    const [asBytes, asText] = [true, false].map((takesBytes) => mapperOf(dogstatsd, options, { takesBytes }));
    for (const _ of [1, 2]) expect(asBytes!(batch)).toEqual(asText!(batch));
    expect(asBytes!(batch).lines).toContain('g:2|g|#b:x,env:test,otel.scope.name:two');
  });

  it('are right for more scopes than are remembered', () => {
    const [asBytes, asText] = [true, false].map((takesBytes) =>
      mapperOf(dogstatsd, { scopeTags: true }, { takesBytes }),
    );
    for (const first of [0, 200, 400]) {
      const scopeMetrics = Array.from({ length: 200 }, (_, index) => ({
        scope: { name: `scope ${first + index}` },
        metrics: [counter([point(1)])],
      }));
      const batch = { ...batchOf([]), scopeMetrics };
      expect(asBytes!(batch)).toEqual(asText!(batch));
    }
  });

  it('do not take inherited attributes for tags', () => {
    const attributes = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) as object;
    const plain = point(1, { attributes: { inherited: 1, own: 2 } });
    const { lines } = mapperOf(dogstatsd)(batchOf([counter([plain, point(1, { attributes })])]));
    expect(lines).toEqual(['m:1|c|#inherited:1,own:2', 'm:1|c|#own:2']);
  });

  it.each([
    ['more values of a key than are interned', 'v'],
    ['values of up to 2 KiB', 'long '.repeat(400)],
    ['values beyond ASCII', '日本語 '],
  ])('are right with %s, in any order of keys', (_, text) => {
    const at = (index: number): Record<string, unknown> => {
      const value = text.slice(0, text.length - (index % 7)) + index;
      const other = index % 3 === 0 ? index : index % 3 === 1 ? String(index % 5) : index % 2 === 0;
      return index % 2 === 0 ? { value, other } : { other, value };
    };
    const points = Array.from({ length: text.length > 100 ? 500 : 6_000 }, (_, index) =>
      point(index, { attributes: at(index) }),
    );
    const batches = Array.from({ length: 3 }, () => [counter(points)]);
    expectSame(statsd, {}, batches);
    expectSame(dogstatsd, { tags: { c: 'd' } }, batches);
  });

  it('are right when all sixteen values of a point are too long to intern', () => {
    const points = Array.from({ length: 1_000 }, (_, index) => {
      const values = Array.from({ length: 16 }, (_, key) => [
        `k${key}`,
        `${index}-${key}-${'x'.repeat(1_000)}`,
      ]);
      return point(1, { attributes: Object.fromEntries(values) });
    });
    expectSame(dogstatsd, {}, [[counter(points)]]);
  });

  it('are right when texts are short in characters and too long in bytes', () => {
    const long = '日'.repeat(1_000);
    const unlimited = { nameLength: Infinity, tagLength: Infinity, lineBytes: Infinity };
    const dialect = { ...dogstatsd, limits: { ...dogstatsd.limits, ...unlimited } };
    const points = Array.from({ length: 60 }, (_, index) => {
      const values = Array.from({ length: 16 }, (_, key) => [`k${key}`, `${index}-${key}-${long}`]);
      return point(1, { attributes: Object.fromEntries([...values.slice(index % 4), ['user', index]]) });
    });
    const options = { tags: { first: long, second: `${long}2` }, maxLineBytes: Infinity };
    expectSame(dialect, options, [[counter(points)], [counter(points)]]);
  });

  it('are written for all points around one whose time cannot be read', () => {
    const timeless = { ...point(2), endTime: undefined } as unknown as DataPoint<number>;
    const points = [point(1), timeless, point(3)].map((fact, index) => ({ ...fact, attributes: { index } }));
    const { lines, drops } = mapperOf(dogstatsd, { timestamps: true })(batchOf([gauge(points)]));
    expect({ lines, drops }).toEqual({
      lines: ['m:1|g|#index:0|T1700000010', 'm:3|g|#index:2|T1700000010'],
      drops: { unreadable: 1 },
    });
  });

  it('are right after the intern table was full and cleared', () => {
    const batches = Array.from({ length: 12 }, (_, round) => [
      counter(
        Array.from({ length: 1_000 }, (_, index) =>
          point(1, { attributes: { user: `user ${round * 1_000 + index}`, kind: index % 3 } }),
        ),
      ),
    ]);
    expectSame(dogstatsd, {}, batches);
  });

  it('keep the order of points around those on the slow path', () => {
    const values = [1, 2, [3], 4, null, { toJSON: () => 5 }, 6, 7];
    const points = values.map((value) => point(1, { attributes: { value } }));
    const { lines } = mapperOf(dogstatsd)(batchOf([counter(points)]));
    expect(lines).toEqual([
      'm:1|c|#value:1',
      'm:1|c|#value:2',
      'm:1|c|#value:[3]',
      'm:1|c|#value:4',
      'm:1|c',
      'm:1|c|#value:5',
      'm:1|c|#value:6',
      'm:1|c|#value:7',
    ]);
  });

  it('are right for more shapes of attributes than are remembered', () => {
    const points = Array.from({ length: 400 }, (_, index) =>
      point(1, {
        attributes: Object.fromEntries([
          [`k${index % 200}`, 1],
          [`j${index % 30}`, 2],
          ['a', 3],
        ]),
      }),
    );
    const wide = point(1, {
      attributes: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`w${index}`, index])),
    });
    expectSame(dogstatsd, {}, [[counter([...points, wide, ...points])]]);
  });
});

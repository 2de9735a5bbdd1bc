import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { type MetricSeries, SeriesRenderer } from '../../../src/mapping/lines/series-renderer.js';
import { LegalNames } from '../../../src/mapping/naming/legal-name.js';
import type { MetricNaming } from '../../../src/mapping/naming/naming-rules.js';
import { Naming } from '../../../src/mapping/naming/naming-rules.js';
import { PointDropped } from '../../../src/mapping/report.js';
import { legalConstantTags } from '../../../src/mapping/tags/tags.js';

/** Keys that are `le` to some servers, keys around it in order, and others. */
const key = fc.oneof(
  fc.constantFrom('le', 'LE', 'l|e', 'le ', 'l', 'lf', 'a', 'z', 'host', ''),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const value = fc.oneof(
  fc.constantFrom('', 'x'.repeat(300), 'y'.repeat(5_000), 7, true),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const attributes = fc.dictionary(key, value, { maxKeys: 6 });
const le = fc.constantFrom('0.1', '5', 'inf', '-inf', '1e-300', '-2.5', '1'.repeat(40));
const template = fc.constantFrom(undefined, 'a.b', '{name}.{le}', '{host}.{name}');

function namingOf(name: string | undefined): MetricNaming {
  const metric = { name: 'm', unit: '', description: '', scope: '' };
  return new Naming(name === undefined ? undefined : { m: name }).of(metric, 'timers', {}, () => {});
}

describe.each(Object.values(dialects))('in the dialect $name', (dialect) => {
  it('the series of a bucket is that of the attributes and le', () => {
    fc.assert(
      fc.property(
        attributes,
        attributes,
        fc.array(le, { minLength: 1 }),
        template,
        (given, constant, bounds, name) => {
          const renderer = new SeriesRenderer(dialect, undefined, new LegalNames(dialect.illegal.name));
          let shortened = 0;
          const metric: MetricSeries = {
            ownName: 'm',
            prefix: '',
            naming: namingOf(name),
            constantTags: legalConstantTags(constant, dialect),
            onShortened: () => {
              shortened += 1;
            },
          };
          const resultOf = (render: () => unknown): unknown => {
            shortened = 0;
            try {
              return [render(), shortened > 0];
            } catch (error) {
              if (error instanceof PointDropped) return error.reason;
              throw error;
            }
          };
          const point = renderer.pointSeries(given, metric);
          for (const bound of bounds) {
            const fromPoint = resultOf(() =>
              renderer.text(renderer.bucketSeries(point, bound, metric), 'bucket', metric, undefined),
            );
            const fromAttributes = resultOf(() => {
              const bucket = renderer.pointSeries({ ...given, le: bound }, metric);
              return renderer.text(bucket, 'bucket', metric, undefined);
            });
            expect(fromPoint).toEqual(fromAttributes);
          }
        },
      ),
    );
  });
});

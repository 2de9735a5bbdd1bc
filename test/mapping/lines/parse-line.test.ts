import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';
import { parseLine, type Sample, seriesOf, seriesReader } from '../../../src/mapping/lines/parse-line.js';
import { joinName, legalName } from '../../../src/mapping/naming/legal-name.js';
import { legalTags } from '../../../src/mapping/tags/tags.js';
import { counter, gauge, mapOnce, point } from '../../support/mapping.js';
import { attributes, metricName } from '../../support/metrics/arbitrary-metrics.js';

const plain: Sample = {
  name: 'a.b',
  tags: {},
  type: 'c',
  value: 1,
  isRelative: false,
  sampleRate: 1,
  timestamp: undefined,
};

describe('a line says', () => {
  it.each<[DialectName, string, Partial<Sample>[]]>([
    ['statsd', 'a.b:1|c', [{}]],
    ['statsd', 'a.b:0.25|ms|@0.1', [{ type: 'ms', value: 0.25, sampleRate: 0.1 }]],
    ['statsd', 'a.b:-5|g', [{ type: 'g', value: -5, isRelative: true }]],
    ['statsd', 'a.b:+5|g', [{ type: 'g', value: 5, isRelative: true }]],
    ['statsd', 'a.b:1|c:2|c|@0.5', [{}, { value: 2, sampleRate: 0.5 }]],
    ['statsd', 'a.b:1.5|h', [{ type: 'h', value: 1.5 }]],
    ['statsd', 'a.b:12|d|@1', [{ type: 'd', value: 12 }]],
    ['statsd', 'a.b:-5|c', [{ value: -5 }]],
    ['dogstatsd', 'a.b:1|c|#', [{}]],
    ['graphite', 'a.b;k=v:1|c', [{ tags: { k: 'v' } }]],
    ['statsd', 'a.b:x:y|s', [{ type: 's', value: 'x:y' }]],
    ['graphite', 'a.b;k=v;l=w.x:1|c', [{ tags: { k: 'v', l: 'w.x' } }]],
    ['dogstatsd', 'a.b:1|c|#k:v:w,bare', [{ tags: { k: 'v:w', bare: '' } }]],
    ['dogstatsd', 'a.b:x:y|s|#k:v', [{ type: 's', value: 'x:y', tags: { k: 'v' } }]],
    ['telegraf', 'a.b:x:1|s|@0.5', [{ type: 's', value: 'x:1', sampleRate: 0.5 }]],
    ['dogstatsd', 'a.b:-5|g', [{ type: 'g', value: -5 }]],
    [
      'dogstatsd',
      'a.b:1:2|d|@0.5|#k:v|T100',
      [
        { type: 'd', sampleRate: 0.5, tags: { k: 'v' }, timestamp: 100 },
        { type: 'd', value: 2, sampleRate: 0.5, tags: { k: 'v' }, timestamp: 100 },
      ],
    ],
    ['dogstatsd', 'a.b:1|c|T100|#k:v', [{ tags: { k: 'v' }, timestamp: 100 }]],
    [
      'telegraf',
      'a.b,k=v=w:0|g:-5|g',
      [
        { type: 'g', value: 0, tags: { k: 'v=w' } },
        { type: 'g', value: -5, isRelative: true, tags: { k: 'v=w' } },
      ],
    ],
    ['dogstatsd', 'a.b:1|c|#|T100', [{ timestamp: 100 }]],
    ['dogstatsd', 'a.b:1|c|#:v,:w:x', [{ tags: { '': 'w:x' } }]],
    ['statsd', 'a.b:1|c:x|s', [{}, { type: 's', value: 'x' }]],
    ['signalfx', 'a.b:1|c', [{}]],
    ['signalfx', 'a.b[k=v,l=w]:1|c', [{ tags: { k: 'v', l: 'w' } }]],
    ['librato', 'a.b#k=v:1|c', [{ tags: { k: 'v' } }]],
    [
      'carbon',
      'a.b;k=v -1.5 1700000000',
      [{ type: '', tags: { k: 'v' }, value: -1.5, timestamp: 1_700_000_000 }],
    ],
    ['carbon', 'a.b 1 -1', [{ type: '', timestamp: -1 }]],
  ])('to %s: %s', (name, line, samples) => {
    expect(parseLine(line, dialects[name])).toEqual({
      samples: samples.map((sample) => ({ ...plain, ...sample })),
    });
  });

  it('its origin, which is not part of a sample', () => {
    expect(parseLine('a:1|c|#k:v|c:ci-1|e:cn-app|card:low', dialects.dogstatsd)).toEqual(
      parseLine('a:1|c|#k:v', dialects.dogstatsd),
    );
  });

  it.each<[DialectName, string, string]>([
    ['statsd', '', 'there is no ":" between name and value'],
    ['statsd', 'a.b', 'there is no ":" between name and value'],
    ['statsd', ':1|c', 'there is no name'],
    ['statsd', 'a:1', '"1" has no type: there is no "|" after the value'],
    ['statsd', 'a:1|x', 'there is no type "x"'],
    ['statsd', 'a:|c', 'the value "" is not a plain decimal number'],
    ['statsd', 'a:1e3|c', 'the value "1e3" is not a plain decimal number'],
    ['statsd', 'a:NaN|g', 'the value "NaN" is not a plain decimal number'],
    ['statsd', 'a:.5|g', 'the value ".5" is not a plain decimal number'],
    ['statsd', `a:1${'0'.repeat(309)}|g`, `the value is larger than any number: 1${'0'.repeat(309)}`],
    ['carbon', `a 1 1${'0'.repeat(309)}`, `the time is larger than any number: 1${'0'.repeat(309)}`],
    ['statsd', 'a:1|c|@x', 'the sample rate "x" is not a plain decimal number'],
    ['statsd', 'a:1|c|@0', 'the sample rate 0 is not between 0 and 1'],
    ['statsd', 'a:1|c|@-0.5', 'the sample rate -0.5 is not between 0 and 1'],
    ['statsd', 'a:1.|g', 'the value "1." is not a plain decimal number'],
    ['statsd', 'a:1x|g', 'the value "1x" is not a plain decimal number'],
    ['statsd', 'a:x1|g', 'the value "x1" is not a plain decimal number'],
    ['statsd', 'a:1|c:2', '"2" has no type: there is no "|" after the value'],
    ['statsd', 'a:1:2|c', '"1" has no type: there is no "|" after the value'],
    ['statsd', 'a:1|', 'there is no type ""'],
    ['dogstatsd', 'a:1|c|c', 'a line for dogstatsd has no section "c"'],
    ['dogstatsd', 'a:1|c|x@1', 'a line for dogstatsd has no section "x@1"'],
    ['signalfx', '[k=v]:1|c', 'there is no name'],
    ['statsd', 'a:1|c|@2', 'the sample rate 2 is not between 0 and 1'],
    ['statsd', 'a:1|c|#k:v', 'a line for statsd has no section "#k"'],
    ['statsd', 'a:1|c|#k', 'a line for statsd has no section "#k"'],
    ['statsd', 'a:1|c|T100', 'a line for statsd has no section "T100"'],
    ['statsd', 'a:1|c\r', 'it holds a control character'],
    ['statsd', 'a:1|c\nb:1|c', 'it holds a control character'],
    ['dogstatsd', 'a:1|c|x:low', 'a line for dogstatsd has no section "x:low"'],
    ['veneur', 'a:1|c|card:low', 'a line for veneur has no section "card:low"'],
    ['dogstatsd', 'a:1|c|Tx', 'the time "x" is not a plain decimal number'],
    ['signalfx', 'a[k=v:1|c', 'there is no "]" after the tags'],
    ['carbon', 'a 1', 'it should be a path, a value and a time, but has 2 parts'],
    ['carbon', 'a  1 5', 'it should be a path, a value and a time, but has 4 parts'],
    ['dogstatsd', 'a:|#k:v', '"" has no type: there is no "|" after the value'],
    ['carbon', 'a x 5', 'the value "x" is not a plain decimal number'],
    ['carbon', 'a 1 x', 'the time "x" is not a plain decimal number'],
    ['carbon', ';k=v 1 5', 'there is no name'],
  ])('nothing to %s: %j, for %s', (name, line, reason) => {
    expect(parseLine(line, dialects[name])).toEqual({ reason });
  });
});

describe('the series of a sample', () => {
  it('is its name with its tags in order of their keys', () => {
    expect([
      seriesOf({ name: 'a', tags: {} }),
      seriesOf({ name: 'a', tags: { k: 'v' } }),
      seriesOf({ name: 'a', tags: { l: '2', b: '', k: '1' } }),
    ]).toEqual(['a', 'a{k=v}', 'a{b=,k=1,l=2}']);
  });

  it('is read like that of each sample, whatever came before', () => {
    const tags = [{}, { k: 'v' }, { k: 'w' }];
    const samples = fc.record({
      name: fc.constantFrom('a', 'b'),
      tags: fc.constantFrom(...tags),
      type: fc.constant('c' as const),
    });
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 20 }), (all) => {
        const read = seriesReader();
        const expected = all.map(seriesOf);
        expect(all.map((sample) => read({ ...plain, ...sample }))).toEqual(expected);
      }),
    );
  });
});

test('the parser reads or refuses any text and never throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'a:|@#,=;[]. 1-+cgTms') })),
      fc.constantFrom(...Object.values(dialects)),
      (line, dialect) => {
        const parsed = parseLine(line, dialect);
        expect('reason' in parsed ? parsed.reason : parsed.samples).not.toHaveLength(0);
      },
    ),
  );
});

test('a line written for a dialect is read back by its rules', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(dialects)),
      metricName('n'),
      attributes,
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      (dialect, metric, point1, value) => {
        const points = [point(value, { attributes: point1 })];
        const { lines } = mapOnce(dialect, [gauge(points, { name: metric })], { prefix: 'p' });
        fc.pre(lines.length > 0);
        const parsed = parseLine(lines.at(-1)!, dialect);
        const tags = legalTags(point1, dialect);
        const isFolded = dialect.tags.place === 'folded';
        const name = joinName('p', legalName(metric, dialect.illegal.name), dialect);
        const last = 'samples' in parsed ? parsed.samples.at(-1) : undefined;
        expect({ name: last?.name, tags: last?.tags, value: last?.value }).toEqual({
          name: isFolded ? [name, ...tags.flat()].join('.') : name,
          tags: isFolded ? {} : Object.fromEntries(tags),
          value: value + 0,
        });
      },
    ),
  );
});

test('a user’s own tag syntax is read back as it is written', () => {
  const own = { ...dialects.dogstatsd, tags: { ...dialects.dogstatsd.tags, open: '|~', separator: '~' } };
  const { lines } = mapOnce(own, [counter([point(1, { attributes: { k: 'v', l: 'w' } })])]);
  expect([lines, lines.map((line) => parseLine(line, own))]).toEqual([
    ['m:1|c|~k:v~l:w'],
    [{ samples: [{ ...plain, name: 'm', tags: { k: 'v', l: 'w' } }] }],
  ]);
});

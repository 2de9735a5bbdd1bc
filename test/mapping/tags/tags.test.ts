import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import {
  type AttributeRecord,
  legalConstantTags,
  legalTags,
  type Tag,
  withConstantTags,
} from '../../../src/mapping/tags/tags.js';

const { statsd, dogstatsd, graphite, 'statsd-exporter': statsdExporter } = dialects;

describe('the tags of a data point', () => {
  it('are sorted by key, whatever the order of the attributes', () => {
    const sorted: Tag[] = [
      ['Z', '3'],
      ['a', '1'],
      ['b', '2'],
    ];
    expect(legalTags({ b: 2, a: 1, Z: 3 }, dogstatsd)).toEqual(sorted);
    expect(legalTags({ Z: 3, a: 1, b: 2 }, dogstatsd)).toEqual(sorted);
  });

  it('have no illegal characters', () => {
    const attributes = { 'http.route': '/users/{id}', 'a:b|c,d#e@f\n': 'g:h|i,j#k@l\n' };
    expect(legalTags(attributes, dogstatsd)).toEqual([
      ['a_b_c_d_e_f_', 'g:h_i_j#k@l_'],
      ['http.route', '/users/{id}'],
    ]);
    expect(legalTags(attributes, statsd)).toEqual([
      ['a_b_c_d_e_f_', 'g_h_i_j_k_l_'],
      ['http_route', '_users__id_'],
    ]);
  });

  it.each<[string, AttributeRecord]>([
    ['an empty text', { a: '' }],
    ['null', { a: null }],
    ['undefined', { a: undefined }],
    ['a function', { a: () => 1 }],
    [
      'a value that throws',
      {
        a: {
          toJSON: () => {
            throw new Error('no');
          },
        },
      },
    ],
  ])('leave out %s', (_kind, attributes) => {
    expect(legalTags({ ...attributes, b: 1 }, dogstatsd)).toEqual([['b', '1']]);
  });

  it('keep a value of illegal characters alone', () => {
    expect(legalTags({ a: '日本', b: '\n' }, statsd)).toEqual([
      ['a', '__'],
      ['b', '_'],
    ]);
  });

  it('keep an empty key, so that it tells series apart', () => {
    expect(legalTags({ '': 'x' }, dogstatsd)).toEqual([['x_', 'x']]);
  });

  it('have single underscores in keys where Datadog makes one of several, and no key that its agent takes', () => {
    const attributes = { a__b: 1, 'a _c': 2, _d: 3, device: 4, host: 5 };
    expect(legalTags(attributes, dogstatsd)).toEqual([
      ['a_b', '1'],
      ['a_c', '2'],
      ['device_', '4'],
      ['host_', '5'],
      ['x_d', '3'],
    ]);
  });

  it('have keys that begin with a letter where the server requires one, so that keys that differ there stay apart', () => {
    const attributes = { '1st': 1, st: 2, _st: 3, '-st': 4, é: 5, '{st}': 6 };
    const { leadingLetter: _, ...lenient } = dialects.dogstatsd;
    expect([
      legalTags(attributes, dialects.dogstatsd),
      legalConstantTags({ '1st': 1 }, dialects.dogstatsd),
      legalTags(attributes, lenient),
    ]).toEqual([
      [
        ['st', '2'],
        ['x-st', '4'],
        ['x1st', '1'],
        ['x_st', '3'],
        ['x_st_', '6'],
        ['é', '5'],
      ],
      [['x1st', '1']],
      [
        ['-st', '4'],
        ['1st', '1'],
        ['_st', '3'],
        ['_st_', '6'],
        ['st', '2'],
        ['é', '5'],
      ],
    ]);
  });

  it('keep keys that are properties of every object', () => {
    const attributes = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}');
    expect(legalTags(attributes, dialects.vector)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
    ]);
  });

  it('join the values of keys that become one, in the order of the original keys', () => {
    const attributes = { 'a b': 3, 'a.b': 1, a_b: 2 };
    expect(legalTags(attributes, statsdExporter)).toEqual([['a_b', '3;1;2']]);
    expect(legalTags(attributes, statsd)).toEqual([['a_b', '3_1_2']]);
    expect(legalTags(attributes, graphite)).toEqual([
      ['a.b', '1'],
      ['a_b', '3_2'],
    ]);
  });

  it.each<[keyof typeof dialects, AttributeRecord, Tag[]]>([
    [
      'dogstatsd',
      { host: 'a', 'dd.internal.entity_id': 'b', HOST: 'c' },
      [
        ['HOST', 'c'],
        ['dd.internal.entity_id_', 'b'],
        ['host_', 'a'],
      ],
    ],
    [
      'telegraf',
      { metric_type: 'a', host: 'b' },
      [
        ['host', 'b'],
        ['metric_type_', 'a'],
      ],
    ],
    ['cloudwatch', { metric_type: 'a' }, [['metric_type_', 'a']]],
    [
      'gostatsd',
      { gsd_histogram: '1_2', host: 'b' },
      [
        ['gsd_histogram_', '1_2'],
        ['host_', 'b'],
      ],
    ],
    [
      'veneur',
      { veneurlocalonly: 'a', veneursinkonly: 'b' },
      [
        ['_veneurlocalonly', 'a'],
        ['_veneursinkonly', 'b'],
      ],
    ],
    [
      'statsd-exporter',
      { le: 'a', quantile: 'b' },
      [
        ['le_', 'a'],
        ['quantile_', 'b'],
      ],
    ],
    [
      'graphite',
      { name: 'a', __name__: 'b' },
      [
        ['__name___', 'b'],
        ['name_', 'a'],
      ],
    ],
    [
      'carbon',
      { name: 'a', __name__: 'b' },
      [
        ['__name___', 'b'],
        ['name_', 'a'],
      ],
    ],
    [
      'statsd',
      { host: 'a', name: 'b', le: 'c' },
      [
        ['host', 'a'],
        ['le', 'c'],
        ['name', 'b'],
      ],
    ],
  ] as const)('of %s do not take keys that the server keeps for itself', (name, attributes, tags) => {
    expect(legalTags(attributes, dialects[name])).toEqual(tags);
  });

  it('of statsd_exporter are label names that client_golang accepts', () => {
    const attributes = { '1st': 1, __a: 2, ':::': 3, '': 4, é: 5, ' x': 6 };
    expect(legalTags(attributes, statsdExporter)).toEqual([
      ['_', '4;3;5'],
      ['_1st', '1'],
      ['_a', '2'],
      ['_x', '6'],
    ]);
  });

  it('never hold a control character, in no dialect', () => {
    const key = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
    fc.assert(
      fc.property(
        fc.dictionary(key, key),
        fc.constantFrom(...Object.values(dialects)),
        (attributes, dialect) => {
          for (const text of legalTags(attributes, dialect).flat()) {
            expect(text).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u);
          }
        },
      ),
    );
  });
});

test('a constant tag beats an attribute of the same key and may take a reserved one', () => {
  const constant = legalConstantTags({ host: 'web:1', env: 'a,b', none: '' }, dogstatsd);
  expect(constant).toEqual([
    ['env', 'a_b'],
    ['host', 'web:1'],
  ]);
  expect(withConstantTags(legalTags({ env: 'mine', zone: 'x', host: 'y' }, dogstatsd), constant)).toEqual([
    ['env', 'a_b'],
    ['host', 'web:1'],
    ['host_', 'y'],
    ['zone', 'x'],
  ]);
  const tags: Tag[] = [['a', '1']];
  expect(withConstantTags(tags, [])).toBe(tags);
});

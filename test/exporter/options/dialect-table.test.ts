import { describe, expect, it } from 'vitest';
import { expectedOf, type OptionRow } from '../../../src/exporter/options/check-options.js';
import { DIALECT, expectDialectName } from '../../../src/exporter/options/dialect-table.js';
import { dialects } from '../../../src/mapping/dialects/index.js';

const NAMES = Object.keys(dialects).join(', ');

describe('the name of a dialect', () => {
  it.each<[keyof typeof dialects, string[]]>([
    ['dogstatsd', ['datadog', 'Datadog-Agent', 'DD']],
    ['statsd', ['etsy', 'plain', 'vanilla']],
    ['telegraf', ['influx', 'influxdb', 'influxstatsd']],
    ['statsd-exporter', ['prometheus']],
    ['otel-collector', ['opentelemetry', 'otel', 'otelcol']],
    ['gostatsd', ['atlassian']],
    ['veneur', ['stripe']],
    ['brubeck', ['github']],
    ['cloudwatch', ['aws']],
    ['signalfx', ['splunk']],
  ])('%s is suggested for the names %j', (dialect, names) => {
    expect(names.map(expectDialectName)).toEqual(
      names.map(() => `the name of a dialect (${NAMES}; did you mean "${dialect}"?)`),
    );
  });

  it('is one of a list, without a suggestion where none is close', () => {
    expect([...Object.keys(dialects), 'xyzzy', 'toString', 7].map(expectDialectName)).toEqual([
      ...Object.keys(dialects).map(() => undefined),
      ...Array(3).fill(`the name of a dialect (${NAMES})`),
    ]);
  });
});

describe('a field of a dialect', () => {
  const [g, lineBreak] = [/[^a-z]/g, 'a RegExp with the flag g that matches line breaks, too'];
  const { betweenTypes, derivedNames, equivalentCharacters } = DIALECT.nameCollisions.options;
  const derived = { from: ['ms'], pattern: /^(.+)_sum$/, with: ['c'], effect: 'both are lost' };

  it.each<[string, OptionRow, expected: string, accepted: unknown[], refused: unknown[]]>([
    ['tags.open', DIALECT.tags.options.open, 'a string without line breaks', ['', '|#'], ['\n', 'a\r', 7]],
    ['illegal.name', DIALECT.illegal.options.name, lineBreak, [g], [/[^a-z]/, /[,|]/g, 'a']],
    [
      'leadingLetter',
      DIALECT.leadingLetter,
      'a letter from A to Z',
      ['a', 'Z'],
      ['', 'ab', '1a', 'a1', ['a']],
    ],
    ['reservedTags.keys', DIALECT.reservedTags.options.keys, 'a RegExp', [/^a/], ['^a', {}]],
    [
      'types.counter',
      DIALECT.types.options.counter,
      'a StatsD type such as "c", "g", "ms", "h" or "d"',
      ['', 'c', 'ms'],
      [':c', 'c:', 'a b', 7],
    ],
    [
      'acceptedTypes',
      DIALECT.acceptedTypes,
      'a list of c, g, ms, h, d, s',
      [[], ['c', 'g', 'ms', 'h', 'd', 's']],
      ['c', {}],
    ],
    ['misreadTypes', DIALECT.misreadTypes, 'an object from type to text', [{}, { h: 'a' }], ['h', ['h']]],
    [
      'counterDecimals',
      DIALECT.counterDecimals,
      'a whole number of at least 0, or Infinity',
      [0, 6, Number.POSITIVE_INFINITY],
      [-1, 0.5, '3', Number.NaN, Number.NEGATIVE_INFINITY],
    ],
    [
      'sets.members',
      DIALECT.sets.options.members,
      'a RegExp without the flags g and y that matches no text with a line break or "|"',
      [/^\w+$/],
      [/^\w+$/g, /^\w+$/y, /^[\w|]+$/, /^[\w\n]+$/, '^\\w+$'],
    ],
    [
      'limits.gauge',
      DIALECT.limits.options.gauge,
      'a number above 0, or Infinity',
      [0.5, Number.POSITIVE_INFINITY],
      [0, -1, '5', Number.NaN],
    ],
    [
      'unixStreamFraming',
      DIALECT.unixStreamFraming,
      '"newline" or "length-prefixed"',
      ['newline', 'length-prefixed'],
      ['', 'lines'],
    ],
    [
      'nameCollisions.equivalentCharacters',
      equivalentCharacters,
      'a RegExp with the flag g',
      [g],
      [/[^a-z]/, { flags: 'g' }],
    ],
    ['nameCollisions.betweenTypes', betweenTypes, 'a list of { types?, effect }', [[]], [{}, 'a']],
    [
      'nameCollisions.betweenTypes[0]',
      { check: betweenTypes.items },
      '{ types?, effect }',
      [{ effect: 'a' }, { types: ['c'], effect: 'a' }],
      [{}, { types: ['c'] }, { types: 'c', effect: 'a' }, { types: ['x'], effect: 'a' }, { effect: '' }, 'a'],
    ],
    [
      'nameCollisions.derivedNames',
      derivedNames,
      'a list of { from, pattern, with, effect }',
      [[]],
      [{}, 'a'],
    ],
    [
      'nameCollisions.derivedNames[0]',
      { check: derivedNames.items },
      '{ from, pattern, with, effect }',
      [derived],
      [
        ...Object.keys(derived).map((field) => ({ ...derived, [field]: undefined })),
        { ...derived, from: ['x'] },
        { ...derived, pattern: /a/g },
        { ...derived, pattern: /a/y },
        { ...derived, pattern: 'a' },
        { ...derived, with: ['x'] },
        { ...derived, other: 1 },
      ],
    ],
    [
      'resourceTags',
      DIALECT.resourceTags,
      'an object from attribute name to tag name',
      [{}, { a: 'b' }],
      [['a'], 'a'],
    ],
    ['originFields', DIALECT.originFields, 'a list of field names', [[], ['c']], ['c', {}]],
  ])('accepts only what fits: %s', (_, row, expected, accepted, refused) => {
    expect([
      accepted.map((value) => expectedOf(value, row)),
      refused.map((value) => [value, expectedOf(value, row)]),
    ]).toEqual([accepted.map(() => undefined), refused.map((value) => [value, expected])]);
  });
});

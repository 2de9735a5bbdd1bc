import { expect, it } from 'vitest';
import {
  ConfigError,
  describeValue,
  withoutCredentials,
} from '../../../src/exporter/options/config-error.js';

it('a configuration error has a name and lists its faults, by default as those of the exporter', () => {
  const faults = [
    { option: 'port', message: 'too large' },
    { option: 'queue.maxBytes', message: 'too small' },
  ];
  const errors = [new ConfigError(faults), new ConfigError(faults, 'ClusterAggregator')];
  expect(errors.map((error) => [error.name, error.message, error.faults])).toEqual([
    [
      'ConfigError',
      'Invalid StatsdExporter options:\n  - port: too large\n  - queue.maxBytes: too small',
      faults,
    ],
    [
      'ConfigError',
      'Invalid ClusterAggregator options:\n  - port: too large\n  - queue.maxBytes: too small',
      faults,
    ],
  ]);
});

it.each<[string, unknown]>([
  ['null', null],
  ['undefined', undefined],
  ['an array', ['a']],
  ['an object', { a: 1 }],
  ['a function', () => {}],
  ['true (boolean)', true],
  ['1.5 (number)', 1.5],
  ['1 (bigint)', 1n],
  ['Symbol(a) (symbol)', Symbol('a')],
  ['"a\\n" (string)', 'a\n'],
  [`"${'a'.repeat(78)}" (string)`, 'a'.repeat(78)],
  [`"${'a'.repeat(76)}... (string)`, 'a'.repeat(79)],
])('a message describes a value as %s', (text, value) => {
  expect(describeValue(value)).toBe(text);
});

it.each([
  ['udp://user:pass@host:1', 'udp://…@host:1'],
  ['user:p@ss\n@host', '…@host'],
  ['udp://host/path?token=a\nb', 'udp://host/path?…'],
  ['udp://host#secret', 'udp://host?…'],
  ['is this a?', 'is this a?'],
])('of %j the part without credentials is %j', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});

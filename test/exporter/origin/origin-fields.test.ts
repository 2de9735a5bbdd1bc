import { describe, expect, test } from 'vitest';
import type { OriginOptions } from '../../../src/exporter/options/options.js';
import { originFields } from '../../../src/exporter/origin/origin-fields.js';
import { dialects } from '../../../src/mapping/dialects/index.js';

const found = () => 'abc';
const injected: OriginOptions[] = [{ externalData: 'it-false,cn-app,pu-1' }, { cardinality: 'high' }];

describe('origin fields', () => {
  test.each<
    [
      string,
      [Parameters<typeof originFields>[0], Parameters<typeof originFields>[1], () => string | undefined],
      string,
    ]
  >([
    ['are absent by default', [undefined, [], found], ''],
    [
      'carry what the environment provides for this purpose',
      [undefined, injected, found],
      '|e:it-false,cn-app,pu-1|card:high',
    ],
    ['carry the container id when the option is true', [true, [], found], '|c:abc'],
    [
      'carry the container id when the variable is true',
      [undefined, [true, ...injected], found],
      '|c:abc|e:it-false,cn-app,pu-1|card:high',
    ],
    ['are absent when the variable is false', [undefined, [...injected, false], found], ''],
    ['are absent when the option is false', [false, [...injected, true], found], ''],
    [
      'omit the container id outside of a container',
      [true, injected, () => undefined],
      '|e:it-false,cn-app,pu-1|card:high',
    ],
    [
      'carry what the option names',
      [{ containerId: 'mine', externalData: 'e', cardinality: 'low' }, injected, found],
      '|c:mine|e:e|card:low',
    ],
    ['cannot end a line or a field', [{ containerId: 'a|b\nc:1|c' }, [], found], '|c:abc:1c'],
  ])('%s', (_how, [option, environment, find], fields) => {
    expect(originFields(option, environment, dialects.dogstatsd, find)).toBe(fields);
    expect(originFields(option, environment, dialects.statsd, find)).toBe('');
  });

  test.each([[], undefined])('of a dialect that knows none are not looked for: %j', (known) => {
    const search = (): never => expect.unreachable('the container is looked for');
    expect(originFields(true, [], known === undefined ? {} : { originFields: known }, search)).toBe('');
  });
});

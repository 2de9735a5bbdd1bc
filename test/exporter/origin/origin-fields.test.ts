import { describe, expect, test } from 'vitest';
import type { OriginOptions } from '../../../src/exporter/options/options.js';
import { originFields } from '../../../src/exporter/origin/origin-fields.js';
import { dialects } from '../../../src/mapping/dialects/index.js';

const found = () => 'abc';
const injected: OriginOptions[] = [{ externalData: 'it-false,cn-app,pu-1' }, { cardinality: 'high' }];

describe('lines say where they come from', () => {
  test.each<
    [
      string,
      [Parameters<typeof originFields>[0], Parameters<typeof originFields>[1], () => string | undefined],
      string,
    ]
  >([
    ['not unasked', [undefined, [], found], ''],
    [
      'with what was put into the environment for that',
      [undefined, injected, found],
      '|e:it-false,cn-app,pu-1|card:high',
    ],
    ['when asked to in code', [true, [], found], '|c:abc'],
    [
      'when asked to in the environment',
      [undefined, [true, ...injected], found],
      '|c:abc|e:it-false,cn-app,pu-1|card:high',
    ],
    ['not when that is turned off in the environment', [undefined, [...injected, false], found], ''],
    ['not when that is turned off in code', [false, [...injected, true], found], ''],
    [
      'outside of a container with the rest',
      [true, injected, () => undefined],
      '|e:it-false,cn-app,pu-1|card:high',
    ],
    [
      'as named in code',
      [{ containerId: 'mine', externalData: 'e', cardinality: 'low' }, injected, found],
      '|c:mine|e:e|card:low',
    ],
    [
      'without anything that could end a line or a field',
      [{ containerId: 'a|b\nc:1|c' }, [], found],
      '|c:abc:1c',
    ],
  ])('%s', (_how, [option, environment, find], fields) => {
    expect(originFields(option, environment, dialects.dogstatsd, find)).toBe(fields);
    expect(originFields(option, environment, dialects.statsd, find)).toBe('');
  });
});

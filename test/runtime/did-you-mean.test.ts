import { expect, it } from 'vitest';
import { closestMatch, didYouMean } from '../../src/runtime/did-you-mean.js';

const OPTIONS = ['endpoint', 'host', 'port', 'prefix', 'maxPayloadBytes'];

it.each([
  ['prot', 'port'],
  ['Prefix', 'prefix'],
  ['maxPayloadByte', 'maxPayloadBytes'],
  ['hots', 'host'],
  ['colour', undefined],
  ['', undefined],
])('the closest match to %j is %j', (word, suggestion) => {
  expect(closestMatch(word, OPTIONS)).toBe(suggestion);
});

it('a hint holds the match with what stands before it, or is empty', () => {
  expect([
    didYouMean('prot', OPTIONS),
    didYouMean('prot', OPTIONS, '--'),
    didYouMean('colour', OPTIONS),
  ]).toEqual([' (did you mean "port"?)', ' (did you mean "--port"?)', '']);
});

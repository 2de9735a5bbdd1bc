import { expect, it } from 'vitest';
import { closestMatch, didYouMean } from '../../src/runtime/did-you-mean.js';

const OPTIONS = ['endpoint', 'host', 'port', 'prefix', 'maxPayloadBytes'];

it.each([
  ['prot', 'port'],
  ['Prefix', 'prefix'],
  ['maxPayloadByte', 'maxPayloadBytes'],
  ['hots', 'host'],
  ['maxPaylaodByes', 'maxPayloadBytes'],
  ['colour', undefined],
  ['', undefined],
])('the closest match to %j is %j', (word, suggestion) => {
  expect(closestMatch(word, OPTIONS)).toBe(suggestion);
});

it('the first of the closest candidates is suggested, and a swap costs as much as any other slip', () => {
  expect(closestMatch('hots', ['hot', 'host'])).toBe('hot');
});

it.each([
  ['ab', 'ba', 'ba'],
  ['ab', 'ca', undefined],
  ['ab', 'bc', undefined],
])('of %j, at most one slip away, %j: %j', (word, candidate, match) => {
  expect(closestMatch(word, [candidate], 1)).toBe(match);
});

it('a hint holds the match with what stands before it, or is empty', () => {
  expect([
    didYouMean('prot', OPTIONS),
    didYouMean('prot', OPTIONS, '--'),
    didYouMean('colour', OPTIONS),
  ]).toEqual([' (did you mean "port"?)', ' (did you mean "--port"?)', '']);
});

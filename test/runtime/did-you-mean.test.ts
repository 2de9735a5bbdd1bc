import { expect, it } from 'vitest';
import { closestMatch } from '../../src/runtime/did-you-mean.js';

const OPTIONS = ['endpoint', 'host', 'port', 'prefix', 'maxPayloadBytes'];

it.each([
  ['prot', 'port'],
  ['Prefix', 'prefix'],
  ['maxPayloadByte', 'maxPayloadBytes'],
  ['hots', 'host'],
  ['colour', undefined],
  ['', undefined],
])('for %j suggests %j', (word, suggestion) => {
  expect(closestMatch(word, OPTIONS)).toBe(suggestion);
});

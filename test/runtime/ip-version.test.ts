import { expect, it } from 'vitest';
import { ipVersion } from '../../src/runtime/ip-version.js';

it('texts are addresses of IPv4 or of IPv6, or no addresses', () => {
  expect(['127.0.0.1', '::1', '[::1]', 'localhost', '', '127.0.0.1:8125'].map(ipVersion)).toEqual([
    4, 6, 0, 0, 0, 0,
  ]);
});

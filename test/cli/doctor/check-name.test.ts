import type { LookupFunction } from 'node:net';
import { expect, it } from 'vitest';
import { checkName } from '../../../src/cli/doctor/check-name.js';

const neverAsked: LookupFunction = () => {
  throw new Error('asked');
};

it('the one address of a host name is told', async () => {
  const one: LookupFunction = (_host, _options, callback) => callback(null, '10.0.0.1', 4);
  expect(await checkName({ protocol: 'udp', host: 'a', port: 1 }, one)).toEqual({
    status: 'ok',
    text: 'a is 10.0.0.1.',
  });
});

it('all addresses of a host name are asked for', async () => {
  const all: LookupFunction = (_host, options, callback) => {
    const found = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address, family: 4 }));
    if (options.all) callback(null, found);
    else callback(null, '10.0.0.1', 4);
  };
  expect(await checkName({ protocol: 'udp', host: 'a', port: 1 }, all)).toEqual({
    status: 'ok',
    text: 'a is 10.0.0.1, 10.0.0.2.',
  });
});

it('addresses and paths are not looked up', async () => {
  expect([
    await checkName({ protocol: 'udp', host: '10.0.0.1', port: 1 }, neverAsked),
    await checkName({ protocol: 'udp', host: '::1', port: 1 }, neverAsked),
    await checkName({ protocol: 'unix', path: '/a' }, neverAsked),
  ]).toEqual([undefined, undefined, undefined]);
});

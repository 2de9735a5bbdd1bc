import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  isLoopback,
  parseWebAddress,
  webUrl,
  withWebValue,
} from '../../../../src/cli/listen/web/web-address.js';

describe('--web', () => {
  it.each<[string[], string[]]>([
    [['--web'], ['--web=8127']],
    [['--web', '9000'], ['--web=9000']],
    [
      ['--web', '0.0.0.0:9000', '8125'],
      ['--web=0.0.0.0:9000', '8125'],
    ],
    [['--web', '[::]:0'], ['--web=[::]:0']],
    [
      ['--web', 'udp://127.0.0.1:8125'],
      ['--web=8127', 'udp://127.0.0.1:8125'],
    ],
    [
      ['8125', '--web', '--raw'],
      ['8125', '--web=8127', '--raw'],
    ],
    [['--web=9000'], ['--web=9000']],
  ])('in %j is read as %j', (args, expected) => {
    expect(withWebValue(args)).toEqual(expected);
  });

  it.each([
    ['9000', { host: '127.0.0.1', port: 9000 }],
    ['65535', { host: '127.0.0.1', port: 65_535 }],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['[::1]:8127', { host: '::1', port: 8127 }],
    ['box.local:80', { host: 'box.local', port: 80 }],
  ])('%s is an address', (text, address) => {
    expect(parseWebAddress(text)).toEqual(address);
  });

  it.each(['', 'x', '65536', '-1', '1.2.3.4', 'http://a:80', ':80', '[]:80'])('%j is refused', (text) => {
    expect(() => parseWebAddress(text)).toThrow(
      `--web takes a port, or an address and a port such as 0.0.0.0:8127, not "${text}"`,
    );
  });
});

it('loopback is what no other machine reaches', () => {
  const hosts = [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    'localhost',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.evil.example',
    '10.127.0.1',
    '::12',
    '2::1',
  ];
  expect(hosts.filter(isLoopback)).toEqual(['127.0.0.1', '127.9.9.9', '::1', 'localhost']);
});

it("the page's address has the token, and brackets around IPv6", () => {
  expect([
    webUrl({ host: '127.0.0.1', port: 1 }, undefined),
    webUrl({ host: '::1', port: 1 }, undefined),
    webUrl({ host: '10.0.0.1', port: 1 }, 'secret'),
  ]).toEqual(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://10.0.0.1:1/?token=secret']);
  expect(webUrl({ host: '0.0.0.0', port: 1 }, 't')).toMatch(/^http:\/\/(?!0\.0\.0\.0)[\d.]+:1\/\?token=t$/);
});

it('the page on all addresses is named by one that others see, if there is one', () => {
  const one = (address: string, family: 'IPv4' | 'IPv6', internal: boolean) =>
    ({ address, family, internal }) as NetworkInterfaceInfo;
  const loopback = [one('127.0.0.1', 'IPv4', true), one('::1', 'IPv6', true)];
  const urlOf = (host: string, others: Record<string, NetworkInterfaceInfo[] | undefined>): string =>
    webUrl({ host, port: 1 }, undefined, { lo: loopback, ...others });
  const eth0 = [one('fe80::1', 'IPv6', false), one('10.0.0.5', 'IPv4', false)];
  expect([
    urlOf('0.0.0.0', { none: undefined, eth0 }),
    urlOf('::', { eth0, eth1: [one('10.0.0.6', 'IPv4', false)] }),
    urlOf('0.0.0.0', { eth0: eth0.slice(0, 1) }),
    urlOf('10.0.0.1', { eth0 }),
  ]).toEqual(['http://10.0.0.5:1/', 'http://10.0.0.5:1/', 'http://127.0.0.1:1/', 'http://10.0.0.1:1/']);
});

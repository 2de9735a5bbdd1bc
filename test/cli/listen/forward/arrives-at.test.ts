import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { arrivesAt, thisMachine } from '../../../../src/cli/listen/forward/arrives-at.js';
import type { Endpoint } from '../../../../src/transport/endpoint/endpoint.js';

const udp = (host: string, port = 1): Endpoint => ({ protocol: 'udp', host, port });
const tcp = (host: string, port = 1): Endpoint => ({ protocol: 'tcp', host, port });
const unix = (path: string): Endpoint => ({ protocol: 'unix', path });

const machine = () => ({ name: 'here', addresses: ['127.0.0.1', '10.0.0.1', '::1', 'fe80::1'] });

it.each<[Endpoint, Endpoint, boolean]>([
  [unix('/a'), unix('/a'), true],
  [unix('/a/./c/../b'), unix('/a/b'), true],
  [unix('/a'), unix('/b'), false],
  [unix('/a'), udp('a'), false],
  [udp('a'), unix('/a'), false],
  [udp('a'), udp('A'), true],
  [udp('a'), udp('b'), false],
  [udp('a'), udp('a', 2), false],
  [udp('a'), tcp('a'), false],
  [udp('localhost'), udp('0.0.0.0'), true],
  [udp('LocalHost'), udp('::'), true],
  [udp('localhost'), udp('127.0.0.1'), true],
  [udp('127.0.0.1'), udp('localhost'), true],
  [udp('0.0.0.0'), udp('127.0.0.1'), true],
  [udp('::'), udp('::1'), true],
  [udp('0:0:0:0:0:0:0:0'), udp('0.0.0.0'), true],
  [udp('0:0:0:0:0:0:0:1'), udp('::1'), true],
  [udp('127.9.9.9'), udp('0.0.0.0'), true],
  [udp('127.9.9.9'), udp('127.0.0.1'), false],
  [udp('::ffff:127.0.0.1'), udp('127.0.0.1'), true],
  [udp('::FFFF:7f00:1'), udp('127.0.0.1'), true],
  [udp('10.0.0.1'), udp('0.0.0.0'), true],
  [udp('10.0.0.1'), udp('::'), true],
  [udp('fe80::1%eth0'), udp('::'), true],
  [udp('here'), udp('0.0.0.0'), true],
  [udp('HERE'), udp('10.0.0.1'), true],
  [udp('10.0.0.1'), udp('here'), true],
  [udp('10.0.0.2'), udp('0.0.0.0'), false],
  [udp('elsewhere'), udp('0.0.0.0'), false],
  [udp('127.0.0.1'), udp('10.0.0.1'), false],
  [udp('10.0.0.1'), udp('127.0.0.1'), false],
  [udp('10.127.0.1'), udp('127.0.0.1'), false],
  [udp('::12'), udp('::1'), false],
  [udp('127.example'), udp('0.0.0.0'), false],
])('what is sent to %o arrives at %o: %s', (target, listening, arrives) => {
  expect(arrivesAt(target, listening, machine)).toBe(arrives);
});

it('every address of this machine arrives at the wildcard addresses', () => {
  const hosts = ['localhost', hostname(), ...thisMachine().addresses];
  const arriving = hosts.filter((host) => ['0.0.0.0', '::'].every((all) => arrivesAt(udp(host), udp(all))));
  expect(arriving).toEqual(hosts);
});

it('a path arrives where it leads to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arrives-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a'), '');
  symlinkSync(join(folder, 'a'), join(folder, 'b'));
  expect(arrivesAt(unix(join(folder, 'b')), unix(join(folder, 'a')))).toBe(true);
});

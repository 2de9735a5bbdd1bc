// Whether lines would go round: what is forwarded would come back as what is received.

import { realpathSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { Endpoint } from '../../../transport/endpoint/endpoint.js';

/** The name and the addresses of this machine. */
export interface Machine {
  readonly name: string;
  readonly addresses: readonly string[];
}

export function thisMachine(): Machine {
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return { name: hostname(), addresses: interfaces.map(({ address }) => address) };
}

/** Whether what is sent to an endpoint arrives where another one listens. Names of other machines are not looked up. */
export function arrivesAt(
  target: Endpoint,
  listening: Endpoint,
  machine: () => Machine = thisMachine,
): boolean {
  if ('path' in target || 'path' in listening) {
    return 'path' in target && 'path' in listening && realPath(target.path) === realPath(listening.path);
  }
  if (target.protocol !== listening.protocol || target.port !== listening.port) return false;
  if (target.host.toLowerCase() === listening.host.toLowerCase()) return true;
  const here = machine();
  const listened = new BlockList();
  if (isWildcard(listening.host)) listened.addSubnet('127.0.0.0', 8);
  for (const address of addressesOf(listening.host, here)) listened.addAddress(address, familyOf(address));
  // Linux sends what is for a wildcard address to itself.
  const host = isWildcard(target.host) ? 'localhost' : target.host;
  return addressesOf(host, here).some((address) => listened.check(address, familyOf(address)));
}

/** None for the names of other machines. */
function addressesOf(host: string, { name, addresses }: Machine): readonly string[] {
  if (isWildcard(host) || host.toLowerCase() === name.toLowerCase()) return [...LOOPBACK, ...addresses];
  if (host.toLowerCase() === 'localhost') return LOOPBACK;
  // A zone has no part in the comparison.
  return isIP(host) === 0 ? [] : [host.replace(/%.*/, '')];
}

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || (isIP(host) === 6 && /^[0:]+$/.test(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Several paths may lead to one socket. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

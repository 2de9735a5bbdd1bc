// Checks that the name of the server's host has an address.

import { isIP, type LookupFunction } from 'node:net';
import { errorCode } from '../../runtime/error-code.js';
import type { Destination } from '../../transport/endpoint/destination.js';
import type { Finding } from './report.js';

/** Undefined when there is no name to look up. */
export async function checkName(
  destination: Destination,
  lookup: LookupFunction,
): Promise<Finding | undefined> {
  if (!('host' in destination) || isIP(destination.host) !== 0) return undefined;
  const { host } = destination;
  try {
    const addresses = await addressesOf(host, lookup);
    return { status: 'ok', text: `${host} is ${addresses.join(', ')}.` };
  } catch (error) {
    return {
      status: 'problem',
      text: `The host name ${host} has no address (${errorCode(error)}).`,
      advice:
        'Look for a typing mistake. In a container the name must be one of its network; elsewhere ask the DNS server.',
    };
  }
}

function addressesOf(host: string, lookup: LookupFunction): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) => {
      if (error) reject(error);
      else resolve(Array.isArray(found) ? found.map(({ address }) => address) : [found]);
    });
  });
}

// The resolver of a carrier: what it asks and counts is the same for datagrams and streams.

import type { TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import type { HostEndpoint } from './endpoint.js';
import { Resolver } from './resolver.js';

export function hostResolver({ host }: HostEndpoint, ledger: Ledger, options: TransportOptions): Resolver {
  const { lookup, connectTimeoutMillis, clock, random } = options;
  return new Resolver({
    host,
    lookup,
    timeoutMillis: connectTimeoutMillis,
    clock,
    random,
    onFailure: () => {
      ledger.dnsFailures += 1;
    },
    onChange: () => {
      ledger.dnsChanges += 1;
    },
  });
}

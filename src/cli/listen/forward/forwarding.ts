// Forwarding as the command line asks for it.

import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Dialect } from '../../../mapping/dialects/dialect.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Endpoint } from '../../../transport/endpoint/endpoint.js';
import { PROTOCOLS } from '../../../transport/endpoint/protocols.js';
import { Resolver } from '../../../transport/endpoint/resolver.js';
import { framingOf } from '../../../transport/packing/framing.js';
import type { ForwardStatus } from './forward-text.js';
import { Forwarder, type ForwardState } from './forwarder.js';

export interface ForwardSettings {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  readonly forward: Endpoint;
  readonly dialect: Dialect;
}

export interface Forwarding {
  send(payload: Buffer): void;
  status(): ForwardStatus;
  close(): Promise<void>;
}

const LOOKUP_MILLIS = 5_000;

/** @param onChange called when forwarding begins to fail and when it works again */
export function startForwarding(
  { endpoint, forward, dialect }: ForwardSettings,
  clock: Clock,
  onChange: (status: ForwardStatus) => void,
): Forwarding {
  const noun =
    PROTOCOLS[endpoint.protocol].kind === 'datagram'
      ? 'datagram'
      : framingOf(endpoint.protocol, dialect) === 'newline'
        ? 'line'
        : 'frame';
  const statusOf = (state: ForwardState): ForwardStatus => ({ ...state, endpoint: forward, noun });
  const ignore = (): void => {};
  const random = Math.random;
  const resolver =
    'path' in forward
      ? undefined
      : new Resolver({
          host: forward.host,
          lookup: lookup as LookupFunction,
          timeoutMillis: LOOKUP_MILLIS,
          clock,
          random,
          onFailure: ignore,
          onChange: ignore,
        });
  const forwarder = new Forwarder({
    endpoint: forward,
    framing: framingOf(forward.protocol, dialect),
    addresses: async () => (resolver === undefined ? [] : resolver.resolve()),
    clock,
    random,
    onChange: (state) => onChange(statusOf(state)),
  });
  return {
    send: (payload) => forwarder.send(payload),
    status: () => statusOf(forwarder.state()),
    close: () => forwarder.close(),
  };
}

// Forwarding as the command line asks for it.

import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
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

/** Whether what is sent to an endpoint arrives where another one listens; names are not looked up. */
export function arrivesAt(target: Endpoint, listening: Endpoint): boolean {
  if ('path' in target || 'path' in listening) {
    return 'path' in target && 'path' in listening && target.path === listening.path;
  }
  if (target.protocol !== listening.protocol || target.port !== listening.port) return false;
  return target.host === listening.host || (isHere(target.host) && isHere(listening.host));
}

/** Loopback, and all addresses of the machine. */
function isHere(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === 'localhost';
  return /^(?:127\.|0\.0\.0\.0$|::1?$|::ffff:127\.)/i.test(host);
}

import type { LookupFunction } from 'node:net';
import type { Clock } from './clock.js';
import type { Endpoint } from './endpoint.js';
import type { Isolate, TransportEvent } from './transport.js';

/** Everything a transport needs; complete, so that defaults live in one place outside. */
export interface TransportOptions {
  readonly endpoint: Endpoint;
  /** Bound of all lines kept in memory, in bytes. */
  readonly maxQueueBytes: number;
  /** Deadline of a name look-up, and of a connection attempt with its look-up. */
  readonly connectTimeoutMillis: number;
  /** A connection that takes no byte for this long is given up. */
  readonly stallTimeoutMillis: number;
  /** How long a server may take to read everything and close after we did. */
  readonly confirmTimeoutMillis: number;
  readonly lookup: LookupFunction;
  readonly clock: Clock;
  readonly random: () => number;
  readonly isolate: Isolate;
  readonly onEvent: (event: TransportEvent) => void;
}

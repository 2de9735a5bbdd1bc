import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../runtime/clock.js';
import type { Destination } from './endpoint/destination.js';
import type { TransportEvent, WithoutTracing } from './transport.js';

/** Everything a transport needs; complete, so that defaults live in one place outside. */
export interface TransportOptions {
  readonly destination: Destination;
  /** Bound of all lines kept in memory, in bytes. */
  readonly maxQueueBytes: number;
  /** More than this, and the transport calls itself behind. */
  readonly softQueueBytes: number;
  /** Streams: whether a connection carries one segment and ends with a proof, or lives for minutes. */
  readonly delivery: 'confirmed' | 'persistent';
  /** What becomes of additive lines of which nobody knows whether the server counted them. */
  readonly onUnconfirmed: 'resend' | 'drop';
  /** How a unix stream server finds the end of a payload; all other streams take newlines. */
  readonly framing: Framing;
  /** TCP and TLS: whether a connection that is given up may be reset, which keeps the server from reading on. */
  readonly mayReset: boolean;
  readonly pacing: Pacing;
  /** Passed on to `tls.connect()`. */
  readonly tls: ConnectionOptions;
  /** Deadline of a name look-up, and of a connection attempt with its look-up. */
  readonly connectTimeoutMillis: number;
  /** A connection that takes no byte for this long is given up. */
  readonly stallTimeoutMillis: number;
  /** How long a server may take to read everything and close after we did. */
  readonly confirmTimeoutMillis: number;
  readonly lookup: LookupFunction;
  readonly clock: Clock;
  readonly random: () => number;
  readonly withoutTracing: WithoutTracing;
  readonly onEvent: (event: TransportEvent) => void;
  /** Called when the transport is no longer behind. */
  readonly onBelowSoftLimit: () => void;
}

/** `length-prefixed`: each payload follows its length as a 32-bit little-endian number (datadog-go statsd/uds.go). */
export type Framing = 'newline' | 'length-prefixed';

/** False: as fast as it goes. Rates that are not given follow from what is exported (pacing.ts). */
export type Pacing =
  | false
  | {
      /** Of tcp, tls and unix streams. */
      readonly bytesPerSecond?: number | undefined;
      /** Of udp. */
      readonly datagramsPerSecond?: number | undefined;
    };

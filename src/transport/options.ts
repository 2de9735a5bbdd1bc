import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../runtime/clock.js';
import type { Destination } from './endpoint/destination.js';
import type { Framing } from './packing/framing.js';
import type { TransportEvent, WithoutTracing } from './transport.js';

/** Everything a transport needs. All members are required: defaults are decided by the exporter's options. */
export interface TransportOptions {
  readonly destination: Destination;
  /** Bound of all lines kept in memory, in bytes. */
  readonly maxQueueBytes: number;
  /** Above this many bytes `isOverSoftLimit()` is true. */
  readonly softQueueBytes: number;
  /** Streams: one connection per segment that ends with a confirmation, or one long-lived connection. */
  readonly delivery: 'confirmed' | 'persistent';
  /** Additive lines of which it is unknown whether the server counted them: send them again, or drop them. */
  readonly onUnconfirmed: 'resend' | 'drop';
  /** How a unix stream server finds the end of a payload; all other streams use newlines. */
  readonly framing: Framing;
  /**
   * TCP and TLS: how a connection is aborted. `rst` discards what the server has not read yet, so that it does not read
   * lines that are sent again; `fin` lets it read on.
   */
  readonly abortWith: AbortMethod;
  readonly pacing: Pacing;
  /** Passed to `tls.connect()`. */
  readonly tls: ConnectionOptions;
  /** Deadline of a name lookup, and of a connection attempt with its lookup. */
  readonly connectTimeoutMillis: number;
  /** A connection that takes no byte for this long is aborted. */
  readonly stallTimeoutMillis: number;
  /** How long a server may take after our FIN to read everything and close. */
  readonly confirmTimeoutMillis: number;
  readonly lookup: LookupFunction;
  readonly clock: Clock;
  readonly random: () => number;
  readonly withoutTracing: WithoutTracing;
  readonly onEvent: (event: TransportEvent) => void;
  /** Called when the queue falls to its soft limit again. */
  readonly onBelowSoftLimit: () => void;
}

export type AbortMethod = 'fin' | 'rst';

/** False: without pacing. Rates that are not given follow from what is exported (folder pacing). */
export type Pacing =
  | false
  | {
      /** For tcp, tls and unix. */
      readonly bytesPerSecond?: number | undefined;
      /** For udp. */
      readonly datagramsPerSecond?: number | undefined;
    };

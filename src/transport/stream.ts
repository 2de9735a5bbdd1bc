// Performs what connection-state.ts decides, on a TCP socket: one connection per segment, kept in memory
// until the server has proven that it read it.

import { connect, type Socket } from 'node:net';
import { backoffMillis } from './backoff.js';
import type { Timer } from './clock.js';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  nextConnectionState,
  type Outcome,
} from './connection-state.js';
import type { Ledger } from './ledger.js';
import type { TransportOptions } from './options.js';
import { Outage } from './outage.js';
import type { ChunkQueue, QueuedChunk } from './queue.js';
import type { Carrier } from './queueing-transport.js';

/** Bounds what one broken connection can duplicate; a server reads this much within milliseconds. */
const SEGMENT_BYTES = 1_048_576;

/** A chunk whose fate was unknown this often is given up, or it might be counted for ever. */
const MAX_UNKNOWN_SENDS = 4;

/** With several addresses, how long one may take before the next is tried; Node's 250 ms cuts off slow good ones. */
const ADDRESS_ATTEMPT_MILLIS = 1_000;

/** Time for the operating system to take the rest of a started chunk at shutdown; a server that reads needs less. */
const LINGER_MILLIS = 50;

export class StreamCarrier implements Carrier {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #outage: Outage;
  #state: ConnectionState = { name: 'idle', failures: 0 };
  #socket: Socket | undefined;
  #segment: QueuedChunk[] = [];
  /** How many chunks of the segment the socket was given. */
  #handed = 0;
  #timer: Timer | undefined;

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
    this.#outage = new Outage(options.clock, options.onEvent);
  }

  get state(): string {
    return this.#state.name;
  }

  get oldestInFlightAt(): number | undefined {
    return this.#segment[0]?.enqueuedAt;
  }

  wake(): void {
    this.#dispatch({ type: 'work' });
  }

  hurry(): void {
    this.#dispatch({ type: 'retry' });
  }

  destroy(): void {
    this.#dispatch({ type: 'shutdown' });
  }

  #dispatch(event: ConnectionEvent): void {
    const step = nextConnectionState(this.#state, event);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
    if (this.#state.name === 'idle' && !this.#queue.isEmpty) this.#dispatch({ type: 'work' });
  }

  #perform(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'connect':
        this.#arm(this.#options.connectTimeoutMillis, { type: 'deadline' });
        this.#socket = this.#connect();
        return;
      case 'settle':
        return this.#arm(effect.millis, { type: 'settled' });
      case 'begin':
        this.#segment = this.#queue.take(SEGMENT_BYTES);
        this.#handed = 0;
        for (const { lines } of this.#segment) this.#ledger.inFlightLines += lines;
        return this.#writeNext();
      case 'write':
        return this.#writeNext();
      case 'end':
        this.#arm(this.#options.confirmTimeoutMillis, { type: 'deadline' });
        this.#socket?.end();
        return;
      case 'leave':
        return this.#leave(effect.outcome);
      case 'back-off':
        return this.#arm(backoffMillis(effect.failures, this.#options.random), { type: 'retry' });
    }
  }

  #connect(): Socket {
    const { clock, endpoint, lookup } = this.#options;
    const startedAt = clock.now();
    const socket = connect({
      host: endpoint.host,
      port: endpoint.port,
      lookup,
      noDelay: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLIS,
    });
    // The listeners stay for the socket's whole life, so that a late error can crash nothing; once another
    // socket has taken its place, they say nothing.
    const tell = (event: ConnectionEvent): void => {
      if (this.#socket === socket) this.#dispatch(event);
    };
    socket.on('connect', () => {
      this.#ledger.connects += 1;
      tell({ type: 'connected', millis: clock.now() - startedAt });
    });
    socket.on('end', () => tell({ type: 'peer-ended' }));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      tell({ type: 'error', code: error.code ?? error.name }),
    );
    socket.on('close', () => tell({ type: 'closed' }));
    // Without reading there is no 'end', and unread input would turn our own close into a reset.
    socket.resume();
    return socket.unref();
  }

  #writeNext(): void {
    const socket = this.#socket;
    const chunk = this.#segment[this.#handed];
    if (socket === undefined || chunk === undefined) return;
    this.#handed += 1;
    if (chunk.sends > 0) {
      this.#ledger.resentLines += chunk.lines;
      if (chunk.kind === 'additive') this.#ledger.maybeDuplicatedLines += chunk.lines;
    }
    this.#arm(this.#options.stallTimeoutMillis, { type: 'deadline' });
    // Node calls back without an error for data that was lost with a destroyed socket. The turn of the event
    // loop between chunks lets the peer's FIN or RST be seen before more is entrusted to it.
    socket.write(chunk.bytes, () => {
      if (socket.destroyed) return;
      setImmediate(() => {
        if (this.#socket !== socket) return;
        this.#dispatch({ type: 'wrote', remaining: this.#segment.length - this.#handed });
      });
    });
  }

  #leave(outcome: Outcome): void {
    this.#timer?.cancel();
    const socket = this.#socket;
    this.#socket = undefined;
    const segment = this.#segment;
    this.#segment = [];
    for (const { lines } of segment) this.#ledger.inFlightLines -= lines;

    switch (outcome.kind) {
      case 'confirmed':
        for (const chunk of segment) {
          this.#ledger.confirm(chunk.lines, chunk.bytes.length);
          this.#queue.release(chunk);
        }
        return this.#outage.succeeded();
      case 'not-sent':
        socket?.destroy();
        this.#ledger.count(this.#ledger.connectFailures, outcome.cause);
        this.#queue.putBack(segment);
        return this.#outage.failed(outcome.cause);
      case 'unknown':
        // A reset keeps the peer from reading on what is about to be sent again.
        socket?.resetAndDestroy();
        this.#ledger.count(this.#ledger.disconnects, outcome.cause);
        this.#keep(segment);
        return this.#outage.failed(outcome.cause);
      case 'abandoned':
        this.#queue.putBack(segment);
        return linger(socket, this.#options);
    }
  }

  /** Puts a segment of unknown fate back in front of the queue, but for chunks that had their chances. */
  #keep(segment: readonly QueuedChunk[]): void {
    const kept: QueuedChunk[] = [];
    segment.forEach((chunk, index) => {
      const sends = index < this.#handed ? chunk.sends + 1 : chunk.sends;
      if (sends < MAX_UNKNOWN_SENDS) {
        kept.push({ ...chunk, sends });
      } else {
        this.#ledger.drop('unknown', chunk.lines);
        this.#queue.release(chunk);
      }
    });
    this.#queue.putBack(kept);
  }

  #arm(millis: number, event: ConnectionEvent): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(millis, () => this.#dispatch(event));
  }
}

/** Ends a connection without cutting a line in two; a destroyed socket would drop what it was still writing. */
function linger(socket: Socket | undefined, { clock }: TransportOptions): void {
  if (socket === undefined) return;
  if (socket.connecting) {
    socket.destroy();
    return;
  }
  socket.destroySoon();
  clock.after(LINGER_MILLIS, () => socket.destroy());
}

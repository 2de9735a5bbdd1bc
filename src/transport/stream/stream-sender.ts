// Performs the effects of the connection state machine (connection-state.ts) on stream sockets: tcp, tls and unix.

import { backoffMillis } from '../../runtime/backoff.js';
import { DeadlineTimer } from '../../runtime/deadline-timer.js';
import { errorCode } from '../../runtime/error-code.js';
import type { TransportOptions } from '../options.js';
import { StreamPacer } from '../pacing/stream-pacer.js';
import { CHUNK_BYTES, type Chunk } from '../packing/chunk.js';
import { frameChunk } from '../packing/framing.js';
import type { ChunkQueue } from '../queue/chunk-queue.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { Segment } from '../queue/in-flight-segment.js';
import { OutageReporter } from '../queue/outage-reporter.js';
import type { Sender } from '../queueing-transport.js';
import type { TransportState } from '../transport.js';
import type { StreamSocket } from './connect.js';
import { initialState, nextConnectionState } from './connection-state.js';
import type { ConnectionEffect, ConnectionEvent, ConnectionState, Outcome } from './connection-types.js';
import { StreamConnection } from './stream-connection.js';
import type { StreamTarget } from './stream-target.js';

/** Bounds what one broken connection can duplicate; a server reads this much within milliseconds. */
const SEGMENT_BYTES = 1_048_576;

/** Without pacing, chunks are written together up to this: as much as a socket takes at once, in one system call. */
const WRITE_BYTES = 262_144;

/**
 * After a connection broke, the next carries a quarter, after a few failures a single chunk: enough gets through to a server
 * that is often away, and a line that breaks connections is isolated.
 */
const SEGMENT_FACTOR = 4;

/** Maximum age of a persistent connection: a new one follows load balancers and changed names. */
const LIFETIME_MILLIS = 300_000;
const LIFETIME_JITTER = 0.2;

/** The longest back-off while a flush waits, so that a server that comes back is noticed at once. */
const FLUSH_BACKOFF_MILLIS = 250;

/** What a timer dispatches. */
type TimedEvent = 'deadline' | 'probed' | 'paced' | 'retry';

export class StreamSender implements Sender {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #target: StreamTarget;
  readonly #segment: Segment;
  readonly #outage: OutageReporter;
  readonly #pacer: StreamPacer;
  readonly #timer: DeadlineTimer;
  #state: ConnectionState;
  #segmentBytes = SEGMENT_BYTES;
  #connection: StreamConnection | undefined;
  /** Start of the phase that is being measured: connecting, confirming or backing off. */
  #phaseStartedAt = 0;
  /** Resolves when the connection that was abandoned last is closed. */
  #lastClosed: Promise<void> = Promise.resolve();
  #hasReportedDowngrade = false;
  #dueEvent: TimedEvent = 'deadline';
  readonly #onTimer = (): void => this.#dispatch({ type: this.#dueEvent });

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions, target: StreamTarget) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
    this.#target = target;
    this.#segment = new Segment(queue, ledger, { keepsBytes: false, onUnconfirmed: options.onUnconfirmed });
    this.#outage = new OutageReporter(options.clock, options.onEvent);
    this.#pacer = new StreamPacer(options.pacing, options.clock);
    this.#timer = new DeadlineTimer(options.clock);
    this.#state = initialState(options.delivery);
  }

  get state(): TransportState {
    return this.#state.name;
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#segment.oldestEnqueuedAt;
  }

  notify(chunk: Chunk): void {
    this.#pacer.recordOffered(chunk.bytes.length);
    if (this.#state.name === 'open') void this.#workIfNotReplaced(this.#connection);
    else this.#workIfIdle();
  }

  retryNow(): void {
    this.#dispatch({ type: 'retry' });
  }

  destroy(): Promise<void> {
    this.#dispatch({ type: 'shutdown' });
    return this.#lastClosed;
  }

  /** A replaced server may still be alive, and would silently read what is meant for its successor. */
  async #workIfNotReplaced(connection: StreamConnection | undefined): Promise<void> {
    const isReplaced = await this.#target.isReplaced();
    if (this.#connection !== connection) return;
    if (isReplaced) this.#dispatch({ type: 'replaced' });
    // What was queued together is sent together: then nothing is left for the later answers.
    else if (!this.#queue.isEmpty) this.#dispatch({ type: 'work' });
  }

  /** Every other state ends in one that looks at the queue. */
  #workIfIdle(): void {
    if (this.#state.name === 'idle' && !this.#queue.isEmpty) this.#dispatch({ type: 'work' });
  }

  #dispatch(event: ConnectionEvent): void {
    const now = this.#options.clock.now();
    const before = this.#state;
    const step = nextConnectionState(before, event, now);
    this.#state = step.state;
    if (before.name === 'backing-off' && step.state.name !== 'backing-off') {
      this.#ledger.backoffMillis += now - this.#phaseStartedAt;
    }
    for (const effect of step.effects) this.#perform(effect, now);
    this.#workIfIdle();
  }

  #perform(effect: ConnectionEffect, now: number): void {
    const { connectTimeoutMillis, confirmTimeoutMillis } = this.#options;
    switch (effect.do) {
      case 'resolve':
        this.#phaseStartedAt = now;
        this.#arm(connectTimeoutMillis, 'deadline');
        return this.#resolve(this.#isConfirmed);
      case 'connect':
        return this.#connect();
      case 'probe':
        return this.#arm(effect.millis, 'probed');
      case 'begin':
        this.#segment.fill(effect.take === 'segment' ? this.#segmentBytes : 1);
        return this.#write();
      case 'write':
        return this.#write();
      case 'count-written':
        return this.#segment.settleWritten();
      case 'report-success':
        return this.#outage.succeeded();
      case 'keep-open':
        return this.#arm(effect.millis, 'deadline');
      case 'end':
        this.#phaseStartedAt = now;
        this.#arm(confirmTimeoutMillis, 'deadline');
        return this.#connection?.end();
      case 'await-close':
        return this.#arm(confirmTimeoutMillis, 'deadline');
      case 'abandon':
        return this.#abandon(effect.outcome, now);
      case 'back-off':
        this.#phaseStartedAt = now;
        return this.#arm(this.#backoffMillis(effect.failures, effect.cause), 'retry');
    }
  }

  #resolve(isConfirmed: boolean): void {
    this.#target.resolve({ staysOpen: !isConfirmed }).then(
      () => this.#dispatch({ type: 'resolved' }),
      // After a deadline the state has moved on, and the error is not of the current attempt.
      (error: unknown) => {
        if (this.#state.name === 'resolving') this.#dispatch({ type: 'error', code: errorCode(error) });
      },
    );
  }

  #connect(): void {
    const { clock, random } = this.#options;
    const startedAt = clock.now();
    const opened = this.#open();
    if (typeof opened === 'string') return this.#dispatch({ type: 'error', code: opened });
    this.#connection = new StreamConnection(opened, {
      onReady: (socket) => {
        this.#ledger.connects += 1;
        this.#target.markConnected(socket);
        const lifetimeMillis = LIFETIME_MILLIS * (1 + LIFETIME_JITTER * (2 * random() - 1));
        this.#dispatch({ type: 'connected', millis: clock.now() - startedAt, lifetimeMillis });
      },
      onTaken: () => this.#dispatch({ type: 'wrote', remaining: this.#remaining() }),
      onEvent: (event) => this.#dispatch(event),
    });
  }

  /** Returns the code of an error when the attempt fails at once. */
  #open(): StreamSocket | string {
    try {
      return this.#target.open();
    } catch (error) {
      return errorCode(error);
    }
  }

  /** Writes the segment's next chunks, now or when pacing permits. */
  #write(): void {
    // A flush is not paced; the server reads at its own pace.
    const isPaced = this.#options.pacing !== false && !this.#ledger.hasFlushWaiters;
    const chunks = this.#segment.nextWithin(isPaced ? 1 : WRITE_BYTES);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    const waitMillis = isPaced ? this.#pacer.millisUntil(bytes) : 0;
    if (waitMillis > 0) return this.#arm(waitMillis, 'paced');

    this.#pacer.take(bytes);
    this.#arm(this.#options.stallTimeoutMillis, 'deadline');
    const { framing } = this.#options;
    const pieces = chunks.map((chunk) => frameChunk(chunk, framing));
    if (this.#connection?.write(pieces)) this.#segment.markWritten(chunks.length);
  }

  /** Chunks that this connection could still carry. */
  #remaining(): number {
    return this.#isConfirmed ? this.#segment.remaining : this.#queue.chunks;
  }

  /** Whether each connection ends with its segment. */
  get #isConfirmed(): boolean {
    return 'history' in this.#state && this.#state.history.delivery === 'confirmed';
  }

  #backoffMillis(failures: number, cause: string): number {
    const capMillis = this.#target.backoffCapMillis(cause);
    const millis = backoffMillis(failures, this.#options.random, { capMillis });
    return this.#ledger.hasFlushWaiters ? Math.min(millis, FLUSH_BACKOFF_MILLIS) : millis;
  }

  #abandon(outcome: Outcome, now: number): void {
    this.#timer.cancel();
    const connection = this.#connection;
    this.#connection = undefined;
    const segment = this.#segment;
    this.#ledger.connectionEnded(outcome, segment, now - this.#phaseStartedAt);
    const { isQuarantined } = segment;
    switch (outcome.kind) {
      case 'confirmed':
        this.#segmentBytes = Math.min(
          SEGMENT_BYTES,
          Math.max(CHUNK_BYTES, this.#segmentBytes * SEGMENT_FACTOR),
        );
        segment.settleConfirmed();
        return this.#outage.succeeded();
      case 'downgraded':
        segment.settleWritten();
        this.#linger(connection);
        return this.#reportDowngrade();
      case 'not-sent':
        segment.requeue();
        this.#abort(connection);
        return this.#outage.failed(outcome.cause);
      case 'unknown':
        this.#segmentBytes = this.#segmentBytes > CHUNK_BYTES ? this.#segmentBytes / SEGMENT_FACTOR : 1;
        segment.resendOrDrop();
        if (outcome.lingers) this.#linger(connection);
        else this.#abort(connection);
        // A quarantined chunk that breaks its connection is no outage.
        if (!isQuarantined) this.#outage.failed(outcome.cause);
        return;
      case 'closed':
        return this.#linger(connection);
      case 'shutdown':
        segment.requeue();
        return this.#linger(connection, { holdProcess: true });
    }
  }

  #abort(connection: StreamConnection | undefined): void {
    connection?.abort(this.#target.abortWith);
    this.#target.markFailed();
  }

  #linger(connection: StreamConnection | undefined, options = { holdProcess: false }): void {
    if (connection !== undefined) this.#lastClosed = connection.linger(this.#options.clock, options);
  }

  #reportDowngrade(): void {
    if (this.#hasReportedDowngrade) return;
    this.#hasReportedDowngrade = true;
    this.#options.onEvent({ kind: 'downgraded' });
  }

  /** Dispatches the event after this time, unless another is armed before. */
  #arm(millis: number, event: TimedEvent): void {
    this.#dueEvent = event;
    this.#timer.arm(millis, this.#onTimer);
  }
}

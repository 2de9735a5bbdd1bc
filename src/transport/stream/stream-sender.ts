// Performs what connection-state.ts decides, on stream sockets: tcp, tls and unix.

import { backoffMillis } from '../../runtime/backoff.js';
import { DeadlineTimer } from '../../runtime/deadline-timer.js';
import { errorCode } from '../endpoint/resolver.js';
import type { TransportOptions } from '../options.js';
import { StreamPacer } from '../pacing/pacing.js';
import type { Chunk } from '../packing/chunk.js';
import { frameChunk } from '../packing/framing.js';
import type { ChunkQueue } from '../queue/chunk-queue.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import { Segment } from '../queue/in-flight-segment.js';
import { OutageReporter } from '../queue/outage-reporter.js';
import { countOutcome } from '../queue/outcome-counts.js';
import type { Sender } from '../queueing-transport.js';
import type { StreamSocket } from './connect.js';
import { initialState, nextConnectionState } from './connection-state.js';
import type { ConnectionEffect, ConnectionEvent, ConnectionState, Outcome } from './connection-types.js';
import { StreamConnection } from './stream-connection.js';
import type { StreamTarget } from './stream-target.js';

/** Bounds what one broken connection can duplicate; a server reads this much within milliseconds. */
const SEGMENT_BYTES = 1_048_576;

/** A persistent connection is replaced now and then, so that load balancers and changed names get their share. */
const LIFETIME_MILLIS = 300_000;
const LIFETIME_JITTER = 0.2;

/** While somebody waits for a flush, a server that comes back should be noticed at once. */
const HURRIED_BACKOFF_MILLIS = 250;

export class StreamSender implements Sender {
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #options: TransportOptions;
  readonly #route: StreamTarget;
  readonly #segment: Segment;
  readonly #outage: OutageReporter;
  readonly #pace: StreamPacer;
  readonly #alarm: DeadlineTimer;
  #state: ConnectionState;
  #link: StreamConnection | undefined;
  /** When the state was entered that is being measured: connecting, confirming or waiting. */
  #since = 0;
  #gone: Promise<void> = Promise.resolve();
  #isDowngradeTold = false;

  constructor(queue: ChunkQueue, ledger: Ledger, options: TransportOptions, route: StreamTarget) {
    this.#queue = queue;
    this.#ledger = ledger;
    this.#options = options;
    this.#route = route;
    this.#segment = new Segment(queue, ledger, { keepsBytes: false });
    this.#outage = new OutageReporter(options.clock, options.onEvent);
    this.#pace = new StreamPacer(options.pacing, options.clock);
    this.#alarm = new DeadlineTimer(options.clock);
    this.#state = initialState(options.delivery);
  }

  get state(): string {
    return this.#state.name;
  }

  get oldestEnqueuedAt(): number | undefined {
    return this.#segment.oldestEnqueuedAt;
  }

  notify(chunk: Chunk): void {
    this.#pace.recordOffered(chunk.bytes.length);
    if (this.#state.name === 'open') void this.#workIfNotReplaced(this.#link);
    else this.#dispatch({ type: 'work' });
  }

  retryNow(): void {
    this.#dispatch(this.#retry());
  }

  destroy(): Promise<void> {
    this.#dispatch({ type: 'shutdown' });
    return this.#gone;
  }

  /** A server whose place another has taken may still be alive, and would silently get what is meant for the other. */
  async #workIfNotReplaced(link: StreamConnection | undefined): Promise<void> {
    const isReplaced = await this.#route.isReplaced();
    if (this.#link === link) this.#dispatch({ type: isReplaced ? 'replaced' : 'work' });
  }

  #dispatch(event: ConnectionEvent): void {
    const now = this.#options.clock.now();
    const before = this.#state;
    const step = nextConnectionState(before, event, now);
    this.#state = step.state;
    if (before.name === 'waiting' && step.state.name !== 'waiting') {
      this.#ledger.backoffMillis += now - this.#since;
    }
    for (const effect of step.effects) this.#perform(effect, now);
    if (this.#state.name === 'idle' && !this.#queue.isEmpty) this.#dispatch({ type: 'work' });
  }

  #perform(effect: ConnectionEffect, now: number): void {
    const { connectTimeoutMillis, confirmTimeoutMillis } = this.#options;
    switch (effect.do) {
      case 'resolve':
        this.#since = now;
        this.#arm(connectTimeoutMillis, () => ({ type: 'deadline' }));
        return this.#resolve();
      case 'connect':
        return this.#connect();
      case 'settle':
        return this.#arm(effect.millis, () => ({ type: 'settled' }));
      case 'begin':
        this.#segment.fill(effect.take === 'segment' ? SEGMENT_BYTES : 1);
        return this.#write();
      case 'write':
        return this.#write();
      case 'count-written':
        return this.#segment.settleWritten();
      case 'report-success':
        return this.#outage.succeeded();
      case 'rest':
        return this.#arm(effect.millis, () => ({ type: 'deadline' }));
      case 'end':
        this.#since = now;
        this.#arm(confirmTimeoutMillis, () => ({ type: 'deadline' }));
        return this.#link?.end();
      case 'leave':
        return this.#leave(effect.outcome, now);
      case 'back-off':
        this.#since = now;
        return this.#arm(this.#backoffMillis(effect.failures, effect.cause), () => this.#retry());
    }
  }

  #resolve(): void {
    this.#route.resolve().then(
      () => this.#dispatch({ type: 'resolved' }),
      // Too late, it would be an error of whatever has come since.
      (error: unknown) => {
        if (this.#state.name === 'resolving') this.#dispatch({ type: 'error', code: errorCode(error) });
      },
    );
  }

  #connect(): void {
    const { clock, random } = this.#options;
    const startedAt = clock.now();
    const link = this.#open();
    if (typeof link === 'string') return this.#dispatch({ type: 'error', code: link });
    this.#link = new StreamConnection(link, {
      onReady: (socket) => {
        this.#ledger.connects += 1;
        this.#route.markConnected(socket);
        const lifetimeMillis = LIFETIME_MILLIS * (1 + LIFETIME_JITTER * (2 * random() - 1));
        this.#dispatch({ type: 'connected', millis: clock.now() - startedAt, lifetimeMillis });
      },
      onEvent: (event) => this.#dispatch(event),
    });
  }

  /** Answers the code of an error when not even an attempt can be made. */
  #open(): StreamSocket | string {
    try {
      return this.#route.open();
    } catch (error) {
      return errorCode(error);
    }
  }

  /** Writes the segment's next chunk, now or when its turn has come. */
  #write(): void {
    const chunk = this.#segment.next;
    if (this.#link === undefined || chunk === undefined) return;
    // Who waits for a flush need not wait for the pace as well; the server itself sets one.
    const waitMillis = this.#ledger.hasFlushWaiters ? 0 : this.#pace.millisUntil(chunk.bytes.length);
    if (waitMillis > 0) return this.#arm(waitMillis, () => ({ type: 'paced' }));

    this.#pace.take(chunk.bytes.length);
    this.#arm(this.#options.stallTimeoutMillis, () => ({ type: 'deadline' }));
    const isHanded = this.#link.write(frameChunk(chunk, this.#options.framing), () =>
      this.#dispatch({ type: 'wrote', remaining: this.#remaining() }),
    );
    if (isHanded) this.#segment.markWritten();
  }

  /** Chunks that this connection could still carry. */
  #remaining(): number {
    const isConfirmed = 'history' in this.#state && this.#state.history.delivery === 'confirmed';
    return isConfirmed ? this.#segment.remaining : this.#queue.chunks;
  }

  #retry(): ConnectionEvent {
    return { type: 'retry', hasWork: !this.#queue.isEmpty };
  }

  #backoffMillis(failures: number, cause: string): number {
    const capMillis = this.#route.backoffCapMillis(cause);
    const millis = backoffMillis(
      failures,
      this.#options.random,
      capMillis === undefined ? {} : { capMillis },
    );
    return this.#ledger.hasFlushWaiters ? Math.min(millis, HURRIED_BACKOFF_MILLIS) : millis;
  }

  #leave(outcome: Outcome, now: number): void {
    this.#alarm.cancel();
    const link = this.#link;
    this.#link = undefined;
    const segment = this.#segment;
    countOutcome(this.#ledger, outcome, segment, now - this.#since);
    const { isQuarantined } = segment;
    switch (outcome.kind) {
      case 'confirmed':
        segment.settleConfirmed();
        return this.#outage.succeeded();
      case 'downgraded':
        segment.settleWritten();
        this.#linger(link);
        return this.#tellOfDowngrade();
      case 'not-sent':
        segment.requeue();
        this.#giveUp(link);
        return this.#outage.failed(outcome.cause);
      case 'unknown':
        this.#sendAgain();
        if (outcome.gently) this.#linger(link);
        else this.#giveUp(link);
        // What is suspected of breaking connections and does so is no outage.
        if (!isQuarantined) this.#outage.failed(outcome.cause);
        return;
      case 'retired':
        return this.#linger(link);
      case 'abandoned':
        segment.requeue();
        return this.#linger(link, { holdProcess: true });
    }
  }

  #giveUp(link: StreamConnection | undefined): void {
    link?.abort();
    this.#route.markFailed();
  }

  #linger(link: StreamConnection | undefined, options = { holdProcess: false }): void {
    if (link !== undefined) this.#gone = link.linger(this.#options.clock, options);
  }

  #sendAgain(): void {
    const lines = this.#segment.resendOrDrop(this.#options.onUnconfirmed);
    if (lines > 0) this.#options.onEvent({ kind: 'poison', lines });
  }

  #tellOfDowngrade(): void {
    if (this.#isDowngradeTold) return;
    this.#isDowngradeTold = true;
    this.#options.onEvent({ kind: 'downgraded' });
  }

  #arm(millis: number, event: () => ConnectionEvent): void {
    this.#alarm.arm(millis, () => this.#dispatch(event()));
  }
}

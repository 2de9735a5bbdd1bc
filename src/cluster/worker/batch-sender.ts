// Sends one batch at a time: the next one when the aggregator has acknowledged the last. Points recorded meanwhile are
// merged per series before they come here, so a slow aggregator costs memory per series and not per message.

import type { Clock, Timer } from '../../runtime/clock.js';
import type { Channel, OpenChannel } from '../channel/channel.js';
import type { EncodedBatch } from '../protocol/encode-metrics.js';
import {
  type AggregatorMessage,
  envelope,
  type Read,
  readAggregatorMessage,
  type WorkerIdentity,
  type WorkerRequest,
} from '../protocol/messages.js';
import type { WireMetrics } from '../protocol/wire-metrics.js';
import type { BatchSenderStats } from '../stats.js';

export interface BatchSenderOptions {
  readonly identity: WorkerIdentity;
  readonly openChannel: OpenChannel;
  /** Takes the next batch out of the waiting points; undefined when there are none. */
  readonly nextBatch: () => EncodedBatch | undefined;
  readonly intervalMillis: () => number;
  /** A batch was processed; `accepted` is false when the aggregator found it malformed. */
  readonly onAcknowledged: (points: number, accepted: boolean) => void;
  /** `isConnected`, `disconnectedMillis` or `isAwaitingAcknowledgement` has changed. */
  readonly onChange: () => void;
  /** The aggregator asks for everything recorded since the last export. */
  readonly onFlushRequest: () => Promise<void>;
}

/** A batch that was sent. It is resent unchanged, because the aggregator recognises it by its sequence number. */
interface InFlightBatch extends EncodedBatch {
  readonly sequence: number;
  readonly message: object;
}

interface Unanswered {
  /** The end of the last connection; the construction when there was none. */
  readonly since: number;
  /** Whether any aggregator has answered before. */
  readonly wasConnected: boolean;
  readonly inFlight: InFlightBatch | undefined;
}

/** The channel is closed. `isPermanent`: it never reopens. */
interface Disconnected extends Unanswered {
  readonly kind: 'disconnected';
  readonly isPermanent: boolean;
}

/** The channel is open, and no aggregator has answered on it yet. */
interface Handshaking extends Unanswered {
  readonly kind: 'handshaking';
}

type State =
  | Disconnected
  | Handshaking
  | { readonly kind: 'idle'; readonly aggregator: string }
  | {
      readonly kind: 'awaitingAcknowledgement';
      readonly aggregator: string;
      readonly inFlight: InFlightBatch;
    }
  | { readonly kind: 'closed' };

/** Delay before the first repetition of a message; it doubles with each further one, up to the maximum. */
const HELLO_REPEAT_MILLIS = 1_000;
/** An open channel loses nothing, so this only matters when an aggregator was replaced without closing its channel. */
const BATCH_REPEAT_MILLIS = 10_000;
const MAX_REPEAT_MILLIS = 30_000;

/** Messages that have not left yet. A worker has one batch in flight, and a few requests besides. */
const MAX_UNWRITTEN = 20;

export class BatchSender {
  readonly #options: BatchSenderOptions;
  readonly #clock: Clock;
  readonly #channel: Channel;
  #state: State;
  #sequence = 0;
  /** Messages that have not left this process yet. */
  #unwritten = 0;
  /** Copies of batches among them. */
  #unwrittenBatches = 0;
  #isFlushing = false;
  #repeatTimer: Timer | undefined;
  #counts = { batches: 0, acknowledged: 0, resent: 0, malformed: 0 };

  constructor(options: BatchSenderOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#state = {
      ...{ kind: 'disconnected', isPermanent: false },
      ...{ since: clock.now(), wasConnected: false, inFlight: undefined },
    };
    this.#channel = options.openChannel({
      onOpen: () => this.#onOpen(),
      onMessage: (message) => this.#onMessage(message),
      onClose: (isPermanent) => this.#onClose(isPermanent),
    });
  }

  /** True while an aggregator answers. */
  get isConnected(): boolean {
    return this.#state.kind === 'idle' || this.#state.kind === 'awaitingAcknowledgement';
  }

  /** Time without an aggregator: 0 while one answers, infinite when none ever will. */
  get disconnectedMillis(): number {
    const state = this.#state;
    if (state.kind === 'closed' || (state.kind === 'disconnected' && state.isPermanent)) {
      return Number.POSITIVE_INFINITY;
    }
    return isUnanswered(state) ? this.#clock.now() - state.since : 0;
  }

  /** Time since construction while no aggregator has ever answered; undefined once one has. */
  get unansweredMillis(): number | undefined {
    const state = this.#state;
    return isUnanswered(state) && !state.wasConnected ? this.#clock.now() - state.since : undefined;
  }

  /** True while a batch awaits acknowledgement. */
  get isAwaitingAcknowledgement(): boolean {
    return this.#inFlight !== undefined;
  }

  stats(): BatchSenderStats {
    return { ...this.#counts };
  }

  /** Sends the next batch, if there is one and nothing is in flight. */
  sendNext(): void {
    const state = this.#state;
    if (state.kind !== 'idle') return;
    const batch = this.#options.nextBatch();
    if (batch === undefined) return;
    this.#sequence += 1;
    this.#counts.batches += 1;
    const request: WorkerRequest = {
      kind: 'batch',
      sequence: this.#sequence,
      intervalMillis: this.#options.intervalMillis(),
      metrics: batch.metrics,
    };
    const message = this.#envelope(request);
    const inFlight: InFlightBatch = { ...batch, sequence: this.#sequence, message };
    this.#state = { kind: 'awaitingAcknowledgement', aggregator: state.aggregator, inFlight };
    this.#sendBatch(inFlight);
  }

  /** Closes the channel. Returns the number of points that were sent and not acknowledged. */
  close(): number {
    const points = this.#inFlight?.points ?? 0;
    if (this.isConnected) this.#request({ kind: 'goodbye' });
    this.#state = { kind: 'closed' };
    this.#stopRepeating();
    this.#channel.close();
    return points;
  }

  /** Takes back the unacknowledged batch after the channel was lost, for the fallback exporter. */
  reclaim(): WireMetrics | undefined {
    const state = this.#state;
    if (!isUnanswered(state)) return undefined;
    this.#state = { ...state, inFlight: undefined };
    return state.inFlight?.metrics;
  }

  get #inFlight(): InFlightBatch | undefined {
    return 'inFlight' in this.#state ? this.#state.inFlight : undefined;
  }

  #onOpen(): void {
    const state = this.#state;
    if (state.kind === 'disconnected') this.#startHandshake(state);
  }

  #onClose(isPermanent: boolean): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    this.#stopRepeating();
    this.#state = { kind: 'disconnected', isPermanent, ...this.#unanswered(state) };
    this.#options.onChange();
  }

  /** No message of another process may make this throw. */
  #onMessage(value: unknown): void {
    let message: Read<AggregatorMessage>;
    try {
      message = readAggregatorMessage(value);
    } catch {
      message = 'malformed';
    }
    if (message === 'malformed') this.#counts.malformed += 1;
    if (message === 'foreign' || message === 'malformed') return;
    if (message.to !== this.#options.identity.from && message.to !== '*') return;
    this.#handle(message);
  }

  #handle(message: AggregatorMessage): void {
    switch (message.kind) {
      case 'welcome':
        // Sent to all workers of the channel: the aggregator does not know this one yet.
        if (message.to === '*' && !this.isConnected) this.#request({ kind: 'hello' });
        return this.#handshakeCompleted(message.aggregator);
      case 'acknowledged':
        return this.#acknowledged(message.sequence, message.accepted);
      case 'closing':
        if (this.isConnected) this.#startHandshake(this.#state);
        return;
      case 'flush':
        return this.#flush();
    }
  }

  /** Requests that come before the answer are answered with it. */
  #flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    void this.#options.onFlushRequest().then(() => {
      this.#isFlushing = false;
      this.#request({ kind: 'flushed' });
    });
  }

  #startHandshake(previous: State): void {
    this.#state = { kind: 'handshaking', ...this.#unanswered(previous) };
    const sendHello = (): void => this.#request({ kind: 'hello' });
    sendHello();
    this.#repeatAfter(HELLO_REPEAT_MILLIS, sendHello);
  }

  #unanswered(previous: State): Unanswered {
    if (!isUnanswered(previous)) {
      return { since: this.#clock.now(), wasConnected: true, inFlight: this.#inFlight };
    }
    const { since, wasConnected, inFlight } = previous;
    return { since, wasConnected, inFlight };
  }

  #handshakeCompleted(aggregator: string): void {
    const state = this.#state;
    if (state.kind === 'closed' || state.kind === 'disconnected') return;
    if (state.kind !== 'handshaking' && state.aggregator === aggregator) return;
    this.#stopRepeating();
    const inFlight = this.#inFlight;
    if (inFlight === undefined) {
      this.#state = { kind: 'idle', aggregator };
      this.sendNext();
    } else {
      // It may have arrived on an earlier channel; the aggregator recognises its sequence number.
      this.#state = { kind: 'awaitingAcknowledgement', aggregator, inFlight };
      this.#resendBatch(inFlight);
    }
    this.#options.onChange();
  }

  #acknowledged(sequence: number, accepted: boolean): void {
    const state = this.#state;
    const inFlight = this.#inFlight;
    if (inFlight === undefined || inFlight.sequence !== sequence) return;
    if (isUnanswered(state)) {
      this.#state = { ...state, inFlight: undefined };
    } else if (state.kind === 'awaitingAcknowledgement') {
      this.#stopRepeating();
      this.#state = { kind: 'idle', aggregator: state.aggregator };
    }
    this.#counts.acknowledged += 1;
    this.#options.onAcknowledged(inFlight.points, accepted);
    this.sendNext();
    this.#options.onChange();
  }

  #sendBatch({ message }: InFlightBatch): void {
    this.#unwrittenBatches += 1;
    this.#send(message, () => {
      this.#unwrittenBatches -= 1;
    });
    this.#repeatBatch(message);
  }

  /** A copy that has not left yet will reach the new aggregator, too: another would only take memory. */
  #resendBatch(inFlight: InFlightBatch): void {
    if (this.#unwrittenBatches > 0) return this.#repeatBatch(inFlight.message);
    this.#counts.resent += 1;
    this.#sendBatch(inFlight);
  }

  #repeatBatch(message: object): void {
    this.#repeatAfter(BATCH_REPEAT_MILLIS, () => {
      this.#counts.resent += 1;
      this.#send(message);
    });
  }

  #repeatAfter(delayMillis: number, send: () => void): void {
    this.#stopRepeating();
    this.#repeatTimer = this.#clock.after(delayMillis, () => {
      // While the aggregator does not read, another copy would only take memory.
      if (this.#unwritten === 0) send();
      this.#repeatAfter(Math.min(2 * delayMillis, MAX_REPEAT_MILLIS), send);
    });
  }

  #stopRepeating(): void {
    this.#repeatTimer?.cancel();
    this.#repeatTimer = undefined;
  }

  #request(request: WorkerRequest): void {
    // A peer that does not read can still ask, as often as it likes.
    if (this.#state.kind === 'closed' || this.#unwritten >= MAX_UNWRITTEN) return;
    this.#send(this.#envelope(request));
  }

  #envelope(request: WorkerRequest): object {
    return envelope({ ...this.#options.identity, ...request });
  }

  #send(message: object, onWritten: () => void = () => {}): void {
    this.#unwritten += 1;
    this.#channel.send(message, () => {
      this.#unwritten -= 1;
      onWritten();
    });
  }
}

function isUnanswered(state: State): state is Disconnected | Handshaking {
  return state.kind === 'disconnected' || state.kind === 'handshaking';
}

// One batch at a time: the next one leaves when the aggregator has acknowledged the last. What is recorded meanwhile
// merges per series in front of this, so that a slow aggregator costs memory by series and never by messages.

import type { Clock, Timer } from '../../runtime/clock.js';
import type { Channel, OpenChannel } from '../channel/channel.js';
import {
  type AggregatorMessage,
  envelope,
  readAggregatorMessage,
  type WorkerMessage,
} from '../protocol/messages.js';
import type { WireMetrics } from '../protocol/wire-metrics.js';
import type { OutboxStats } from '../stats.js';

/** A batch that was sent, exactly as it was sent: sent again it must be the same. */
interface Letter {
  readonly sequence: number;
  readonly points: number;
  readonly metrics: WireMetrics;
  readonly message: object;
}

type State =
  /** There is no channel, for now or for good. */
  | {
      readonly kind: 'away';
      readonly since: number;
      readonly forGood: boolean;
      readonly unsettled: Letter | undefined;
    }
  /** Nobody has answered on this channel yet. */
  | { readonly kind: 'knocking'; readonly since: number; readonly unsettled: Letter | undefined }
  | { readonly kind: 'idle'; readonly aggregator: string }
  | { readonly kind: 'waiting'; readonly aggregator: string; readonly letter: Letter }
  | { readonly kind: 'closed' };

/** Where the outbox gets its batches, and whom it tells what. */
export interface OutboxOwner {
  /** The next batch, taken out of what waits; undefined when nothing does. */
  next(): { readonly metrics: WireMetrics; readonly points: number } | undefined;
  everyMillis(): number;
  /** A batch is dealt with, or the aggregator could make nothing of it. */
  onSettled(points: number, accepted: boolean): void;
  /** Whether somebody listens has changed. */
  onChange(): void;
  /** The aggregator asks for what was recorded since the last export. */
  onFlushRequest(): Promise<void>;
}

/** The first pause before a message is repeated; each further one is twice as long, up to the last. */
const HELLO_MILLIS = 1_000;
/** Channels lose nothing while they are open, so this is for an aggregator that was replaced without a word. */
const BATCH_MILLIS = 10_000;
const MAX_PAUSE_MILLIS = 30_000;

export class BatchSender {
  readonly #id: string;
  readonly #owner: OutboxOwner;
  readonly #clock: Clock;
  readonly #channel: Channel;
  #state: State;
  #sequence = 0;
  /** Messages that have not left this process yet. */
  #writing = 0;
  #repeat: Timer | undefined;
  #counts = { batches: 0, acknowledged: 0, resent: 0, malformed: 0 };

  constructor(id: string, openChannel: OpenChannel, owner: OutboxOwner, clock: Clock) {
    this.#id = id;
    this.#owner = owner;
    this.#clock = clock;
    this.#state = { kind: 'away', since: clock.now(), forGood: false, unsettled: undefined };
    this.#channel = openChannel({
      onOpen: () => this.#opened(),
      onMessage: (message) => this.#received(message),
      onClose: (forGood) => this.#lost(forGood),
    });
  }

  /** While somebody listens, what waits had better go there. */
  get isConnected(): boolean {
    return this.#state.kind === 'idle' || this.#state.kind === 'waiting';
  }

  /** For how long nobody has listened; 0 while somebody does, infinite when nobody ever will. */
  get fallbackAfterMillis(): number {
    const state = this.#state;
    if (state.kind === 'closed' || (state.kind === 'away' && state.forGood)) return Number.POSITIVE_INFINITY;
    return state.kind === 'away' || state.kind === 'knocking' ? this.#clock.now() - state.since : 0;
  }

  /** True while a batch has left and its fate is open. */
  get isWaiting(): boolean {
    return this.#unsettled !== undefined;
  }

  stats(): OutboxStats {
    return { ...this.#counts };
  }

  /** There may be something to send. */
  pump(): void {
    const state = this.#state;
    if (state.kind !== 'idle') return;
    const batch = this.#owner.next();
    if (batch === undefined) return;
    this.#sequence += 1;
    this.#counts.batches += 1;
    const message: WorkerMessage = {
      kind: 'batch',
      from: this.#id,
      sequence: this.#sequence,
      everyMillis: this.#owner.everyMillis(),
      metrics: batch.metrics,
    };
    const letter: Letter = { sequence: this.#sequence, ...batch, message: envelope(message) };
    this.#state = { kind: 'waiting', aggregator: state.aggregator, letter };
    this.#post(letter);
  }

  /** Stops; answers how many points had left and were never acknowledged. */
  close(): number {
    const points = this.#unsettled?.points ?? 0;
    if (this.isConnected) this.#say({ kind: 'bye', from: this.#id });
    this.#state = { kind: 'closed' };
    this.#stopRepeating();
    this.#channel.close();
    return points;
  }

  /** Gives up the batch that nobody acknowledged before nobody was there, so that it can be delivered otherwise. */
  reclaim(): WireMetrics | undefined {
    const state = this.#state;
    if (state.kind !== 'away' && state.kind !== 'knocking') return undefined;
    this.#state = { ...state, unsettled: undefined };
    return state.unsettled?.metrics;
  }

  get #unsettled(): Letter | undefined {
    const state = this.#state;
    if (state.kind === 'waiting') return state.letter;
    return state.kind === 'away' || state.kind === 'knocking' ? state.unsettled : undefined;
  }

  #opened(): void {
    const state = this.#state;
    if (state.kind !== 'away') return;
    this.#knock(state.since, state.unsettled);
  }

  #knock(since: number, unsettled: Letter | undefined): void {
    this.#state = { kind: 'knocking', since, unsettled };
    this.#say({ kind: 'hello', from: this.#id });
    this.#repeatAfter(HELLO_MILLIS, () => this.#say({ kind: 'hello', from: this.#id }));
  }

  #lost(forGood: boolean): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    this.#stopRepeating();
    const since = state.kind === 'away' || state.kind === 'knocking' ? state.since : this.#clock.now();
    this.#state = { kind: 'away', since, forGood, unsettled: this.#unsettled };
    this.#owner.onChange();
  }

  #received(value: unknown): void {
    const message = readAggregatorMessage(value);
    if (message === 'malformed') this.#counts.malformed += 1;
    if (message === 'foreign' || message === 'malformed') return;
    if (message.to !== this.#id && message.to !== '*') return;
    this.#hear(message);
  }

  #hear(message: AggregatorMessage): void {
    switch (message.kind) {
      case 'here':
        // It has called to whoever may be there, and does not know us yet.
        if (message.to === '*' && !this.isConnected) this.#say({ kind: 'hello', from: this.#id });
        return this.#welcomed(message.aggregator);
      case 'acknowledged':
        return this.#settled(message.sequence, message.accepted);
      case 'gone':
        if (this.isConnected) this.#knock(this.#clock.now(), this.#unsettled);
        return;
      case 'flush':
        void this.#owner.onFlushRequest().then(() => this.#say({ kind: 'flushed', from: this.#id }));
    }
  }

  #welcomed(aggregator: string): void {
    const state = this.#state;
    if (state.kind === 'closed' || state.kind === 'away') return;
    if (state.kind !== 'knocking' && state.aggregator === aggregator) return;
    this.#stopRepeating();
    const letter = this.#unsettled;
    if (letter === undefined) {
      this.#state = { kind: 'idle', aggregator };
      this.pump();
    } else {
      // It may have arrived before, at another channel or another aggregator; its number tells.
      this.#state = { kind: 'waiting', aggregator, letter };
      this.#counts.resent += 1;
      this.#post(letter);
    }
    this.#owner.onChange();
  }

  #settled(sequence: number, accepted: boolean): void {
    const letter = this.#unsettled;
    if (letter === undefined || letter.sequence !== sequence) return;
    const state = this.#state;
    if (state.kind === 'waiting') {
      this.#stopRepeating();
      this.#state = { kind: 'idle', aggregator: state.aggregator };
    } else if (state.kind === 'knocking' || state.kind === 'away') {
      this.#state = { ...state, unsettled: undefined };
    }
    this.#counts.acknowledged += 1;
    this.#owner.onSettled(letter.points, accepted);
    this.pump();
    this.#owner.onChange();
  }

  #post(letter: Letter): void {
    this.#send(letter.message);
    this.#repeatAfter(BATCH_MILLIS, () => {
      this.#counts.resent += 1;
      this.#send(letter.message);
    });
  }

  #repeatAfter(pauseMillis: number, send: () => void): void {
    this.#stopRepeating();
    this.#repeat = this.#clock.after(pauseMillis, () => {
      // When nobody reads, one more copy would only lie in memory.
      if (this.#writing === 0) send();
      this.#repeatAfter(Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS), send);
    });
  }

  #stopRepeating(): void {
    this.#repeat?.cancel();
    this.#repeat = undefined;
  }

  #say(message: WorkerMessage): void {
    if (this.#state.kind !== 'closed') this.#send(envelope(message));
  }

  #send(message: object): void {
    this.#writing += 1;
    this.#channel.send(message, () => {
      this.#writing -= 1;
    });
  }
}

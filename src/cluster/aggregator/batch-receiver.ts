// Who the workers are, what of their messages is new, and what is answered. A batch counts once, however often and
// on whichever channel it comes.

import { countPoints } from '../../mapping/merge/count-points.js';
import { type DecodedMetrics, decodeMetrics } from '../protocol/decode-metrics.js';
import {
  type AggregatorMessage,
  envelope,
  readWorkerMessage,
  type WorkerMessage,
} from '../protocol/messages.js';
import type { InboxStats } from '../stats.js';
import type { Added, BatchSource } from './service-group.js';

/** A channel to another process, in which there may be several workers. */
export interface Peer {
  /** Never throws; a message that can not be delivered is lost. */
  send(message: object): void;
}

/** What the inbox does with batches. */
export interface InboxOwner {
  add(source: BatchSource, metrics: DecodedMetrics): Added;
  forget(worker: string): void;
  patienceMillis(everyMillis: number): number;
  now(): number;
}

interface Worker {
  readonly peer: Peer;
  readonly instance: number;
  seenAt: number;
  patienceMillis: number;
}

/** Dead workers whose last number is remembered, in case a copy of their last batch is still under way. */
const MAX_REMEMBERED = 10_000;

export class BatchReceiver {
  readonly #name: string;
  readonly #owner: InboxOwner;
  readonly #live = new Map<string, Worker>();
  readonly #lastSequence = new Map<string, number>();
  readonly #gone = new WeakSet<Peer>();
  readonly #flushing = new Map<string, () => void>();
  #counts = { workersSeen: 0, batches: 0, points: 0, coalescedPoints: 0, duplicates: 0, malformed: 0 };
  #refused = 0;
  #isClosed = false;

  constructor(name: string, owner: InboxOwner) {
    this.#name = name;
    this.#owner = owner;
  }

  /** A channel has opened: who waits at the other end shall know. */
  join(peer: Peer): void {
    peer.send(envelope<AggregatorMessage>({ kind: 'here', to: '*', aggregator: this.#name }));
  }

  /** A channel is over, and with it the state of its workers. Messages read later still count, but revive nobody. */
  leave(peer: Peer): void {
    if (this.#gone.has(peer)) return;
    this.#gone.add(peer);
    for (const [id, worker] of this.#live) if (worker.peer === peer) this.#forget(id);
  }

  receive(peer: Peer, value: unknown): void {
    if (this.#isClosed) return;
    const message = readWorkerMessage(value);
    if (message === 'malformed') this.#counts.malformed += 1;
    if (message === 'foreign' || message === 'malformed') return;
    const worker = this.#workerOf(message.from, peer);
    if (worker !== undefined) worker.seenAt = this.#owner.now();
    switch (message.kind) {
      case 'hello':
        return this.#answer(peer, { kind: 'here', to: message.from, aggregator: this.#name });
      case 'batch':
        return this.#batch(peer, worker, message);
      case 'flushed':
        return this.#flushed(message.from);
      case 'bye':
        return this.#forget(message.from);
    }
  }

  /** Asks every worker for what it has; settles when each has answered or gone. */
  async requestFlush(): Promise<void> {
    const answers = [...this.#live].map(
      ([id, { peer }]) =>
        new Promise<void>((resolve) => {
          this.#flushing.set(id, resolve);
          this.#answer(peer, { kind: 'flush', to: id });
        }),
    );
    await Promise.all(answers);
  }

  /** Tells every worker that nobody listens any more: what comes now must not be taken for delivered. */
  close(): void {
    this.#isClosed = true;
    for (const peer of new Set([...this.#live.values()].map((worker) => worker.peer))) {
      this.#answer(peer, { kind: 'gone', to: '*' });
    }
  }

  stats(): InboxStats {
    const now = this.#owner.now();
    const workers = [...this.#live.values()];
    const stale = workers.filter(({ seenAt, patienceMillis }) => now - seenAt > patienceMillis).length;
    return {
      liveWorkers: workers.length - stale,
      staleWorkers: stale,
      ...this.#counts,
      droppedPoints: this.#refused > 0 ? { series_limit: this.#refused } : {},
    };
  }

  #batch(peer: Peer, worker: Worker | undefined, message: WorkerMessage & { readonly kind: 'batch' }): void {
    const { from, sequence } = message;
    if (sequence <= (this.#lastSequence.get(from) ?? 0)) {
      this.#counts.duplicates += 1;
      return this.#answer(peer, { kind: 'acknowledged', to: from, sequence, accepted: true });
    }
    this.#remember(from, sequence);
    const metrics = decodeMetrics(message.metrics);
    if (metrics === undefined) this.#counts.malformed += 1;
    else this.#add(from, worker, message.everyMillis, metrics);
    this.#answer(peer, { kind: 'acknowledged', to: from, sequence, accepted: metrics !== undefined });
  }

  #add(id: string, worker: Worker | undefined, everyMillis: number, metrics: DecodedMetrics): void {
    const patienceMillis = this.#owner.patienceMillis(everyMillis);
    if (worker !== undefined) worker.patienceMillis = patienceMillis;
    const own = metrics.resource['service.instance.id'];
    const instance = typeof own === 'string' && own !== '' ? own : String(worker?.instance ?? '');
    const isLive = worker !== undefined;
    const { merged, refused } = this.#owner.add({ id, instance, patienceMillis, isLive }, metrics);
    this.#counts.batches += 1;
    this.#counts.points += countPoints(metrics);
    this.#counts.coalescedPoints += merged;
    this.#refused += refused;
  }

  /** Undefined when the message outlived its channel. A known worker may have come back on another one. */
  #workerOf(id: string, peer: Peer): Worker | undefined {
    if (this.#gone.has(peer)) return undefined;
    const known = this.#live.get(id);
    if (known?.peer === peer) return known;
    if (known === undefined && !this.#lastSequence.has(id)) this.#counts.workersSeen += 1;
    const now = this.#owner.now();
    const worker: Worker = {
      peer,
      instance: known?.instance ?? this.#freeNumber(),
      seenAt: now,
      patienceMillis: known?.patienceMillis ?? Number.POSITIVE_INFINITY,
    };
    this.#live.set(id, worker);
    return worker;
  }

  /** Numbers are used again, so that restarts do not make new series for ever. */
  #freeNumber(): number {
    const taken = new Set([...this.#live.values()].map(({ instance }) => instance));
    let number = 1;
    while (taken.has(number)) number += 1;
    return number;
  }

  #forget(id: string): void {
    if (!this.#live.delete(id)) return;
    this.#flushed(id);
    this.#owner.forget(id);
  }

  #flushed(id: string): void {
    this.#flushing.get(id)?.();
    this.#flushing.delete(id);
  }

  #remember(id: string, sequence: number): void {
    this.#lastSequence.delete(id);
    this.#lastSequence.set(id, sequence);
    if (this.#lastSequence.size <= MAX_REMEMBERED) return;
    for (const other of this.#lastSequence.keys()) {
      if (this.#live.has(other)) continue;
      this.#lastSequence.delete(other);
      return;
    }
  }

  #answer(peer: Peer, message: AggregatorMessage): void {
    peer.send(envelope(message));
  }
}

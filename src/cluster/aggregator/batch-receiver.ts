// Handles the messages of workers: checks them, passes on each batch exactly once, however often and on whichever channel
// it arrives, and answers.

import { countPoints } from '../../mapping/merge/count-points.js';
import type { Clock } from '../../runtime/clock.js';
import { singleStep, Turns } from '../../runtime/turns.js';
import { type DecodedMetrics, decodeMetrics } from '../protocol/decode-metrics.js';
import {
  type AggregatorMessage,
  envelope,
  readWorkerMessage,
  type WorkerMessage,
} from '../protocol/messages.js';
import type { AggregatorDropReason, BatchReceiverStats } from '../stats.js';
import type { AddedPoints, BatchSource } from './service-group.js';
import { type Peer, type Sender, WorkerRegistry } from './worker-registry.js';

export interface BatchReceiverOptions {
  /** The random name of this aggregator. */
  readonly name: string;
  readonly add: (source: BatchSource, metrics: DecodedMetrics) => AddedPoints;
  readonly removeWorker: (worker: string) => void;
  readonly staleAfterMillis: (intervalMillis: number) => number;
  readonly now: () => number;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}

type KnownSender = Exclude<Sender, { readonly kind: 'refused' }>;

/** Longer names are ignored: each is kept in memory as long as its worker. */
const MAX_INSTANCE_NAME = 200;

/** Of processing before other work of the event loop gets its turn; a message may take some 20 more. */
const TURN_MILLIS = 5;

/** Of one port, which has a hundred workers at most, each with one batch in flight. */
const MAX_WAITING_MESSAGES = 200;

export class BatchReceiver {
  readonly #options: BatchReceiverOptions;
  readonly #workers = new WorkerRegistry();
  readonly #pendingFlushes = new Map<string, () => void>();
  readonly #reported = new Set<string>();
  readonly #turns: Turns;
  /** The number of messages of each port that wait for their turn. */
  readonly #waiting = new WeakMap<Peer, number>();
  readonly #droppedPoints: Partial<Record<AggregatorDropReason, number>> = {};
  #counts = { batches: 0, points: 0, coalescedPoints: 0, duplicates: 0, malformed: 0, refused: 0 };
  #isClosed = false;

  constructor(options: BatchReceiverOptions) {
    this.#options = options;
    this.#turns = new Turns(TURN_MILLIS, options.clock);
  }

  /** A channel has opened: greets the workers that wait at its other end. */
  addPeer(peer: Peer): void {
    this.#answer(peer, { kind: 'welcome', to: '*', aggregator: this.#options.name });
  }

  /** A channel has closed: its workers end. Batches read later are still added, without their gauges. */
  removePeer(peer: Peer): void {
    for (const id of this.#workers.closePeer(peer)) this.#removeWorker(id);
  }

  /** Never throws: a message of another process must not end this one. */
  receive(peer: Peer, value: unknown): void {
    try {
      this.#receive(peer, value);
    } catch {
      this.#counts.malformed += 1;
    }
  }

  /** For ports, which hand over all messages that have arrived at once. A worker sends again what is dropped here. */
  receiveInTurn(peer: Peer, value: unknown): void {
    const waiting = this.#waiting.get(peer) ?? 0;
    if (waiting >= MAX_WAITING_MESSAGES) {
      return this.refuse(`more than ${MAX_WAITING_MESSAGES} messages of a port wait to be processed`);
    }
    this.#waiting.set(peer, waiting + 1);
    const run = (): void => {
      this.#waiting.set(peer, this.#waiting.get(peer)! - 1);
      this.receive(peer, value);
    };
    this.#turns.add(peer, singleStep(run));
  }

  /** Counts a message or connection that exceeds a limit, and logs the first for each reason. */
  refuse(reason: string): void {
    this.#counts.refused += 1;
    if (this.#reported.has(reason)) return;
    this.#reported.add(reason);
    this.#options.log(`messages of workers are refused: ${reason}`);
  }

  #receive(peer: Peer, value: unknown): void {
    if (this.#isClosed) return;
    const message = readWorkerMessage(value);
    if (message === 'malformed') this.#counts.malformed += 1;
    if (message === 'foreign' || message === 'malformed') return;
    const sender = this.#workers.identify(peer, message, this.#options.now());
    if (sender.kind === 'refused') return this.refuse(sender.reason);
    switch (message.kind) {
      case 'hello':
        return this.#answer(peer, { kind: 'welcome', to: message.from, aggregator: this.#options.name });
      case 'batch':
        return this.#batch(peer, sender, message);
      case 'flushed':
        return this.#flushed(message.from);
      case 'goodbye':
        // From a channel that has closed, it may be older than the worker's reconnection.
        if (sender.kind === 'live') this.#removeWorker(message.from);
    }
  }

  /** Asks every worker for a last export. Resolves when each has answered or ended. */
  async requestFlush(): Promise<void> {
    const answers = [...this.#workers.live].map(
      ([name, { peer }]) =>
        new Promise<void>((resolve) => {
          this.#pendingFlushes.set(name, resolve);
          this.#answer(peer, { kind: 'flush', to: name });
        }),
    );
    await Promise.all(answers);
  }

  /** Accepts no further message, and tells the workers to keep their metrics. */
  close(): void {
    this.#isClosed = true;
    const peers = new Set([...this.#workers.live.values()].map(({ peer }) => peer));
    for (const peer of peers) {
      this.#answer(peer, { kind: 'closing', to: '*' });
    }
  }

  stats(): BatchReceiverStats {
    const stale = this.#workers.staleCount(this.#options.now());
    return {
      liveWorkers: this.#workers.live.size - stale,
      staleWorkers: stale,
      workersSeen: this.#workers.seen,
      ...this.#counts,
      droppedPoints: { ...this.#droppedPoints },
    };
  }

  #batch(peer: Peer, sender: KnownSender, message: WorkerMessage & { readonly kind: 'batch' }): void {
    const { from, sequence } = message;
    if (sequence <= sender.worker.lastSequence) {
      this.#counts.duplicates += 1;
      return this.#answer(peer, { kind: 'acknowledged', to: from, sequence, accepted: true });
    }
    sender.worker.lastSequence = sequence;
    const metrics = decodeMetrics(message.metrics);
    if (metrics === undefined) this.#counts.malformed += 1;
    else this.#add(from, sender, message.intervalMillis, metrics);
    this.#answer(peer, { kind: 'acknowledged', to: from, sequence, accepted: metrics !== undefined });
  }

  #add(id: string, sender: KnownSender, intervalMillis: number, metrics: DecodedMetrics): void {
    const staleAfterMillis = this.#options.staleAfterMillis(intervalMillis);
    if (sender.kind === 'live') sender.worker.staleAfterMillis = staleAfterMillis;
    const number = sender.kind === 'live' ? String(sender.worker.instance) : '';
    const instance = instanceName(metrics.resource['service.instance.id']) ?? number;
    const source: BatchSource = { id, instance, staleAfterMillis, isLive: sender.kind === 'live' };
    const { merged, dropped } = this.#options.add(source, metrics);
    this.#counts.batches += 1;
    this.#counts.points += countPoints(metrics);
    this.#counts.coalescedPoints += merged;
    for (const [reason, points] of Object.entries(dropped) as [AggregatorDropReason, number][]) {
      this.#droppedPoints[reason] = (this.#droppedPoints[reason] ?? 0) + points;
    }
  }

  #removeWorker(id: string): void {
    if (!this.#workers.remove(id)) return;
    this.#flushed(id);
    this.#options.removeWorker(id);
  }

  #flushed(id: string): void {
    this.#pendingFlushes.get(id)?.();
    this.#pendingFlushes.delete(id);
  }

  #answer(peer: Peer, message: AggregatorMessage): void {
    peer.send(envelope(message));
  }
}

function instanceName(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_INSTANCE_NAME ? value : undefined;
}

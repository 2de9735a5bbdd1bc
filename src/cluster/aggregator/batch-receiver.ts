// Handles the messages of workers: checks them, passes on each batch exactly once, however often and on whichever channel
// it arrives, and answers.

import { countPoints } from '../../mapping/merge/count-points.js';
import { type DecodedMetrics, decodeMetrics } from '../protocol/decode-metrics.js';
import {
  type AggregatorMessage,
  envelope,
  readWorkerMessage,
  type WorkerMessage,
} from '../protocol/messages.js';
import type { BatchReceiverStats } from '../stats.js';
import type { AddedPoints, BatchSource } from './service-group.js';
import { type Peer, type Worker, WorkerRegistry } from './worker-registry.js';

export interface BatchReceiverOptions {
  /** The random name of this aggregator. */
  readonly name: string;
  readonly add: (source: BatchSource, metrics: DecodedMetrics) => AddedPoints;
  readonly removeWorker: (worker: string) => void;
  readonly staleAfterMillis: (intervalMillis: number) => number;
  readonly now: () => number;
}

export class BatchReceiver {
  readonly #options: BatchReceiverOptions;
  readonly #workers = new WorkerRegistry();
  readonly #pendingFlushes = new Map<string, () => void>();
  #counts = { batches: 0, points: 0, coalescedPoints: 0, duplicates: 0, malformed: 0 };
  #refused = 0;
  #isClosed = false;

  constructor(options: BatchReceiverOptions) {
    this.#options = options;
  }

  /** A channel has opened: greets the workers that wait at its other end. */
  addPeer(peer: Peer): void {
    this.#answer(peer, { kind: 'welcome', to: '*', aggregator: this.#options.name });
  }

  /** A channel has closed: its workers end. Batches read later are still added, without their gauges. */
  removePeer(peer: Peer): void {
    for (const id of this.#workers.closePeer(peer)) this.#removeWorker(id);
  }

  receive(peer: Peer, value: unknown): void {
    if (this.#isClosed) return;
    const message = readWorkerMessage(value);
    if (message === 'malformed') this.#counts.malformed += 1;
    if (message === 'foreign' || message === 'malformed') return;
    const worker = this.#workers.seenOn(peer, message.from, this.#options.now());
    switch (message.kind) {
      case 'hello':
        return this.#answer(peer, { kind: 'welcome', to: message.from, aggregator: this.#options.name });
      case 'batch':
        return this.#batch(peer, worker, message);
      case 'flushed':
        return this.#flushed(message.from);
      case 'goodbye':
        return this.#removeWorker(message.from);
    }
  }

  /** Asks every worker for a last export. Resolves when each has answered or ended. */
  async requestFlush(): Promise<void> {
    const answers = this.#workers.live().map(
      ([id, { peer }]) =>
        new Promise<void>((resolve) => {
          this.#pendingFlushes.set(id, resolve);
          this.#answer(peer, { kind: 'flush', to: id });
        }),
    );
    await Promise.all(answers);
  }

  /** Accepts no further message, and tells the workers to keep their metrics. */
  close(): void {
    this.#isClosed = true;
    for (const peer of new Set(this.#workers.live().map(([, worker]) => worker.peer))) {
      this.#answer(peer, { kind: 'closing', to: '*' });
    }
  }

  stats(): BatchReceiverStats {
    const stale = this.#workers.staleCount(this.#options.now());
    return {
      liveWorkers: this.#workers.live().length - stale,
      staleWorkers: stale,
      workersSeen: this.#workers.seen,
      ...this.#counts,
      droppedPoints: this.#refused > 0 ? { series_limit: this.#refused } : {},
    };
  }

  #batch(peer: Peer, worker: Worker | undefined, message: WorkerMessage & { readonly kind: 'batch' }): void {
    const { from, sequence, intervalMillis } = message;
    if (!this.#workers.isNewBatch(from, sequence)) {
      this.#counts.duplicates += 1;
      return this.#answer(peer, { kind: 'acknowledged', to: from, sequence, accepted: true });
    }
    const metrics = decodeMetrics(message.metrics);
    if (metrics === undefined) this.#counts.malformed += 1;
    else this.#add(from, worker, intervalMillis, metrics);
    this.#answer(peer, { kind: 'acknowledged', to: from, sequence, accepted: metrics !== undefined });
  }

  #add(id: string, worker: Worker | undefined, intervalMillis: number, metrics: DecodedMetrics): void {
    const staleAfterMillis = this.#options.staleAfterMillis(intervalMillis);
    if (worker !== undefined) worker.staleAfterMillis = staleAfterMillis;
    const name = metrics.resource['service.instance.id'];
    const instance = typeof name === 'string' && name !== '' ? name : String(worker?.instance ?? '');
    const source: BatchSource = { id, instance, staleAfterMillis, isLive: worker !== undefined };
    const { merged, refused } = this.#options.add(source, metrics);
    this.#counts.batches += 1;
    this.#counts.points += countPoints(metrics);
    this.#counts.coalescedPoints += merged;
    this.#refused += refused;
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

// The workers of an aggregator: which are live, on which channel, and the sequence number of the last batch of each. The
// number of workers is bounded, and no message costs more the more there are.

import type { WorkerIdentity } from '../protocol/messages.js';

/** A channel to another process, which may have several workers. */
export interface Peer {
  /** Never throws. A message that cannot be delivered is lost. */
  send(message: object): void;
}

/** What is remembered of a worker after its end, because a copy of its last batch may still arrive. */
export interface KnownWorker {
  readonly secret: string;
  lastSequence: number;
}

export interface Worker extends KnownWorker {
  readonly peer: Peer;
  /** A small number that distinguishes workers without a `service.instance.id`. */
  readonly instance: number;
  seenAt: number;
  staleAfterMillis: number;
}

/** The sender of a message. `ended`: its channel has closed, so that it must not become live again. */
export type Sender =
  | { readonly kind: 'live'; readonly worker: Worker }
  | { readonly kind: 'ended'; readonly worker: KnownWorker }
  | { readonly kind: 'refused'; readonly reason: string };

/** Several exporters for each core of a large machine. */
const MAX_WORKERS = 1_000;
/** A process has a few exporters. */
const MAX_WORKERS_PER_CHANNEL = 100;
const MAX_ENDED_WORKERS = 10_000;

export class WorkerRegistry {
  readonly #live = new Map<string, Worker>();
  readonly #ended = new Map<string, KnownWorker>();
  readonly #namesOf = new Map<Peer, Set<string>>();
  readonly #closedPeers = new WeakSet<Peer>();
  readonly #numbers = new FreeNumbers();
  #seen = 0;

  /** Workers seen since construction. */
  get seen(): number {
    return this.#seen;
  }

  get live(): ReadonlyMap<string, Worker> {
    return this.#live;
  }

  staleCount(now: number): number {
    let stale = 0;
    for (const { seenAt, staleAfterMillis } of this.#live.values()) {
      if (now - seenAt > staleAfterMillis) stale += 1;
    }
    return stale;
  }

  /**
   * Identifies the sender of a message and makes it live on this channel. A known worker may have reconnected on another
   * channel, which its secret proves.
   */
  identify(peer: Peer, { from, secret }: WorkerIdentity, now: number): Sender {
    const live = this.#live.get(from);
    const known = live ?? this.#ended.get(from);
    if (known !== undefined && known.secret !== secret) {
      return { kind: 'refused', reason: 'a message has the name of another worker' };
    }
    if (this.#closedPeers.has(peer)) {
      return { kind: 'ended', worker: known ?? this.#remember(from, { secret, lastSequence: 0 }) };
    }
    if (live?.peer === peer) {
      live.seenAt = now;
      return { kind: 'live', worker: live };
    }
    const isFull = live === undefined && this.#live.size >= MAX_WORKERS;
    const names = this.#namesOf.get(peer) ?? new Set();
    if (isFull || names.size >= MAX_WORKERS_PER_CHANNEL) {
      const limit = `${MAX_WORKERS} live workers, ${MAX_WORKERS_PER_CHANNEL} for each channel`;
      return { kind: 'refused', reason: `there are more workers than the limit (${limit})` };
    }
    if (known === undefined) this.#seen += 1;
    if (live !== undefined) this.#namesOf.get(live.peer)!.delete(from);
    this.#ended.delete(from);
    const worker: Worker = {
      ...{ peer, secret, seenAt: now },
      lastSequence: known?.lastSequence ?? 0,
      instance: live?.instance ?? this.#numbers.take(),
      staleAfterMillis: live?.staleAfterMillis ?? Number.POSITIVE_INFINITY,
    };
    this.#live.set(from, worker);
    this.#namesOf.set(peer, names.add(from));
    return { kind: 'live', worker };
  }

  /** False when the worker was not live. */
  remove(name: string): boolean {
    const worker = this.#live.get(name);
    if (worker === undefined) return false;
    const { peer, instance, secret, lastSequence } = worker;
    this.#live.delete(name);
    this.#namesOf.get(peer)?.delete(name);
    this.#numbers.give(instance);
    this.#remember(name, { secret, lastSequence });
    return true;
  }

  /** Marks the channel as closed. Returns its live workers, which the caller removes. */
  closePeer(peer: Peer): readonly string[] {
    this.#closedPeers.add(peer);
    const names = [...(this.#namesOf.get(peer) ?? [])];
    this.#namesOf.delete(peer);
    return names;
  }

  #remember(name: string, worker: KnownWorker): KnownWorker {
    this.#ended.delete(name);
    this.#ended.set(name, worker);
    if (this.#ended.size > MAX_ENDED_WORKERS) {
      for (const oldest of this.#ended.keys()) {
        this.#ended.delete(oldest);
        break;
      }
    }
    return worker;
  }
}

/** Numbers from 1. They are reused, so that restarts of workers create no new series. */
class FreeNumbers {
  readonly #free: number[] = [];
  #last = 0;

  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    this.#last += 1;
    return this.#last;
  }

  give(number: number): void {
    this.#free.push(number);
  }
}

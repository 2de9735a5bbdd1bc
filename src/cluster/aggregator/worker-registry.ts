// The workers of an aggregator: which are live, on which channel, and the sequence number of the last batch of each.

/** A channel to another process, which may have several workers. */
export interface Peer {
  /** Never throws. A message that cannot be delivered is lost. */
  send(message: object): void;
}

export interface Worker {
  readonly peer: Peer;
  /** A small number that distinguishes workers without a `service.instance.id`. */
  readonly instance: number;
  seenAt: number;
  staleAfterMillis: number;
}

/** Workers whose last sequence number is remembered after their end: a copy of their last batch may still arrive. */
const MAX_REMEMBERED = 10_000;

export class WorkerRegistry {
  readonly #live = new Map<string, Worker>();
  readonly #lastSequence = new Map<string, number>();
  readonly #closedPeers = new WeakSet<Peer>();
  #seen = 0;

  /** Workers seen since construction. */
  get seen(): number {
    return this.#seen;
  }

  live(): readonly (readonly [id: string, worker: Worker])[] {
    return [...this.#live];
  }

  staleCount(now: number): number {
    let stale = 0;
    for (const { seenAt, staleAfterMillis } of this.#live.values()) {
      if (now - seenAt > staleAfterMillis) stale += 1;
    }
    return stale;
  }

  /**
   * The live worker that sent a message. A known worker may have reconnected on another channel. Undefined when the
   * channel has closed already: its worker must not become live again.
   */
  seenOn(peer: Peer, id: string, now: number): Worker | undefined {
    if (this.#closedPeers.has(peer)) return undefined;
    const known = this.#live.get(id);
    if (known?.peer === peer) {
      known.seenAt = now;
      return known;
    }
    if (known === undefined && !this.#lastSequence.has(id)) this.#seen += 1;
    const worker: Worker = {
      peer,
      instance: known?.instance ?? this.#freeNumber(),
      seenAt: now,
      staleAfterMillis: known?.staleAfterMillis ?? Number.POSITIVE_INFINITY,
    };
    this.#live.set(id, worker);
    return worker;
  }

  /** Whether this batch is new. Remembers its sequence number. */
  isNewBatch(id: string, sequence: number): boolean {
    if (sequence <= (this.#lastSequence.get(id) ?? 0)) return false;
    this.#remember(id, sequence);
    return true;
  }

  /** False when the worker was not live. */
  remove(id: string): boolean {
    return this.#live.delete(id);
  }

  /** Marks the channel as closed. Returns its live workers, which the caller removes. */
  closePeer(peer: Peer): readonly string[] {
    if (this.#closedPeers.has(peer)) return [];
    this.#closedPeers.add(peer);
    return [...this.#live].filter(([, worker]) => worker.peer === peer).map(([id]) => id);
  }

  /** Numbers are reused, so that restarts create no new series. */
  #freeNumber(): number {
    const taken = new Set([...this.#live.values()].map(({ instance }) => instance));
    let number = 1;
    while (taken.has(number)) number += 1;
    return number;
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
}

// Decides when a sender of datagrams may send, and how many. A datagram that finds the receive buffer full is lost.

import type { Clock } from '../../runtime/clock.js';
import type { Pacing } from '../options.js';
import { ExportRate } from './export-rate.js';
import { TokenBucket } from './token-bucket.js';

/**
 * A receiver's default buffer holds 92 datagrams of 1432 bytes. A third of that at once leaves room for a receiver that
 * is busy for a moment; one unpaced burst loses a fifth or more.
 */
export const BURST_DATAGRAMS = 32;

/** Rates and bursts are meant for datagrams of this size; a larger one counts as several. */
const UNIT_BYTES = 1_432;

/** At one per millisecond a default receive buffer outlasts pauses of 80 ms, at 20 per millisecond pauses of 3 ms. */
const MIN_UNITS_PER_MILLISECOND = 1;
const MAX_UNITS_PER_MILLISECOND = 20;

/** The least while a flush waits: at this rate pauses of 20 ms still lose nothing. */
const FLUSH_UNITS_PER_MILLISECOND = 2;

/** Waking up costs more than sending: what becomes due within this time is sent together. */
const BATCH_MILLIS = 8;

export interface DatagramDemand {
  /** Bytes of each of the next datagrams, at least one. */
  readonly sizes: readonly number[];
  /** Bytes of everything that is to be sent, these included. */
  readonly pendingBytes: number;
  /** Time until the first deadline of a flush; undefined when none waits. */
  readonly millisLeft: number | undefined;
}

/** How many datagrams of 1432 bytes one of this size counts as. */
function unitsOf(bytes: number): number {
  return Math.max(1, bytes / UNIT_BYTES);
}

export class DatagramPacer {
  readonly #pacing: Pacing;
  readonly #clock: Clock;
  readonly #exportRate = new ExportRate();
  readonly #bucket: TokenBucket;
  #perMillisecond = MIN_UNITS_PER_MILLISECOND;

  constructor(pacing: Pacing, clock: Clock) {
    this.#pacing = pacing;
    this.#clock = clock;
    this.#bucket = new TokenBucket(BURST_DATAGRAMS, clock);
  }

  /** Records that this many datagrams, of this many bytes together, were queued. */
  recordOffered(datagrams: number, bytes: number): void {
    this.#exportRate.add(datagrams * unitsOf(bytes / datagrams), this.#clock.now());
  }

  /** 0 when sending is worthwhile now. */
  millisUntilTurn({ sizes, pendingBytes, millisLeft }: DatagramDemand): number {
    if (this.#pacing === false) return 0;
    let units = 0;
    let bytes = 0;
    for (const size of sizes) {
      units += unitsOf(size);
      bytes += size;
    }
    const pending = (units * pendingBytes) / bytes;
    this.#perMillisecond = this.#rate(
      this.#pacing.datagramsPerSecond,
      units / sizes.length,
      pending,
      millisLeft,
    );
    const atOnce = Math.max(unitsOf(sizes[0] ?? 0), this.#perMillisecond * BATCH_MILLIS);
    return this.#bucket.millisUntil(Math.min(pending, atOnce), this.#perMillisecond);
  }

  /** How many of the next datagrams may be sent now, at least one; takes their tokens. */
  take(sizes: readonly number[]): number {
    if (this.#pacing === false) return Math.min(sizes.length, BURST_DATAGRAMS);
    const available = this.#bucket.available(this.#perMillisecond);
    let count = 0;
    let total = 0;
    for (const size of sizes) {
      const units = unitsOf(size);
      if (count > 0 && total + units > available) break;
      total += units;
      count += 1;
    }
    this.#bucket.take(total);
    return count;
  }

  #rate(
    datagramsPerSecond: number | undefined,
    unitsPerDatagram: number,
    pending: number,
    millisLeft: number | undefined,
  ): number {
    const usual =
      datagramsPerSecond === undefined
        ? Math.min(
            MAX_UNITS_PER_MILLISECOND,
            Math.max(MIN_UNITS_PER_MILLISECOND, this.#exportRate.perMillisecond),
          )
        : (datagramsPerSecond / 1_000) * unitsPerDatagram;
    if (millisLeft === undefined) return usual;
    // Half of the time that is left stays in reserve for retries.
    const needed = Math.max(FLUSH_UNITS_PER_MILLISECOND, pending / Math.max(1, millisLeft / 2));
    return Math.max(usual, Math.min(MAX_UNITS_PER_MILLISECOND, needed));
  }
}

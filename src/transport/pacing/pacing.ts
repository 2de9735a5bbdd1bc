// How fast to send. What a server has not read yet when it dies is lost, and a datagram that finds the
// receive buffer full is, too: sending no faster than needed is worth as much as sending again.

import type { Clock } from '../../runtime/clock.js';
import type { Pacing } from '../options.js';

/** Before two exports have been seen: the flush interval of StatsD, and so the usual export interval. */
const USUAL_INTERVAL_MILLIS = 10_000;

/** A pause this long means that the next chunk belongs to another export. */
const EXPORT_GAP_MILLIS = 250;

/** Measures how much is exported at once, and how often. */
export class ExportRate {
  #interval = USUAL_INTERVAL_MILLIS;
  #startedAt: number | undefined;
  #lastAt = 0;
  #amount = 0;
  #previousAmount = 0;

  add(amount: number, now: number): void {
    if (this.#startedAt === undefined || now - this.#lastAt > EXPORT_GAP_MILLIS) {
      if (this.#startedAt !== undefined) {
        // A forced flush between two exports must not be taken for the rule.
        this.#interval = Math.max(now - this.#startedAt, this.#interval / 2);
      }
      this.#startedAt = now;
      this.#previousAmount = this.#amount;
      this.#amount = 0;
    }
    this.#lastAt = now;
    this.#amount += amount;
  }

  /** The rate that spreads an export over half of the time until the next. */
  get perMillisecond(): number {
    return Math.max(this.#amount, this.#previousAmount) / (this.#interval / 2);
  }
}

/** Lets a burst through at once, and then only what the rate allows. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(capacity: number, clock: Clock) {
    this.#capacity = capacity;
    this.#clock = clock;
    this.#tokens = capacity;
    this.#filledAt = clock.now();
  }

  /** What may go now. */
  available(perMilli: number): number {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * perMilli);
    this.#filledAt = now;
    return this.#tokens;
  }

  /** How long until that much, or a whole burst, may go: whole milliseconds, which is what timers know. */
  millisUntil(amount: number, perMilli: number): number {
    const missing = Math.min(amount, this.#capacity) - this.available(perMilli);
    return missing <= 0 ? 0 : Math.ceil(missing / perMilli);
  }

  take(amount: number): void {
    this.#tokens -= amount;
  }
}

/** Not slower than this: at four megabytes a second, what two kernels hold unread is gone in no time. */
const FLOOR_BYTES_PER_MILLI = 4_000;

/** What a stream may write at once, whatever the rate: one chunk. */
const BURST_BYTES = 65_536;

/** When a stream may write. */
export class StreamPacer {
  readonly #pacing: Pacing;
  readonly #clock: Clock;
  readonly #rhythm = new ExportRate();
  readonly #bucket: TokenBucket;

  constructor(pacing: Pacing, clock: Clock) {
    this.#pacing = pacing;
    this.#clock = clock;
    this.#bucket = new TokenBucket(BURST_BYTES, clock);
  }

  /** That much is to be sent. */
  recordOffered(bytes: number): void {
    this.#rhythm.add(bytes, this.#clock.now());
  }

  millisUntil(bytes: number): number {
    if (this.#pacing === false) return 0;
    const { bytesPerSecond } = this.#pacing;
    const perMilli =
      bytesPerSecond === undefined
        ? Math.max(FLOOR_BYTES_PER_MILLI, this.#rhythm.perMillisecond)
        : bytesPerSecond / 1_000;
    return this.#bucket.millisUntil(bytes, perMilli);
  }

  take(bytes: number): void {
    this.#bucket.take(bytes);
  }
}

/**
 * A receiver's default buffer holds 92 datagrams of 1432 bytes. A third of that at once leaves room for one
 * that is busy for a moment; one unpaced burst loses a fifth or more.
 */
export const BURST_PAYLOADS = 32;

/** Rates and bursts are meant for datagrams of this size; a larger one counts as several. */
const USUAL_PAYLOAD_BYTES = 1_432;

/** At one a millisecond, a default receive buffer rides out pauses of 80 ms; at 20, of 3. */
const MIN_PAYLOADS_PER_MILLI = 1;
const MAX_PAYLOADS_PER_MILLI = 20;

/** Somebody waits for a flush: a rate at which pauses of 20 ms still lose nothing. */
const FLUSH_PAYLOADS_PER_MILLI = 2;

/** To wake up costs more than to send: what becomes due within this time goes together. */
const TICK_MILLIS = 8;

export interface DatagramDemand {
  /** Bytes of each of the payloads that are next, at least one. */
  readonly sizes: readonly number[];
  /** Of all that is to be sent, these included. */
  readonly pendingBytes: number;
  /** How long somebody waits for all of them, if somebody does. */
  readonly millisLeft: number | undefined;
}

/** How many usual payloads one of so many bytes stands for. */
function usualPayloads(bytes: number): number {
  return Math.max(1, bytes / USUAL_PAYLOAD_BYTES);
}

/** When a sender of datagrams may send, and how many. */
export class DatagramPacer {
  readonly #pacing: Pacing;
  readonly #clock: Clock;
  readonly #rhythm = new ExportRate();
  readonly #bucket: TokenBucket;
  #perMilli = MIN_PAYLOADS_PER_MILLI;

  constructor(pacing: Pacing, clock: Clock) {
    this.#pacing = pacing;
    this.#clock = clock;
    this.#bucket = new TokenBucket(BURST_PAYLOADS, clock);
  }

  /** So many payloads, of so many bytes together, are to be sent. */
  recordOffered(payloads: number, bytes: number): void {
    this.#rhythm.add(payloads * usualPayloads(bytes / payloads), this.#clock.now());
  }

  /** 0 when it is worth sending now. */
  millisUntilTurn({ sizes, pendingBytes, millisLeft }: DatagramDemand): number {
    if (this.#pacing === false) return 0;
    let next = 0;
    let bytes = 0;
    for (const size of sizes) {
      next += usualPayloads(size);
      bytes += size;
    }
    const pending = (next * pendingBytes) / bytes;
    this.#perMilli = this.#rate(this.#pacing.datagramsPerSecond, next / sizes.length, pending, millisLeft);
    const atOnce = Math.max(usualPayloads(sizes[0] ?? 0), this.#perMilli * TICK_MILLIS);
    return this.#bucket.millisUntil(Math.min(pending, atOnce), this.#perMilli);
  }

  /** How many of the payloads that are next may go now, at least one; they are counted. */
  take(sizes: readonly number[]): number {
    if (this.#pacing === false) return Math.min(sizes.length, BURST_PAYLOADS);
    const available = this.#bucket.available(this.#perMilli);
    let count = 0;
    let amount = 0;
    for (const size of sizes) {
      const usual = usualPayloads(size);
      if (count > 0 && amount + usual > available) break;
      amount += usual;
      count += 1;
    }
    this.#bucket.take(amount);
    return count;
  }

  #rate(
    datagramsPerSecond: number | undefined,
    usualPerPayload: number,
    pending: number,
    millisLeft: number | undefined,
  ): number {
    const usual =
      datagramsPerSecond === undefined
        ? Math.min(MAX_PAYLOADS_PER_MILLI, Math.max(MIN_PAYLOADS_PER_MILLI, this.#rhythm.perMillisecond))
        : (datagramsPerSecond / 1_000) * usualPerPayload;
    if (millisLeft === undefined) return usual;
    // Half of the time that is left is for what may go wrong.
    const needed = Math.max(FLUSH_PAYLOADS_PER_MILLI, pending / Math.max(1, millisLeft / 2));
    return Math.max(usual, Math.min(MAX_PAYLOADS_PER_MILLI, needed));
  }
}

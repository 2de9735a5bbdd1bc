// Decides when a stream may write. What a server has not read when it dies is lost, so sending no faster than needed
// saves as much as sending again.

import type { Clock } from '../../runtime/clock.js';
import type { Pacing } from '../options.js';
import { ExportRate } from './export-rate.js';
import { TokenBucket } from './token-bucket.js';

/** The lowest automatic rate: at four megabytes a second a server empties the kernel's buffers almost at once. */
const FLOOR_BYTES_PER_MILLISECOND = 4_000;

/** What a stream may write at once, whatever the rate: one chunk. */
const BURST_BYTES = 65_536;

export class StreamPacer {
  readonly #pacing: Pacing;
  readonly #clock: Clock;
  readonly #exportRate = new ExportRate();
  readonly #bucket: TokenBucket;

  constructor(pacing: Pacing, clock: Clock) {
    this.#pacing = pacing;
    this.#clock = clock;
    this.#bucket = new TokenBucket(BURST_BYTES, clock);
  }

  /** Records that this many bytes were queued. */
  recordOffered(bytes: number): void {
    this.#exportRate.add(bytes, this.#clock.now());
  }

  millisUntil(bytes: number): number {
    if (this.#pacing === false) return 0;
    const { bytesPerSecond } = this.#pacing;
    const perMillisecond =
      bytesPerSecond === undefined
        ? Math.max(FLOOR_BYTES_PER_MILLISECOND, this.#exportRate.perMillisecond)
        : bytesPerSecond / 1_000;
    return this.#bucket.millisUntil(bytes, perMillisecond);
  }

  take(bytes: number): void {
    this.#bucket.take(bytes);
  }
}

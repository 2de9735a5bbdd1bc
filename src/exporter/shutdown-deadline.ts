// The SDK's MeterProvider.shutdown() collects, exports, awaits forceFlush() and then shutdown(). Two deadlines in a row
// would add up, so a shutdown directly after a missed flush gets only the time that is left.

import type { Clock } from '../runtime/clock.js';

export class ShutdownDeadline {
  readonly #clock: Clock;
  #exports = 0;
  /** When the latest flush began, if it missed its deadline and nothing was exported since. */
  #missedFlushAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new export: the next shutdown has its full time. */
  exported(): void {
    this.#exports += 1;
    this.#missedFlushAt = undefined;
  }

  /** Runs a flush, which resolves to false when it misses its deadline. */
  async flush(run: () => Promise<boolean>): Promise<void> {
    const startedAt = this.#clock.now();
    const exports = this.#exports;
    const isDone = await run();
    this.#missedFlushAt = isDone || exports !== this.#exports ? undefined : startedAt;
  }

  /** Milliseconds for a shutdown that begins now. */
  remaining(shutdownTimeoutMillis: number): number {
    if (this.#missedFlushAt === undefined) return shutdownTimeoutMillis;
    return Math.max(0, shutdownTimeoutMillis - (this.#clock.now() - this.#missedFlushAt));
  }
}

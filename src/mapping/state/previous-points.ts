// The previous points of cumulative series, from which the increase is computed. Series that are gone make room.

import { type Instant, isBefore } from './instant.js';

/** A series that is in none of so many exports may be forgotten. Live cumulative series are in every export. */
const IDLE_EXPORTS = 10;

/**
 * `first`: nothing of the series can have been counted. `unknown`: a part of its value may have been, because a
 * series was forgotten that began as early. `full`: there is no room for it.
 */
export type Earlier<P> = P | 'first' | 'unknown' | 'full';

/**
 * Two generations: the series seen since the last turn, and those not seen since then. The older one is dropped whole,
 * at the begin of an export, and only while more than half of the room is taken.
 */
export class PreviousPoints<P extends object> {
  readonly #maxSeries: number;
  #recent = new Map<string, P>();
  #idle = new Map<string, P>();
  #exportsSinceTurn = 0;
  /** The latest time of any point so far, of the points in `#idle`, and of those that were forgotten. */
  #latest: Instant | undefined;
  #idleUntil: Instant | undefined;
  #forgottenUntil: Instant | undefined;

  /** @param maxSeries at least 1 */
  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  beginExport(): void {
    this.#exportsSinceTurn += 1;
    const isCrowded = 2 * (this.#recent.size + this.#idle.size) > this.#maxSeries;
    if (!isCrowded || this.#exportsSinceTurn <= IDLE_EXPORTS) return;
    this.#exportsSinceTurn = 0;
    if (this.#idle.size > 0) this.#forgottenUntil = this.#idleUntil;
    this.#idle = this.#recent;
    this.#idleUntil = this.#latest;
    this.#recent = new Map();
  }

  /** Remembers a point, unless the state is full, and returns the one before it. */
  replace(
    key: string,
    point: P,
    { startTime, endTime }: { startTime: Instant; endTime: Instant },
  ): Earlier<P> {
    const idle = this.#idle.get(key);
    const previous = idle ?? this.#recent.get(key);
    if (previous === undefined && this.#recent.size + this.#idle.size >= this.#maxSeries) return 'full';
    if (idle !== undefined) this.#idle.delete(key);
    this.#recent.set(key, point);
    if (this.#latest === undefined || isBefore(this.#latest, endTime)) this.#latest = endTime;
    if (previous !== undefined) return previous;
    const isNew = this.#forgottenUntil === undefined || isBefore(this.#forgottenUntil, startTime);
    return isNew ? 'first' : 'unknown';
  }
}

// Notices gauges that overwrite each other within one export: two series that became one by mapping. Counters
// need no such watch, for a server adds them up.

import { hashBytes } from '../fast-path/rolling-hash.js';
import type { SeriesText } from '../lines/series-text.js';
import type { MappingReport } from '../report.js';

/** Enough to find what collides, which whole metrics do, in less than 1 MB. */
const MAX_WATCHED = 20_000;

/** Slots at first; doubled when two thirds are taken. */
const FIRST_SLOTS = 1_024;

const encoder = new TextEncoder();

/** A hash table of the identities of series, which are known by 64 bits of hash. */
export class GaugeCollisionDetector {
  #slots = FIRST_SLOTS;
  /** Two halves of a hash to a slot; both 0 where it is free. */
  #hashes = new Int32Array(2 * FIRST_SLOTS);
  #owners = new Int32Array(FIRST_SLOTS);
  #watched = 0;
  #metrics: string[] = [];

  /** A series may be sent again in the next export. */
  beginExport(): void {
    if (this.#watched > 0) this.#hashes.fill(0);
    this.#watched = 0;
    this.#metrics = [];
  }

  note(series: SeriesText, metric: string, report: Pick<MappingReport, 'warn'>): void {
    const { a, b } = hashBytes(encoder.encode(series.identity));
    const owner = this.#take(a, b, this.metricIndexOf(metric));
    if (owner < 0) return;
    const metrics = new Set([this.#metrics[owner], metric]);
    report.warn(
      `collision ${metric}`,
      `several series of ${[...metrics].join(' and ')} are one to the server, ` +
        `${series.head}${series.tail}: each of their gauges overwrites the one before`,
    );
  }

  /** What `isFirst` wants to know of a metric. */
  metricIndexOf(metric: string): number {
    if (this.#metrics.at(-1) !== metric) this.#metrics.push(metric);
    return this.#metrics.length - 1;
  }

  /** Notes a series by the hash of its identity; false when it was noted before, and ought to be told by `note`. */
  isFirst(a: number, b: number, owner: number): boolean {
    return this.#take(a, b, owner) < 0;
  }

  /** Who has it already, else -1. */
  #take(a: number, b: number, owner: number): number {
    // Both halves 0 mean a free slot.
    if (a === 0 && b === 0) b = 1;
    const mask = this.#slots - 1;
    const hashes = this.#hashes;
    // The low bits of the halves depend on little of the text, the high ones on all of it.
    let slot = (Math.imul(a ^ (b >>> 15), 0x9e37_79b1) >>> 12) & mask;
    for (;;) {
      const first = hashes[2 * slot]!;
      const second = hashes[2 * slot + 1]!;
      if (first === a && second === b) return this.#owners[slot]!;
      if (first === 0 && second === 0) break;
      slot = (slot + 1) & mask;
    }
    if (this.#watched >= MAX_WATCHED) return -1;
    hashes[2 * slot] = a;
    hashes[2 * slot + 1] = b;
    this.#owners[slot] = owner;
    this.#watched += 1;
    if (3 * this.#watched > 2 * this.#slots) this.#grow();
    return -1;
  }

  #grow(): void {
    const [hashes, owners] = [this.#hashes, this.#owners];
    this.#slots *= 2;
    this.#hashes = new Int32Array(2 * this.#slots);
    this.#owners = new Int32Array(this.#slots);
    this.#watched = 0;
    for (const [slot, owner] of owners.entries()) {
      const a = hashes[2 * slot]!;
      const b = hashes[2 * slot + 1]!;
      if (a !== 0 || b !== 0) this.#take(a, b, owner);
    }
  }
}

// Detects gauges that overwrite each other within one export: series that the mapping made one. Counters need no such
// check, because a server adds them up.

import { hashBytes } from '../fast-path/rolling-hash.js';
import type { SeriesText } from '../lines/series-text.js';
import type { MappingReport } from '../report.js';

/** Bounds the memory to less than 1 MB. Collisions affect whole metrics, so they are found among so many series. */
const MAX_SERIES = 20_000;

/** Slots at first; doubled when two thirds are taken. */
const FIRST_SLOTS = 1_024;

/** UTF-8 needs at most three bytes for each UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** A hash table of series identities by a 64-bit hash. */
export class GaugeCollisionDetector {
  #slots = FIRST_SLOTS;
  /** Two halves of a hash to a slot; both 0 where it is free. */
  #hashes = new Int32Array(2 * FIRST_SLOTS);
  #metricOf = new Int32Array(FIRST_SLOTS);
  #seriesCount = 0;
  #metrics: string[] = [];
  #scratch = new Uint8Array(1_024);

  /** A series may be sent again in the next export. */
  beginExport(): void {
    if (this.#seriesCount > 0) this.#hashes.fill(0);
    this.#seriesCount = 0;
    this.#metrics = [];
  }

  note(series: SeriesText, metric: string, report: Pick<MappingReport, 'warn'>): void {
    const { a, b } = hashBytes(this.#encoded(series.identity));
    const other = this.#insert(a, b, this.metricIndexOf(metric));
    if (other < 0) return;
    const metrics = new Set([this.#metrics[other], metric]);
    report.warn(
      `collision ${metric}`,
      `several series of ${[...metrics].join(' and ')} are one to the server, ` +
        `${series.head}${series.tail}: each of their gauges overwrites the one before`,
    );
  }

  #encoded(text: string): Uint8Array {
    const needed = MAX_BYTES_PER_UNIT * text.length;
    if (needed > this.#scratch.length) this.#scratch = new Uint8Array(needed);
    return this.#scratch.subarray(0, encoder.encodeInto(text, this.#scratch).written);
  }

  /** Index of the metric in this export, for `isFirst`. */
  metricIndexOf(metric: string): number {
    if (this.#metrics.at(-1) !== metric) this.#metrics.push(metric);
    return this.#metrics.length - 1;
  }

  /** Records a series by the hash of its identity. False when it was recorded before; `note` then reports the collision. */
  isFirst(a: number, b: number, metricIndex: number): boolean {
    return this.#insert(a, b, metricIndex) < 0;
  }

  /** The index of the metric that has sent this series already, else -1. */
  #insert(a: number, b: number, metricIndex: number): number {
    // Both halves 0 mean a free slot.
    if (a === 0 && b === 0) b = 1;
    const mask = this.#slots - 1;
    const hashes = this.#hashes;
    // The low bits of the halves depend on little of the text, the high ones on all of it.
    let slot = (Math.imul(a ^ (b >>> 15), 0x9e37_79b1) >>> 12) & mask;
    for (;;) {
      const first = hashes[2 * slot]!;
      const second = hashes[2 * slot + 1]!;
      if (first === a && second === b) return this.#metricOf[slot]!;
      if (first === 0 && second === 0) break;
      slot = (slot + 1) & mask;
    }
    if (this.#seriesCount >= MAX_SERIES) return -1;
    hashes[2 * slot] = a;
    hashes[2 * slot + 1] = b;
    this.#metricOf[slot] = metricIndex;
    this.#seriesCount += 1;
    if (3 * this.#seriesCount > 2 * this.#slots) this.#grow();
    return -1;
  }

  #grow(): void {
    const hashes = this.#hashes;
    const metricOf = this.#metricOf;
    this.#slots *= 2;
    this.#hashes = new Int32Array(2 * this.#slots);
    this.#metricOf = new Int32Array(this.#slots);
    this.#seriesCount = 0;
    for (const [slot, metricIndex] of metricOf.entries()) {
      const a = hashes[2 * slot]!;
      const b = hashes[2 * slot + 1]!;
      if (a !== 0 || b !== 0) this.#insert(a, b, metricIndex);
    }
  }
}

// Which series a gauge is to the server, as a hash put together from those of its tags: noticing gauges that
// overwrite each other must not cost a text for each of them.

import type { TagSyntax } from '../dialects/dialect.js';
import type { GaugeCollisionDetector } from '../state/gauge-collisions.js';
import { type ByteArena, LENGTH_BITS, LENGTH_MASK, NOTHING } from './byte-arena.js';
import type { LineTemplate } from './line-template.js';
import { inverseOf, powersOf } from './rolling-hash.js';

const POWERS_A = powersOf('a', LENGTH_MASK);
const POWERS_B = powersOf('b', LENGTH_MASK);

const encoder = new TextEncoder();

export class SeriesHasher {
  readonly #frame: LineTemplate;
  readonly #slab: ByteArena;
  readonly #gaugesSent: GaugeCollisionDetector;
  readonly #marks: ReturnType<typeof marksOf>;

  constructor(syntax: TagSyntax, frame: LineTemplate, slab: ByteArena, gaugesSent: GaugeCollisionDetector) {
    this.#frame = frame;
    this.#slab = slab;
    this.#gaugesSent = gaugesSent;
    this.#marks = marksOf(frame, syntax);
  }

  /** Whether no gauge of this export was one to the server with these tags, and notes it. */
  isFirst(refs: Int32Array, start: number, end: number, tagBytes: number, owner: number): boolean {
    const { hash, bareHash } = this.#frame;
    if (tagBytes === 0) return this.#gaugesSent.isFirst(bareHash.a, bareHash.b, owner);
    const { hashes } = this.#slab;
    let { a, b } = hash;
    for (let tag = start; tag < end; tag++) {
      const ref = refs[tag]!;
      if (ref === NOTHING) continue;
      const length = ref & LENGTH_MASK;
      const word = ref >> LENGTH_BITS;
      a = (Math.imul(a, POWERS_A[length]!) + hashes[2 * word - 2]!) | 0;
      b = (Math.imul(b, POWERS_B[length]!) + hashes[2 * word - 1]!) | 0;
    }
    // The last separator is taken back, for what closes the tags.
    const { close, separator, undoA, undoB, closeA, closeB } = this.#marks;
    a = (Math.imul(Math.imul(a - separator.a, undoA), closeA) + close.a) | 0;
    b = (Math.imul(Math.imul(b - separator.b, undoB), closeB) + close.b) | 0;
    return this.#gaugesSent.isFirst(a, b, owner);
  }
}

/** What the end of the tags does to the hash of a series. */
function marksOf(frame: LineTemplate, { close, separator }: TagSyntax) {
  const [separatorBytes, closeBytes] = [encoder.encode(separator).length, encoder.encode(close).length];
  return {
    separator: frame.identityHash(separator),
    close: frame.identityHash(close),
    undoA: inverseOf(POWERS_A[separatorBytes]!),
    undoB: inverseOf(POWERS_B[separatorBytes]!),
    closeA: POWERS_A[closeBytes]!,
    closeB: POWERS_B[closeBytes]!,
  };
}

// The hash of a gauge's identity, put together from the hashes of its tags: noticing gauges that overwrite each other
// must not cost a text for each of them.

import type { Dialect } from '../dialects/dialect.js';
import { lineSyntaxOf } from '../lines/line-syntax.js';
import type { GaugeCollisionDetector } from '../state/gauge-collisions.js';
import { type ByteArena, EMPTY_TEXT, LENGTH_BITS, LENGTH_MASK } from './byte-arena.js';
import type { LineTemplates } from './line-template.js';
import { inverseOf, powersOf } from './rolling-hash.js';

/** The hashes of the current series up to its tags. */
export type SeriesHashes = Pick<LineTemplates, 'identityHash' | 'bareIdentityHash' | 'identityHashOf'>;

const POWERS_A = powersOf('a', LENGTH_MASK);
const POWERS_B = powersOf('b', LENGTH_MASK);

const encoder = new TextEncoder();

export class SeriesHasher {
  readonly #templates: SeriesHashes;
  readonly #arena: ByteArena;
  readonly #collisions: GaugeCollisionDetector;
  readonly #ending: ReturnType<typeof endingOf>;

  constructor(
    dialect: Dialect,
    templates: SeriesHashes,
    arena: ByteArena,
    collisions: GaugeCollisionDetector,
  ) {
    this.#templates = templates;
    this.#arena = arena;
    this.#collisions = collisions;
    this.#ending = endingOf(templates, dialect);
  }

  /** Adds the series with these tags to those of the export; false when the server takes an earlier one for the same. */
  isFirst(refs: Int32Array, order: Uint8Array, tagBytes: number, metricIndex: number): boolean {
    const { bareIdentityHash, identityHash } = this.#templates;
    if (tagBytes === 0) return this.#collisions.isFirst(bareIdentityHash.a, bareIdentityHash.b, metricIndex);
    // The hash of a text is in the word before it.
    const { hashes } = this.#arena;
    let { a, b } = identityHash;
    for (let tag = 0; tag < order.length; tag++) {
      const ref = refs[order[tag]!]!;
      if (ref === EMPTY_TEXT) continue;
      const length = ref & LENGTH_MASK;
      const word = ref >> LENGTH_BITS;
      a = (Math.imul(a, POWERS_A[length]!) + hashes[2 * word - 2]!) | 0;
      b = (Math.imul(b, POWERS_B[length]!) + hashes[2 * word - 1]!) | 0;
    }
    // The last separator is taken back, for what closes the tags.
    const { close, separator, undoA, undoB, closeA, closeB } = this.#ending;
    a = (Math.imul(Math.imul(a - separator.a, undoA), closeA) + close.a) | 0;
    b = (Math.imul(Math.imul(b - separator.b, undoB), closeB) + close.b) | 0;
    return this.#collisions.isFirst(a, b, metricIndex);
  }
}

/** What the end of the tags does to the hash of a series. */
function endingOf(templates: SeriesHashes, dialect: Dialect) {
  const { afterTags, separator } = lineSyntaxOf(dialect);
  const [separatorBytes, closeBytes] = [encoder.encode(separator).length, encoder.encode(afterTags).length];
  return {
    separator: templates.identityHashOf(separator),
    close: templates.identityHashOf(afterTags),
    undoA: inverseOf(POWERS_A[separatorBytes]!),
    undoB: inverseOf(POWERS_B[separatorBytes]!),
    closeA: POWERS_A[closeBytes]!,
    closeB: POWERS_B[closeBytes]!,
  };
}

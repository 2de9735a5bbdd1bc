// Points whose tags are known, some at a time: for each the number and references to the texts of its tags, in the
// order in which they stand in its line. Reading the app's objects is done here, writing lines elsewhere: reading
// waits for memory, and that is shorter when many reads are under way at once.

import type { DataPoint } from '@opentelemetry/sdk-metrics';
import { type AttributeTrie, MAX_ATTRIBUTES, MAX_CONSTANT_TAGS } from './attribute-trie.js';
import { type ByteArena, LENGTH_MASK, type TextRef } from './byte-arena.js';
import { NOT_PLAIN, SMALL_NUMBERS_MASK } from './interned-key.js';
import { slotOf } from './string-hash.js';

const hasOwn = Object.prototype.hasOwnProperty;

/** Enough for their reads to overlap, few enough for all that is noted of them to stay in the nearest cache. */
const MAX_POINTS = 64;
const MAX_REFS = 1_024;

/** What a number must be. */
export interface NumberRange {
  readonly below: number;
  readonly above: number;
  readonly isWhole: boolean;
}

export class PointBatch {
  /** How many there are. */
  count = 0;
  readonly values = new Float64Array(MAX_POINTS);
  /** Bytes of all tags of a point. */
  readonly tagBytes = new Int32Array(MAX_POINTS);
  /** Where the references of a point end; they begin where those of the point before end. */
  readonly ends = new Int32Array(MAX_POINTS);
  readonly refs = new Int32Array(MAX_REFS);
  readonly #slab: ByteArena;
  /** Texts of one point's attributes in the order of the app, then those of the constant tags. */
  readonly #unordered = new Int32Array(MAX_ATTRIBUTES + MAX_CONSTANT_TAGS);
  #constantBytes = 0;
  /** So that nobody takes the reading ahead for useless. */
  objectsSeen = 0;

  constructor(slab: ByteArena) {
    this.#slab = slab;
  }

  /** The tags of every point. */
  setConstants(refs: readonly TextRef[]): void {
    this.#unordered.set(refs, MAX_ATTRIBUTES);
    this.#constantBytes = refs.reduce((sum, ref) => sum + (ref & LENGTH_MASK), 0);
  }

  /** Takes the points from `from` on, up to the first that is not plain, to `to`, or until there are enough. */
  take(
    points: readonly DataPoint<number>[],
    from: number,
    to: number,
    tree: AttributeTrie,
    { above, below, isWhole }: NumberRange,
    maxTagBytes: number,
  ): void {
    const end = Math.min(to, from + MAX_POINTS);
    this.#slab.beginPassing();
    const { values, tagBytes: allTagBytes, ends, refs } = this;
    const unordered = this.#unordered;
    const { root } = tree;
    const constantBytes = this.#constantBytes;
    let count = 0;
    let used = 0;
    try {
      this.#readAhead(points, from, end);
      taking: for (let index = from; index < end; index++) {
        const { attributes, value } = points[index]!;
        if (typeof value !== 'number' || !(value < below && value > above)) break;
        if (isWhole && !Number.isInteger(value)) break;
        let shape = root;
        let place = 0;
        let tagBytes = constantBytes;
        for (const key in attributes) {
          // Inherited attributes are none. In this place the check costs next to nothing: V8 knows the answer.
          if (!hasOwn.call(attributes, key)) break taking;
          let next = shape.firstChild;
          while (next !== undefined && next.key !== key) next = next.sibling;
          if (next === undefined) {
            next = tree.grow(shape, key);
            if (next === undefined) break taking;
          }
          shape = next;
          const { tagKey } = shape;
          const attribute = attributes[key];
          let ref = 0;
          if (typeof attribute === 'string' && attribute !== '') {
            const slot = slotOf(attribute, tagKey.a, tagKey.b, tagKey.c, tagKey.mask);
            if (tagKey.texts[slot] === attribute) ref = tagKey.textRefs[slot]!;
            else if (tagKey.texts[slot ^ 1] === attribute) ref = tagKey.textRefs[slot ^ 1]!;
          } else if (typeof attribute === 'number' && (attribute & SMALL_NUMBERS_MASK) === attribute) {
            ref = tagKey.numberRefs[attribute]!;
          }
          if (ref === 0) ref = tagKey.refOf(attribute);
          if (ref === NOT_PLAIN) break taking;
          unordered[place++] = ref;
          tagBytes += ref & LENGTH_MASK;
        }
        const { order } = shape;
        if (order === undefined || tagBytes > maxTagBytes) break;
        if (used + order.length > MAX_REFS) break;
        for (let tag = 0; tag < order.length; tag++) refs[used++] = unordered[order[tag]!]!;
        values[count] = value;
        allTagBytes[count] = tagBytes;
        ends[count] = used;
        count += 1;
        // The texts that pass by are good until the next ones are taken.
        if (!this.#slab.canPass) break;
      }
    } catch {
      // Attributes that throw when they are read: the general way finds so, too, and says it.
    }
    this.count = count;
  }

  #readAhead(points: readonly DataPoint<number>[], from: number, to: number): void {
    let objects = 0;
    for (let index = from; index < to; index++) {
      if (typeof points[index]!.attributes === 'object') objects += 1;
    }
    this.objectsSeen = objects;
  }
}

// The tags of one point as references to texts of the arena, for points of which several lines have the same tags. The hot
// loop of fast-path.ts has the same steps inline.

import type { AttributeRecord } from '../tags/tags.js';
import { type AttributeTrie, MAX_ATTRIBUTES, MAX_CONSTANT_TAGS, type TrieNode } from './attribute-trie.js';
import { type ByteArena, LENGTH_MASK } from './byte-arena.js';
import type { ConstantRefs } from './constant-refs.js';
import { NEEDS_SLOW_PATH } from './interned-key.js';
import { hashString } from './string-hash.js';
import type { TagInternTable } from './tag-intern-table.js';
import { SMALL_NUMBER_MASK } from './value-cache.js';

const NO_TAGS = new Uint8Array(0);
const hasOwn = Object.prototype.hasOwnProperty;

/** Reused for every point. */
export class TagRefs {
  /** Of the attributes in the order of arrival, then of the constant tags. */
  readonly refs = new Int32Array(MAX_ATTRIBUTES + MAX_CONSTANT_TAGS);
  /** The order of the tags: indexes of `refs`. */
  order: Uint8Array = NO_TAGS;
  /** The node of the last attribute, which stands for the keys. */
  node: TrieNode | undefined;
  /** Bytes of all tags, each with the separator behind it. */
  bytes = 0;
  readonly #arena: ByteArena;
  readonly #internTable: TagInternTable;
  readonly #constantBytes: number;

  constructor(arena: ByteArena, internTable: TagInternTable, constants: ConstantRefs) {
    this.#arena = arena;
    this.#internTable = internTable;
    this.refs.set(constants.refs, MAX_ATTRIBUTES);
    this.#constantBytes = constants.bytes;
  }

  /** False when the point needs the slow path. The references are valid until the next call. */
  resolve(attributes: AttributeRecord, trie: AttributeTrie): boolean {
    if (typeof attributes !== 'object' || attributes === null) return false;
    const { refs } = this;
    const { cache } = this.#internTable;
    let node = trie.root;
    let place = 0;
    let bytes = this.#constantBytes;
    this.#arena.resetScratch();
    for (const key in attributes) {
      if (!hasOwn.call(attributes, key)) return false;
      let next = node.firstChild;
      while (next !== undefined && next.key !== key) next = next.nextSibling;
      next ??= trie.insert(node, key);
      if (next === undefined) return false;
      node = next;
      const interned = node.interned!;
      const value = attributes[key];
      let ref = 0;
      if (typeof value === 'string') {
        if (value !== '') {
          const { texts, textRefs } = cache;
          const slot =
            interned.base + (hashString(value, interned.a, interned.b, interned.c) & interned.mask);
          if (texts[slot] === value) ref = textRefs[slot]!;
          else if (texts[slot ^ 1] === value) ref = textRefs[slot ^ 1]!;
        }
      } else if (typeof value === 'number' && (value & SMALL_NUMBER_MASK) === value) {
        ref = cache.numberRefs[interned.numberBase + value]!;
      }
      if (ref === 0) {
        ref = interned.refOf(value) | 0;
        if (ref === NEEDS_SLOW_PATH) return false;
      }
      refs[place++] = ref;
      bytes += ref & LENGTH_MASK;
    }
    this.node = node;
    this.bytes = bytes;
    if (node.order === undefined) return false;
    this.order = node.order;
    return true;
  }
}

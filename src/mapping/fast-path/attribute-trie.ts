// A trie over attribute keys in the order of arrival. The node of the last key knows in which order the tags stand in
// the line, so that keys are made legal and sorted once, and not for every point.

import type { Tag } from '../tags/tags.js';
import { MAX_SCRATCH_TEXTS } from './byte-arena.js';
import type { InternedKey } from './interned-key.js';
import type { TagInternTable } from './tag-intern-table.js';

/** Points with more attributes take the slow path. */
export const MAX_ATTRIBUTES = MAX_SCRATCH_TEXTS;

export const MAX_CONSTANT_TAGS = 64;

/** Per metric; sensible instrumentation has a handful. */
const MAX_SIBLINGS = 16;
const MAX_NODES = 128;

/** A sequence of attribute keys: those of the parents, then its own. */
export interface TrieNode {
  readonly key: string;
  readonly interned: InternedKey | undefined;
  readonly parent: TrieNode | undefined;
  readonly depth: number;
  /** The children are a linked list. */
  firstChild: TrieNode | undefined;
  readonly nextSibling: TrieNode | undefined;
  /**
   * The order of the tags: an index of an attribute, or MAX_ATTRIBUTES plus the index of a constant tag. Undefined when
   * points with these attributes take the slow path.
   */
  readonly order: Uint8Array | undefined;
}

/** The attribute keys of one metric. */
export class AttributeTrie {
  readonly root: TrieNode;
  readonly #constantKeys: readonly string[];
  readonly #internTable: TagInternTable;
  readonly #keys = new Set<InternedKey>();
  #nodes = 0;
  #hidesAttribute = false;

  constructor(constantTags: readonly Tag[], internTable: TagInternTable) {
    this.#constantKeys = constantTags.map(([key]) => key);
    this.#internTable = internTable;
    this.root = {
      key: '',
      interned: undefined,
      parent: undefined,
      depth: 0,
      firstChild: undefined,
      nextSibling: undefined,
      order: this.#orderOf([]),
    };
  }

  /** True when points of different attributes may be one series to the server. */
  get isAmbiguous(): boolean {
    if (this.#hidesAttribute) return true;
    for (const key of this.#keys) if (key.isAmbiguous) return true;
    return false;
  }

  /** Adds a child; undefined when there are too many. */
  insert(parent: TrieNode, key: string): TrieNode | undefined {
    if (parent.depth >= MAX_ATTRIBUTES || this.#nodes >= MAX_NODES) return undefined;
    if (childCount(parent) >= MAX_SIBLINGS) return undefined;
    const interned = this.#internTable.keyOf(key);
    if (interned === undefined) return undefined;
    const node: TrieNode = {
      key,
      interned,
      parent,
      depth: parent.depth + 1,
      firstChild: undefined,
      nextSibling: parent.firstChild,
      order: this.#orderOf([...keysOf(parent), interned.text]),
    };
    parent.firstChild = node;
    this.#nodes += 1;
    this.#keys.add(interned);
    if (this.#constantKeys.includes(interned.text)) this.#hidesAttribute = true;
    return node;
  }

  /** The place that one more key would have in the order of a node; undefined where it is there already. */
  placeOf(key: string, node: TrieNode): number | undefined {
    const keys = keysOf(node);
    const ordered = Array.from(node.order ?? [], (place) =>
      place < MAX_ATTRIBUTES ? keys[place]! : this.#constantKeys[place - MAX_ATTRIBUTES]!,
    );
    return ordered.includes(key) ? undefined : ordered.filter((other) => other < key).length;
  }

  #orderOf(keys: readonly string[]): Uint8Array | undefined {
    // Of attributes that become one tag, the slow path joins the values.
    if (new Set(keys).size < keys.length) return undefined;
    const tags = this.#constantKeys.map((key, index) => ({ key, place: MAX_ATTRIBUTES + index }));
    keys.forEach((key, index) => {
      // A constant tag wins over an attribute of the same key.
      if (!this.#constantKeys.includes(key)) tags.push({ key, place: index });
    });
    // No two keys are equal.
    tags.sort((a, b) => (a.key < b.key ? -1 : 1));
    return Uint8Array.from(tags, ({ place }) => place);
  }
}

function keysOf(node: TrieNode): string[] {
  const keys: string[] = [];
  for (let at: TrieNode | undefined = node; at?.interned !== undefined; at = at.parent) {
    keys.unshift(at.interned.text);
  }
  return keys;
}

function childCount({ firstChild }: TrieNode): number {
  let count = 0;
  for (let child = firstChild; child !== undefined; child = child.nextSibling) count += 1;
  return count;
}

// In which order the attributes of a point come, and in which their tags stand in the line: a tree of the keys as
// they are met, so that keys are made legal and sorted once and not for every point.

import type { Tag } from '../tags/tags.js';
import { InternedKey } from './interned-key.js';
import type { TagInternTable } from './tag-intern-table.js';

/** Attributes of a point; the references to their texts stand side by side. */
export const MAX_ATTRIBUTES = 16;

export const MAX_CONSTANT_TAGS = 64;

/** Orders and sets of keys of one metric: a handful in a sensible app. */
const MAX_SIBLINGS = 16;
const MAX_NODES = 128;

/** The attributes from the first up to this one, in this order. */
export class TrieNode {
  readonly key: string;
  readonly tagKey: InternedKey;
  readonly depth: number;
  /** The shapes with one attribute more are a list. */
  firstChild: TrieNode | undefined;
  sibling: TrieNode | undefined;
  /**
   * How the line goes through the attributes, by their place, and the constant tags, which have the places behind
   * MAX_ATTRIBUTES; undefined when points of this shape are not plain.
   */
  readonly order: Uint8Array | undefined;

  constructor(key: string, tagKey: InternedKey, depth: number, order: Uint8Array | undefined) {
    this.key = key;
    this.tagKey = tagKey;
    this.depth = depth;
    this.order = order;
  }
}

/** The shapes of one metric. */
export class AttributeTrie {
  readonly root: TrieNode;
  readonly #constantKeys: readonly string[];
  readonly #dictionary: TagInternTable;
  readonly #parents = new Map<TrieNode, TrieNode>();

  constructor(constantTags: readonly Tag[], dictionary: TagInternTable) {
    this.#constantKeys = constantTags.map(([key]) => key);
    this.#dictionary = dictionary;
    this.root = new TrieNode('', new InternedKey('', dictionary), 0, this.#orderOf([]));
  }

  /** The shape with one attribute more; undefined when there are too many. */
  grow(shape: TrieNode, key: string): TrieNode | undefined {
    if (shape.depth >= MAX_ATTRIBUTES || this.#parents.size >= MAX_NODES) return undefined;
    if (childrenOf(shape).length >= MAX_SIBLINGS) return undefined;
    const tagKey = this.#dictionary.keyOf(key);
    if (tagKey === undefined) return undefined;
    const keys = [...this.#keysOf(shape), tagKey.text];
    const grown = new TrieNode(key, tagKey, shape.depth + 1, this.#orderOf(keys));
    grown.sibling = shape.firstChild;
    shape.firstChild = grown;
    this.#parents.set(grown, shape);
    return grown;
  }

  #keysOf(shape: TrieNode): string[] {
    const keys: string[] = [];
    for (let at = shape; at !== this.root; at = this.#parents.get(at) ?? this.root)
      keys.unshift(at.tagKey.text);
    return keys;
  }

  #orderOf(keys: readonly string[]): Uint8Array | undefined {
    // Attributes that become one tag have their values joined.
    if (new Set(keys).size < keys.length || this.#constantKeys.length > MAX_CONSTANT_TAGS) return undefined;
    const places: [key: string, place: number][] = this.#constantKeys.map((key, index) => [
      key,
      MAX_ATTRIBUTES + index,
    ]);
    keys.forEach((key, index) => {
      if (!this.#constantKeys.includes(key)) places.push([key, index]);
    });
    places.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Uint8Array.from(places, ([, place]) => place);
  }
}

function childrenOf({ firstChild }: TrieNode): TrieNode[] {
  const children: TrieNode[] = [];
  for (let child = firstChild; child !== undefined; child = child.sibling) children.push(child);
  return children;
}

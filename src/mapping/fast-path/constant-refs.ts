// The constant tags of each scope as references to texts of the arena. All scopes have the same ones, unless the scope's
// name is a tag.

import type { Tag } from '../tags/tags.js';
import { MAX_CONSTANT_TAGS } from './attribute-trie.js';
import { CAN_COPY_WORDS, LENGTH_MASK, type TextRef } from './byte-arena.js';
import type { TagInternTable } from './tag-intern-table.js';

/** Scopes are mostly named after libraries; a hundred of them are many. */
const MAX_SCOPES = 256;

export interface ConstantRefs {
  readonly tags: readonly Tag[];
  /** In the order of the tags. */
  readonly refs: readonly TextRef[];
  /** Bytes of all tags, each with the separator behind it. */
  readonly bytes: number;
}

export class ConstantRefTable {
  readonly #internTable: TagInternTable;
  /** By content; undefined where points need the slow path. */
  readonly #known = new Map<string, ConstantRefs | undefined>();

  constructor(internTable: TagInternTable) {
    this.#internTable = internTable;
  }

  /** True when all should be forgotten before the next export. */
  get isFull(): boolean {
    return this.#known.size >= MAX_SCOPES;
  }

  /** The same object for the same tags; undefined when points with them need the slow path. */
  of(tags: readonly Tag[]): ConstantRefs | undefined {
    const content = JSON.stringify(tags);
    const known = this.#known.get(content);
    if (known !== undefined || this.#known.has(content) || this.isFull) return known;
    const rendered = this.#render(tags);
    this.#known.set(content, rendered);
    return rendered;
  }

  #render(tags: readonly Tag[]): ConstantRefs | undefined {
    if (!CAN_COPY_WORDS || tags.length > MAX_CONSTANT_TAGS) return undefined;
    const rendered = tags.map(([key, value]) => this.#internTable.renderLegal(key, value, true));
    if (rendered.some(({ isInterned }) => !isInterned)) return undefined;
    const refs = rendered.map(({ ref }) => ref);
    return { tags, refs, bytes: refs.reduce((sum, ref) => sum + (ref & LENGTH_MASK), 0) };
  }
}

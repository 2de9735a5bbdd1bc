// What all lines of a metric have in common, ready to be copied: everything but tags and number.

import type { MappingOptions } from '../context.js';
import { VALUE_BYTES } from '../limits.js';
import { foldName } from '../lines.js';
import { type ByteSlab, MAX_TEXT_BYTES, NOTHING, type TextRef } from './byte-slab.js';
import { EMPTY_HASH, hashBytes, type TextHash } from './text-hash.js';

export type PlainKind = 'counter' | 'gauge';

/** The longest stamp: ` ` and the most digits that a second can have. */
const MAX_STAMP_BYTES = 32;

const encoder = new TextEncoder();

const Slot = { begin: 0, middle: 1, end: 2, bareBegin: 3, bareEnd: 4 } as const;

/** `begin`, then tags and `middle` and number, or the other way round, then `end`. */
export class LineFrame {
  readonly #slab: ByteSlab;
  readonly #options: MappingOptions;
  begin: TextRef = NOTHING;
  middle: TextRef = NOTHING;
  end: TextRef = NOTHING;
  /** Of a line without tags. */
  bareBegin: TextRef = NOTHING;
  bareEnd: TextRef = NOTHING;
  /** Bytes of the line without tags and number, at most. */
  bytes = 0;
  /** The tags that fit without a closer look. */
  maxTagBytes = 0;
  /** What identifies the series stands for: up to the first tag, and without any. */
  hash: TextHash = EMPTY_HASH;
  bareHash: TextHash = EMPTY_HASH;
  #afterNumber = '';

  constructor(options: MappingOptions, slab: ByteSlab) {
    this.#options = options;
    this.#slab = slab;
  }

  /** False when lines of this name are not plain. */
  set(name: string, kind: PlainKind): boolean {
    const { dialect, fields = '' } = this.#options;
    const { line, limits, sameName, tags, types } = dialect;
    const isStatsd = line === 'statsd';
    const beforeNumber = isStatsd ? ':' : ' ';
    this.#afterNumber = isStatsd ? `|${types[kind]}` : '';
    const tagsFirst = tags.place !== 'end';
    // Such lines have no end for tags to stand at.
    if (!isStatsd && !tagsFirst) return false;
    const begin = encoder.encode(tagsFirst ? name + tags.open : name + beforeNumber);
    const middle = encoder.encode(tagsFirst ? tags.close + beforeNumber : this.#afterNumber + tags.open);
    const fieldBytes = encoder.encode(fields).length;
    const roomBytes = MAX_TEXT_BYTES - MAX_STAMP_BYTES - fieldBytes;
    if (begin.length > roomBytes || middle.length > roomBytes) return false;
    if (name.length > limits.nameLength || `${name}${tags.open}${tags.close}`.includes('\n')) return false;

    this.begin = this.#slab.set(Slot.begin, begin);
    this.middle = this.#slab.set(Slot.middle, middle);
    this.bareBegin = this.#slab.set(Slot.bareBegin, encoder.encode(name + beforeNumber));
    this.bytes =
      begin.length +
      middle.length +
      this.#afterNumber.length +
      tags.close.length * 3 +
      fieldBytes +
      MAX_STAMP_BYTES;
    const nameBytes = tags.place === 'folded' ? limits.nameLength : Infinity;
    this.maxTagBytes = Math.min(limits.lineBytes - VALUE_BYTES, nameBytes) - this.bytes;

    this.bareHash = hashBytes(encoder.encode(foldName(name, sameName)));
    this.hash =
      tags.place === 'folded'
        ? this.identityHash(name + tags.open)
        : hashBytes(encoder.encode(foldName(name, sameName) + tags.open));
    this.stamp('');
    return true;
  }

  /** What stands in the identity of a series for a mark of the syntax. */
  identityHash(mark: string): TextHash {
    const { sameName, tags } = this.#options.dialect;
    return hashBytes(encoder.encode(tags.place === 'folded' ? foldName(mark, sameName) : mark));
  }

  /** How lines end from now on. */
  stamp(text: string): void {
    const { dialect, fields = '' } = this.#options;
    const { close, place } = dialect.tags;
    const behindTags = place === 'end' ? close + fields : this.#afterNumber;
    const behindNumber = place === 'end' ? this.#afterNumber + fields : this.#afterNumber;
    this.end = this.#slab.set(Slot.end, encoder.encode(`${behindTags}${text}\n`));
    this.bareEnd = this.#slab.set(Slot.bareEnd, encoder.encode(`${behindNumber}${text}\n`));
  }
}

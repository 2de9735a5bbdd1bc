// What all lines of a metric have in common, ready to be copied: everything but tags and number.

import { VALUE_BYTES } from '../lines/check-limits.js';
import { foldName } from '../lines/series-text.js';
import type { MappingOptions } from '../options.js';
import { type ByteArena, MAX_TEXT_BYTES, NOTHING, type TextRef } from './byte-arena.js';
import { EMPTY_HASH, hashBytes, type TextHash } from './rolling-hash.js';

export type PlainKind = 'counter' | 'gauge';

/** The longest stamp: ` ` and the most digits that a second can have. */
const MAX_STAMP_BYTES = 32;

const encoder = new TextEncoder();

const Slot = { begin: 0, middle: 1, end: 2, bareBegin: 3, bareEnd: 4 } as const;

/** The frame of one metric's lines. Making it takes longer than a line, so it is made once and set often. */
export interface FrameTexts {
  readonly name: string;
  readonly kind: PlainKind;
  readonly begin: Uint8Array;
  readonly middle: Uint8Array;
  readonly bareBegin: Uint8Array;
  /** Bytes of the line without tags and number, at most. */
  readonly bytes: number;
  /** What identifies the series stands for: up to the first tag, and without any. */
  readonly hash: TextHash;
  readonly bareHash: TextHash;
}

/** `begin`, then tags and `middle` and number, or the other way round, then `end`. */
export class LineTemplate {
  readonly #slab: ByteArena;
  readonly #options: MappingOptions;
  begin: TextRef = NOTHING;
  middle: TextRef = NOTHING;
  end: TextRef = NOTHING;
  /** Of a line without tags. */
  bareBegin: TextRef = NOTHING;
  bareEnd: TextRef = NOTHING;
  bytes = 0;
  /** The tags that fit without a closer look. */
  maxTagBytes = 0;
  hash: TextHash = EMPTY_HASH;
  bareHash: TextHash = EMPTY_HASH;
  /** How lines end at present. */
  #ending: { readonly kind: PlainKind; readonly stamp: string } | undefined;
  #kind: PlainKind = 'counter';

  constructor(options: MappingOptions, slab: ByteArena) {
    this.#options = options;
    this.#slab = slab;
  }

  /** Undefined when lines of this name are not plain. */
  textsOf(name: string, kind: PlainKind): FrameTexts | undefined {
    const { dialect, fields = '' } = this.#options;
    const { line, limits, nameCollisions, tags } = dialect;
    const isStatsd = line === 'statsd';
    const beforeNumber = isStatsd ? ':' : ' ';
    const afterNumber = this.#afterNumber(kind);
    const tagsFirst = tags.place !== 'end';
    // Such lines have no end for tags to stand at.
    if (!isStatsd && !tagsFirst) return undefined;
    const begin = encoder.encode(tagsFirst ? name + tags.open : name + beforeNumber);
    const middle = encoder.encode(tagsFirst ? tags.close + beforeNumber : afterNumber + tags.open);
    const fieldBytes = encoder.encode(fields).length;
    const roomBytes = MAX_TEXT_BYTES - MAX_STAMP_BYTES - fieldBytes;
    if (begin.length > roomBytes || middle.length > roomBytes) return undefined;
    if (name.length > limits.nameLength || `${name}${tags.open}${tags.close}`.includes('\n'))
      return undefined;

    const isFolded = tags.place === 'folded';
    return {
      name,
      kind,
      begin,
      middle,
      bareBegin: encoder.encode(name + beforeNumber),
      bytes:
        begin.length +
        middle.length +
        afterNumber.length +
        tags.close.length * 3 +
        fieldBytes +
        MAX_STAMP_BYTES,
      hash: isFolded
        ? this.identityHash(name + tags.open)
        : hashBytes(encoder.encode(foldName(name, nameCollisions) + tags.open)),
      bareHash: hashBytes(encoder.encode(foldName(name, nameCollisions))),
    };
  }

  set({ kind, begin, middle, bareBegin, bytes, hash, bareHash }: FrameTexts): void {
    const { limits, tags } = this.#options.dialect;
    this.begin = this.#slab.set(Slot.begin, begin);
    this.middle = this.#slab.set(Slot.middle, middle);
    this.bareBegin = this.#slab.set(Slot.bareBegin, bareBegin);
    this.bytes = bytes;
    const nameBytes = tags.place === 'folded' ? limits.nameLength : Infinity;
    this.maxTagBytes = Math.min(limits.lineBytes - VALUE_BYTES, nameBytes) - bytes;
    this.hash = hash;
    this.bareHash = bareHash;
    this.#kind = kind;
    this.stamp('');
  }

  /** What stands in the identity of a series for a mark of the syntax. */
  identityHash(mark: string): TextHash {
    const { nameCollisions, tags } = this.#options.dialect;
    return hashBytes(encoder.encode(tags.place === 'folded' ? foldName(mark, nameCollisions) : mark));
  }

  /** How lines end from now on. */
  stamp(stamp: string): void {
    const kind = this.#kind;
    if (this.#ending?.kind === kind && this.#ending.stamp === stamp) return;
    this.#ending = { kind, stamp };
    const { dialect, fields = '' } = this.#options;
    const { close, place } = dialect.tags;
    const afterNumber = this.#afterNumber(kind);
    const behindTags = place === 'end' ? close + fields : afterNumber;
    const behindNumber = place === 'end' ? afterNumber + fields : afterNumber;
    this.end = this.#slab.set(Slot.end, encoder.encode(`${behindTags}${stamp}\n`));
    this.bareEnd = this.#slab.set(Slot.bareEnd, encoder.encode(`${behindNumber}${stamp}\n`));
  }

  #afterNumber(kind: PlainKind): string {
    const { line, types } = this.#options.dialect;
    return line === 'statsd' ? `|${types[kind]}` : '';
  }
}

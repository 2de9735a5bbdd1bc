// The parts of a line that all points of a metric share, as texts in the arena: everything but tags and number.
//
//   tags at the end:            begin number middle tags end
//   tags in or after the name:  begin tags middle number end
//   no tags:                    bareBegin number bareEnd

import { VALUE_BYTES } from '../lines/check-limits.js';
import { type LineSyntax, lineSyntaxOf } from '../lines/line-syntax.js';
import { foldName } from '../lines/series-text.js';
import type { MappingOptions } from '../options.js';
import { type ByteArena, EMPTY_TEXT, MAX_TEXT_BYTES, type TextRef } from './byte-arena.js';
import { EMPTY_HASH, hashBytes, type TextHash } from './rolling-hash.js';

/** What a metric of the fast path is to the server. */
export type FastPathKind = 'counter' | 'gauge';

/** The longest timestamp: ` ` and the most digits that a second can have. */
const MAX_STAMP_BYTES = 32;

const encoder = new TextEncoder();

const Slot = { begin: 0, middle: 1, end: 2, bareBegin: 3, bareEnd: 4 } as const;

/** The template of one metric's lines. Compiling it takes longer than a line, so it is kept from export to export. */
export interface LineTemplate {
  readonly name: string;
  readonly kind: FastPathKind;
  readonly begin: Uint8Array;
  readonly middle: Uint8Array;
  readonly bareBegin: Uint8Array;
  /** The most bytes that a line has besides tags and number. */
  readonly fixedBytes: number;
  /** Hash of a series' identity up to its first tag, and of the identity of the series without tags. */
  readonly identityHash: TextHash;
  readonly bareIdentityHash: TextHash;
}

interface LineEnd {
  readonly kind: FastPathKind;
  readonly stamp: string;
  readonly end: Uint8Array;
  readonly bareEnd: Uint8Array;
}

/** Compiles templates, and keeps the texts of the current one in the arena. */
export class LineTemplates {
  readonly #arena: ByteArena;
  readonly #options: MappingOptions;
  readonly #syntax: LineSyntax;
  begin: TextRef = EMPTY_TEXT;
  middle: TextRef = EMPTY_TEXT;
  end: TextRef = EMPTY_TEXT;
  bareBegin: TextRef = EMPTY_TEXT;
  bareEnd: TextRef = EMPTY_TEXT;
  fixedBytes = 0;
  /** The most bytes of tags with which a line is within the limits of the dialect for certain. */
  maxTagBytes = 0;
  identityHash: TextHash = EMPTY_HASH;
  bareIdentityHash: TextHash = EMPTY_HASH;
  #kind: FastPathKind = 'counter';
  /** What `end` and `bareEnd` are made of. */
  #loadedEnd: LineEnd | undefined;
  /** The last of each kind: most lines have the same. */
  readonly #knownEnds: Partial<Record<FastPathKind, LineEnd>> = {};

  constructor(options: MappingOptions, arena: ByteArena) {
    this.#options = options;
    this.#arena = arena;
    this.#syntax = lineSyntaxOf(options.dialect);
  }

  /** Undefined when the metric needs the slow path. */
  compile(name: string, kind: FastPathKind): LineTemplate | undefined {
    const { dialect, fields = '' } = this.#options;
    const { limits, nameCollisions } = dialect;
    const { tagPlace, beforeTags, afterTags, beforeNumber, afterNumber } = this.#syntax;
    const isTagsFirst = tagPlace !== 'end';
    const begin = encoder.encode(name + (isTagsFirst ? beforeTags : beforeNumber));
    const middle = encoder.encode(isTagsFirst ? afterTags + beforeNumber : afterNumber[kind] + beforeTags);
    const fixedBytes =
      begin.length + middle.length + byteLength(afterTags + afterNumber[kind] + fields) + MAX_STAMP_BYTES;
    if (fixedBytes > MAX_TEXT_BYTES) return undefined;
    if (name.length > limits.nameLength) return undefined;
    if (`${name}${beforeTags}${afterTags}`.includes('\n')) return undefined;
    return {
      name,
      kind,
      begin,
      middle,
      bareBegin: encoder.encode(name + beforeNumber),
      fixedBytes,
      identityHash:
        tagPlace === 'folded'
          ? this.identityHashOf(name + beforeTags)
          : hashBytes(encoder.encode(foldName(name, nameCollisions) + beforeTags)),
      bareIdentityHash: hashBytes(encoder.encode(foldName(name, nameCollisions))),
    };
  }

  /** Makes the template of a metric the current one. */
  load({ kind, begin, middle, bareBegin, fixedBytes, identityHash, bareIdentityHash }: LineTemplate): void {
    this.begin = this.#arena.setSlot(Slot.begin, begin);
    this.middle = this.#arena.setSlot(Slot.middle, middle);
    this.bareBegin = this.#arena.setSlot(Slot.bareBegin, bareBegin);
    this.fixedBytes = fixedBytes;
    this.maxTagBytes = this.maxTagBytesOf(fixedBytes);
    this.identityHash = identityHash;
    this.bareIdentityHash = bareIdentityHash;
    this.#kind = kind;
    this.setStamp('');
  }

  /** `maxTagBytes` of a template. */
  maxTagBytesOf(fixedBytes: number): number {
    const { limits } = this.#options.dialect;
    const nameBytes = this.#syntax.tagPlace === 'folded' ? limits.nameLength : Infinity;
    return Math.min(limits.lineBytes - VALUE_BYTES, nameBytes) - fixedBytes;
  }

  /** Sets the end of the lines that follow. */
  setStamp(stamp: string): void {
    const kind = this.#kind;
    if (this.#loadedEnd?.kind === kind && this.#loadedEnd.stamp === stamp) return;
    let known = this.#knownEnds[kind];
    if (known?.stamp !== stamp) {
      known = this.#endOf(kind, stamp);
      this.#knownEnds[kind] = known;
    }
    this.#loadedEnd = known;
    this.end = this.#arena.setSlot(Slot.end, known.end);
    this.bareEnd = this.#arena.setSlot(Slot.bareEnd, known.bareEnd);
  }

  #endOf(kind: FastPathKind, stamp: string): LineEnd {
    const { fields = '' } = this.#options;
    const { tagPlace, afterTags, afterNumber } = this.#syntax;
    const isTagsFirst = tagPlace !== 'end';
    const end = isTagsFirst ? afterNumber[kind] : afterTags + fields;
    const bareEnd = isTagsFirst ? afterNumber[kind] : afterNumber[kind] + fields;
    return {
      kind,
      stamp,
      end: encoder.encode(`${end}${stamp}\n`),
      bareEnd: encoder.encode(`${bareEnd}${stamp}\n`),
    };
  }

  /** The hash of a mark of the syntax as the identity of a series has it. */
  identityHashOf(mark: string): TextHash {
    const { nameCollisions } = this.#options.dialect;
    const isFolded = this.#syntax.tagPlace === 'folded';
    return hashBytes(encoder.encode(isFolded ? foldName(mark, nameCollisions) : mark));
  }
}

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

import { describe, expect, it } from 'vitest';
import {
  ByteArena,
  copyText,
  EMPTY_TEXT,
  LENGTH_BITS,
  LENGTH_MASK,
  MAX_SCRATCH_TEXTS,
  MAX_TEXT_BYTES,
  type TextRef,
} from '../../../src/mapping/fast-path/byte-arena.js';
import { hashBytes } from '../../../src/mapping/fast-path/rolling-hash.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function textOf({ words }: ByteArena, ref: TextRef): string {
  const view = new DataView(new ArrayBuffer((ref & LENGTH_MASK) + 64));
  const end = copyText(words, ref, view, 3);
  return Buffer.from(view.buffer, 3, end - 3).toString();
}

/** What is behind a text in its last word. */
function paddingOf({ bytes }: ByteArena, ref: TextRef): number[] {
  const end = 8 * (ref >> LENGTH_BITS) + (ref & LENGTH_MASK);
  return [...bytes.subarray(end, Math.ceil(end / 8) * 8)];
}

const TEXTS = ['a', '1234567', '12345678', '123456789', '日本語', 'x'.repeat(MAX_TEXT_BYTES), 'last'];

describe('texts of the arena', () => {
  it('are kept, each beside the others, with zeros behind them', () => {
    const arena = new ByteArena();
    arena.bytes.fill(0xaa);
    const refs = TEXTS.map((text) => arena.intern(encode(text))!);
    expect(refs.map((ref) => textOf(arena, ref))).toEqual(TEXTS);
    expect(refs.map((ref) => paddingOf(arena, ref).some((byte) => byte !== 0))).toEqual(
      refs.map(() => false),
    );
    expect(refs.map((ref) => ref & LENGTH_MASK)).toEqual(TEXTS.map((text) => encode(text).length));
  });

  it('have a hash in the word before them, of another text where one is given', () => {
    const arena = new ByteArena();
    const [own, other] = [arena.intern(encode('Key:1'))!, arena.intern(encode('Key:1'), encode('key:1'))!];
    const hashes = [own, other].map((ref) => {
      const word = ref >> LENGTH_BITS;
      return { a: arena.hashes[2 * word - 2], b: arena.hashes[2 * word - 1] };
    });
    expect(hashes).toEqual([hashBytes(encode('Key:1')), hashBytes(encode('key:1'))]);
    const equal = arena.writeScratch(encode('key:1'));
    expect(arena.hashOf(equal)).toBe(arena.hashOf(other));
    expect(arena.hashOf(own)).not.toBe(arena.hashOf(other));
    const { a, b } = hashBytes(encode('key:1'));
    expect(arena.hashOf(other)).toBe(a * 2 ** 21 + (b >>> 11));
  });

  it('of no bytes are one that has no place', () => {
    const arena = new ByteArena();
    const nothing = new Uint8Array(0);
    expect([arena.intern(nothing), arena.writeScratch(nothing), arena.setSlot(0, nothing)]).toEqual([
      EMPTY_TEXT,
      EMPTY_TEXT,
      EMPTY_TEXT,
    ]);
    expect(textOf(arena, EMPTY_TEXT)).toBe('');
  });

  it('are valid until the scratch texts begin anew', () => {
    const arena = new ByteArena();
    const first = Array.from({ length: MAX_SCRATCH_TEXTS }, (_, index) =>
      `${index}`.padEnd(MAX_TEXT_BYTES, '.'),
    );
    const kept = arena.intern(encode('kept'))!;
    const refs = first.map((text) => arena.writeScratch(encode(text)));
    expect(refs.map((ref) => textOf(arena, ref))).toEqual(first);
    arena.resetScratch();
    expect(arena.writeScratch(encode('again')) >> LENGTH_BITS).toBe(refs[0]! >> LENGTH_BITS);
    expect([textOf(arena, kept), textOf(arena, refs[1]!)]).toEqual(['kept', first[1]]);
  });

  it('of slots replace each other, and no other text', () => {
    const arena = new ByteArena();
    const longest = 's'.repeat(MAX_TEXT_BYTES);
    const kept = [arena.writeScratch(encode('scratch')), arena.intern(encode('kept'))!];
    const refs = [0, 1, 2, 3, 4].map((slot) => arena.setSlot(slot, encode(`${slot}${longest.slice(1)}`)));
    expect(refs.map((ref) => textOf(arena, ref))).toEqual(
      [0, 1, 2, 3, 4].map((slot) => `${slot}${longest.slice(1)}`),
    );
    const replaced = arena.setSlot(2, encode('other'));
    expect(textOf(arena, replaced)).toBe('other');
    expect(replaced >> LENGTH_BITS).toBe(refs[2]! >> LENGTH_BITS);
    expect(kept.map((ref) => textOf(arena, ref))).toEqual(['scratch', 'kept']);
  });

  it('are refused when they are too long or the arena is full, until it is cleared', () => {
    const arena = new ByteArena();
    expect(arena.intern(new Uint8Array(LENGTH_MASK + 1))).toBeUndefined();
    expect(arena.intern(new Uint8Array(LENGTH_MASK))! & LENGTH_MASK).toBe(LENGTH_MASK);
    arena.clear();
    const first = arena.intern(encode('first'))!;
    let last = first;
    for (let ref: TextRef | undefined = first; ref !== undefined; ref = arena.intern(encode('12345678')))
      last = ref;
    // A copy of the last one reads no further than the arena.
    const end = 8 * (last >> LENGTH_BITS) + 8;
    expect(arena.bytes.length - end).toBeGreaterThanOrEqual(32);
    expect(arena.bytes.length - end).toBeLessThan(32 + 16);
    expect(textOf(arena, last)).toBe('12345678');
    arena.clear();
    expect(arena.intern(encode('again'))).toBe(first);
  });

  it('fill the arena up to what a copy of the last one reads beyond it', () => {
    const restOf = (firstBytes: number): number => {
      const arena = new ByteArena();
      let last = 0;
      let ref = arena.intern(new Uint8Array(firstBytes));
      while (ref !== undefined) {
        last = ref;
        ref = arena.intern(encode('12345678'));
      }
      return arena.bytes.length - 8 * (last >> LENGTH_BITS) - 8;
    };
    // Texts of two words each: with one word more at first, another word is left.
    expect([restOf(8), restOf(16)].sort()).toEqual([32, 40]);
  });
});

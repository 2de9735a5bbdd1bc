import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteBuffer } from '../../../src/mapping/lines/byte-buffer.js';

const UNTOUCHED = 0xee;

it('a copy holds the bytes asked for and changes at most 7 bytes behind them and none before', () => {
  const text = fc.string({ unit: 'binary', maxLength: 600 });
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(), fc.nat(20), (source, one, other, at) => {
      const buffer = new ByteBuffer();
      buffer.set(source);
      const bytes = Buffer.from(source);
      const [from, to] = [one, other].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b) as [
        number,
        number,
      ];
      const end = at + to - from;
      // No more room than the promise needs.
      const target = new Uint8Array(end + 7).fill(UNTOUCHED);
      const wide = new Uint8Array(end + 30).fill(UNTOUCHED);
      for (const each of [target, wide]) {
        expect(buffer.copyTo(new DataView(each.buffer), at, from, to)).toBe(end);
        expect([...each.subarray(0, end)]).toEqual([
          ...new Array(at).fill(UNTOUCHED),
          ...bytes.subarray(from, to),
        ]);
      }
      expect([...wide.subarray(end + 7)]).toEqual(new Array(23).fill(UNTOUCHED));
    }),
  );
});

it('buffers of any length can be appended to each other', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 8 }), (lengths) => {
      const whole = new ByteBuffer();
      for (const [index, length] of lengths.entries()) {
        const part = new ByteBuffer();
        part.set(String(index).repeat(length));
        whole.append(part);
      }
      expect(whole.decode()).toBe(lengths.map((length, index) => String(index).repeat(length)).join(''));
    }),
  );
});

it('the last byte of a text can be copied however full the memory is', () => {
  for (let length = 240; length <= 260; length += 1) {
    const buffer = new ByteBuffer();
    buffer.reserve(length);
    buffer.length = length;
    buffer.bytes.fill(0x61, 0, length);
    const target = new Uint8Array(8);
    expect(buffer.copyTo(new DataView(target.buffer), 0, length - 1)).toBe(1);
    expect(target[0]).toBe(0x61);
  }
});

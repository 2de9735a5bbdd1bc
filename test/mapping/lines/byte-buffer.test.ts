import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteBuffer } from '../../../src/mapping/lines/byte-buffer.js';

const UNTOUCHED = 0xee;

it('a copy holds the bytes of the buffer and changes at most 7 bytes behind them and none before', () => {
  const text = fc.string({ unit: 'binary', maxLength: 600 });
  fc.assert(
    fc.property(text, fc.nat(20), (source, at) => {
      const buffer = new ByteBuffer();
      buffer.set(source);
      const bytes = Buffer.from(source);
      const end = at + bytes.length;
      // No more room than the promise needs.
      const target = new Uint8Array(end + 7).fill(UNTOUCHED);
      const wide = new Uint8Array(end + 30).fill(UNTOUCHED);
      for (const each of [target, wide]) {
        expect(buffer.copyTo(new DataView(each.buffer), at)).toBe(end);
        expect([...each.subarray(0, end)]).toEqual([...new Array(at).fill(UNTOUCHED), ...bytes]);
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

it('a text can be copied however full the memory is', () => {
  for (let length = 240; length <= 260; length += 1) {
    const buffer = ByteBuffer.of('a'.repeat(length));
    const reserved = new ByteBuffer();
    reserved.reserve(length);
    reserved.append(buffer);
    expect([reserved.decode(), buffer.decode()]).toEqual(['a'.repeat(length), 'a'.repeat(length)]);
  }
});

it('a text is read back as it is, with a byte order mark at its begin, too', () => {
  const texts = ['', '\ufeffa', '\ufeff\ufeff', 'a\ufeff', '🙂é'];
  expect(texts.map((text) => ByteBuffer.of(text).decode())).toEqual(texts);
});

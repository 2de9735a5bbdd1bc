import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { EncodedValues } from '../../../../src/mapping/histograms/write/encoded-values.js';
import { formatNumber } from '../../../../src/mapping/numbers/format-number.js';

const encoded = new EncodedValues();

function textOf(index: number): string {
  const target = Buffer.alloc(400);
  const end = encoded.copyTo(new DataView(target.buffer, target.byteOffset), 3, index);
  return target.toString('latin1', 3, end);
}

it('EncodedValues has the text of every number, short and long, behind its separator', () => {
  const value = fc.oneof(
    fc.integer({ min: -9_999_999, max: 9_999_999 }).map((digits) => digits / 10_000),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const values = fc.oneof(
    fc.array(value, { maxLength: 40 }),
    fc.array(value, { minLength: 600, maxLength: 1_200 }),
  );
  fc.assert(
    fc.property(values, (given) => {
      const sorted = Float64Array.from(given).sort();
      expect(encoded.encode(sorted, ':')).toBe(true);
      const texts = Array.from(sorted, (each) => `:${formatNumber(each)}`);
      expect(Array.from(sorted, (_, index) => textOf(index))).toEqual(texts);
      expect(Array.from(encoded.lengths.subarray(0, texts.length))).toEqual(
        texts.map(({ length }) => length),
      );
    }),
  );
});

it('EncodedValues declines numbers that are not finite', () => {
  const odd = [Number.NaN, Infinity, -Infinity];
  expect(odd.map((value) => encoded.encode(Float64Array.of(1, value, 2), ':'))).toEqual(odd.map(() => false));
});

it('EncodedValues has room for a number of any length in every slot', () => {
  for (const count of [512, 600, 1_200]) {
    const values = new Float64Array(count).fill(-1.2345678901234568e-300);
    const ofMany = new EncodedValues();
    expect([ofMany.encode(values, ':'), ofMany.lengths[count - 1]]).toEqual([
      true,
      formatNumber(values[0]!).length + 1,
    ]);
  }
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatNumber } from '../../../src/mapping/numbers/format-number.js';
import { SevenDigitWriter } from '../../../src/mapping/numbers/seven-digit-writer.js';

const writer = new SevenDigitWriter();

/** Undefined where the number is not written. */
function written(value: number): string | undefined {
  const bytes = Buffer.alloc(64, 0xff);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = writer.write(Float64Array.of(0, value), 1, { bytes, view }, 3);
  return end === 3 ? undefined : bytes.toString('latin1', 3, end);
}

it('SevenDigitWriter writes numbers of up to seven digits', () => {
  const values = [
    1, 10, 123.4567, -123.4567, 0.1, 0.05, 9.999999, 99.99999, 999999, 0.000001, 0.000001234567,
  ];
  expect(values.map(written)).toEqual(values.map(formatNumber));
});

it('SevenDigitWriter declines numbers with more digits, and those that are too large or too small', () => {
  const values = [0, 1 / 3, 9.9999999, 123.45678, 1e6, 1e21, 9.999999e-7, 5e-324, Infinity, Number.NaN];
  expect(values.map(written)).toEqual(values.map(() => undefined));
});

it('SevenDigitWriter writes what formatNumber does', () => {
  const few = fc
    .tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.integer({ min: -14, max: 2 }))
    .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
  fc.assert(
    fc.property(fc.oneof(few, fc.double({ noNaN: true })), (value) => {
      expect(written(value) ?? formatNumber(value)).toBe(formatNumber(value));
    }),
    { numRuns: 5_000 },
  );
});

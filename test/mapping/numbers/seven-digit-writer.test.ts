import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatNumber } from '../../../src/mapping/numbers/format-number.js';
import { writeSevenDigits } from '../../../src/mapping/numbers/seven-digit-writer.js';

/** Undefined where the number is not written. */
function written(value: number): string | undefined {
  const bytes = Buffer.alloc(64, 0xff);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const lengths = new Int16Array(2);
  const slots = { bytes, view, slotBytes: 16, mark: 0x3a, lengths };
  if (writeSevenDigits(Float64Array.of(0, value), 1, slots) === 1) return undefined;
  expect(bytes[16]).toBe(slots.mark);
  // Nothing but one byte behind the slot is written to.
  expect([...bytes.subarray(0, 16), ...bytes.subarray(33)]).toEqual(new Array(47).fill(0xff));
  return bytes.toString('latin1', 17, 16 + lengths[1]!);
}

it('writeSevenDigits stops at the first number that it does not write', () => {
  const slots = { bytes: Buffer.alloc(80), slotBytes: 16, mark: 0x3a, lengths: new Int16Array(5) };
  const view = new DataView(slots.bytes.buffer, slots.bytes.byteOffset);
  const values = Float64Array.of(0.5, 2, 1 / 3, 4, 1234.5);
  expect([0, 2, 3].map((from) => writeSevenDigits(values, from, { ...slots, view }))).toEqual([2, 2, 5]);
  expect([...slots.lengths]).toEqual([4, 2, 0, 2, 7]);
});

it('writeSevenDigits writes numbers of up to seven digits', () => {
  const values = [
    1, 10, 123.4567, -123.4567, 0.1, 0.05, 9.999999, 99.99999, 999999, 0.000001, 0.000001234567,
  ];
  expect(values.map(written)).toEqual(values.map(formatNumber));
});

it('writeSevenDigits declines numbers with more digits, and those that are too large or too small', () => {
  const values = [0, 1 / 3, 9.9999999, 123.45678, 1e6, 1e21, 9.999999e-7, 5e-324, Infinity, Number.NaN];
  expect(values.map(written)).toEqual(values.map(() => undefined));
});

it('writeSevenDigits writes the numbers of up to seven digits in its range as formatNumber does, and no others', () => {
  const few = fc
    .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: -14, max: 2 }))
    .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
  const limits = fc
    .tuple(fc.integer({ min: -8, max: 7 }), fc.integer({ min: -12, max: 12 }), fc.constantFrom(1, -1))
    .map(([exponent, steps, sign]) => sign * Number(`1e${exponent}`) * (1 + steps * 1e-7));
  fc.assert(
    fc.property(fc.oneof(few, limits, fc.double({ noNaN: true })), (value) => {
      const text = formatNumber(value);
      const digits = text
        .replace(/[-.]/g, '')
        .replace(/^0+/, '')
        .replace(/0+$/, text.includes('.') ? '' : '$&');
      const size = Math.abs(value);
      const isWritten = size >= 1e-6 && size < 1e6 && digits.length <= 7;
      expect(written(value)).toBe(isWritten ? text : undefined);
    }),
    { numRuns: 10_000 },
  );
});

it('writeSevenDigits writes numbers of all sizes one after the other', () => {
  const bytes = Buffer.alloc(16 * 6 + 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const decades = fc.integer({ min: -6, max: 5 });
  const number = fc
    .tuple(fc.integer({ min: 1_000_000, max: 9_999_999 }), decades, fc.constantFrom(1, -1))
    .map(([digits, decade, sign]) => sign * Number(`${digits}e${decade - 6}`));
  fc.assert(
    fc.property(fc.array(number, { minLength: 6, maxLength: 6 }), (all) => {
      const slots = { bytes, view, slotBytes: 16, mark: 0x3a, lengths: new Int16Array(6) };
      const end = writeSevenDigits(Float64Array.from(all), 0, slots);
      const texts = all.map((_, index) =>
        bytes.toString('latin1', 16 * index, 16 * index + slots.lengths[index]!),
      );
      expect([end, texts]).toEqual([6, all.map((value) => `:${formatNumber(value)}`)]);
    }),
    { numRuns: 2_000 },
  );
});

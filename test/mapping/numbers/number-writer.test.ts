import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatNumber } from '../../../src/mapping/numbers/format-number.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../../src/mapping/numbers/number-writer.js';
import { withoutRoundingNoise } from '../../../src/mapping/numbers/rounding-noise.js';

const writer = new NumberWriter();
const bytes = Buffer.alloc(3 + MAX_NUMBER_BYTES);
const target = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset) };

function written(value: number): string {
  const end = writer.write(value, target, 3);
  return bytes.toString('latin1', 3, end);
}

it.each([
  [0, '0'],
  [-0, '0'],
  [7, '7'],
  [-12, '-12'],
  [9_999, '9999'],
  [10_000, '10000'],
  [100_000_000, '100000000'],
  [2 ** 31 - 1, '2147483647'],
  [2 ** 31, '2147483648'],
  [2 ** 53 + 2, '9007199254740994'],
  [0.5, '0.5'],
  [1.25, '1.25'],
  [-3.007, '-3.007'],
  [999_999_999.999, '999999999.999'],
  [0.1 + 0.2, '0.30000000000000004'],
  [1 / 3, '0.3333333333333333'],
  [Math.PI * 1e10, '31415926535.89793'],
  [1e-6, '0.000001'],
  [1.5e-7, '0.00000015'],
  [1e21, '1000000000000000000000'],
])('%d is %s', (value, text) => {
  expect(written(value)).toBe(text);
});

it('writes any number as formatNumber does, within its bytes', () => {
  const short = fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 12 }))
    .map(([digits, places]) => digits / 10 ** places);
  const near = fc
    .tuple(fc.integer({ min: -30, max: 60 }), fc.integer({ min: -2, max: 2 }))
    .map(([exponent, steps]) => 2 ** exponent * (1 + steps * Number.EPSILON));
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  const usual = fc.double({ min: 1e-7, max: 1e16, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(short, near, any, usual), (value) => {
      expect(written(value)).toBe(formatNumber(value));
    }),
    { numRuns: 20_000 },
  );
});

it('writes a computed number as formatNumber writes it without rounding noise', () => {
  const sums = fc
    .array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 2, maxLength: 8 })
    .map((thousandths) => thousandths.reduce((sum, each) => sum + each / 1_000, 0));
  const products = fc
    .tuple(
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(60, 1e3, 0.1, 7),
    )
    .map(([digits, places, factor]) => (digits / 10 ** places) * factor);
  const near = fc
    .tuple(fc.integer({ min: -30, max: 60 }), fc.integer({ min: -6, max: 6 }))
    .map(([exponent, steps]) => 2 ** exponent * (1 + steps * (Number.EPSILON / 2)));
  const decimals = fc
    .tuple(
      fc.integer({ min: 1, max: 999_999_999_999_999 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: -3, max: 3 }),
    )
    .map(([digits, places, steps]) => (digits / 10 ** places) * (1 + steps * Number.EPSILON));
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  const usual = fc.double({ min: 1e-7, max: 1e16, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(sums, products, near, decimals, any, usual), (value) => {
      writer.input[0] = value;
      const end = writer.writeInput(bytes, target.view, 3, true);
      expect(bytes.toString('latin1', 3, end)).toBe(formatNumber(withoutRoundingNoise(value)));
    }),
    { numRuns: 30_000 },
  );
});

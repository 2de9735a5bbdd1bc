import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatNumber } from '../../../src/mapping/numbers/format-number.js';

const view = new DataView(new ArrayBuffer(8));

/** Any bit pattern that is a finite number: every exponent is as likely as any other. */
const anyFiniteDouble = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((bits) => {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  })
  .filter(Number.isFinite);

test('a number is written so that it is read as the same double, in digits and at most one point', () => {
  fc.assert(
    fc.property(fc.oneof(anyFiniteDouble, fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
      const text = formatNumber(value);
      expect(text).toMatch(/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/);
      expect(Number(text)).toBe(value === 0 ? 0 : value);
    }),
    { numRuns: 5_000 },
  );
});

test('a number has no more digits than it needs', () => {
  fc.assert(
    fc.property(anyFiniteDouble, (value) => {
      const digits = (text: string): string => text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '');
      expect(digits(formatNumber(value))).toBe(digits(String(value)));
    }),
  );
});

test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [-1.5, '-1.5'],
  [0.1 + 0.2, '0.30000000000000004'],
  [1e-6, '0.000001'],
  [1e-7, '0.0000001'],
  [-1.25e-7, '-0.000000125'],
  [5e-324, `0.${'0'.repeat(323)}5`],
  [1e20, '100000000000000000000'],
  [1e21, '1000000000000000000000'],
  [-1.2345e21, '-1234500000000000000000'],
  [2 ** 53, '9007199254740992'],
  [Number.MAX_VALUE, `17976931348623157${'0'.repeat(292)}`],
])('%d is %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

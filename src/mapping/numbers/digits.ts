// Tables and steps that all writers of numbers share.

export const ZERO = 48;
export const POINT = 46;
export const MINUS = 45;

/** The powers of ten that are exact doubles: one rounded product or quotient with them gives the nearest decimal. */
export const POWERS_OF_TEN: readonly number[] = Array.from({ length: 23 }, (_, exponent) =>
  Number(`1e${exponent}`),
);

/** The four digits of each number below 10,000, most significant first. */
export const FOUR_DIGITS = new Uint8Array(40_000);

// A function call per entry would add some ten milliseconds to the start of every app.
for (let number = 0, at = 0; number < 10_000; number++, at += 4) {
  FOUR_DIGITS[at] = ZERO + ((number / 1000) | 0);
  FOUR_DIGITS[at + 1] = ZERO + (((number / 100) | 0) % 10);
  FOUR_DIGITS[at + 2] = ZERO + (((number / 10) | 0) % 10);
  FOUR_DIGITS[at + 3] = ZERO + (number % 10);
}

/** Moves the digits from `start + 1` up to `pointAt` one byte to the front and puts the decimal point behind them. */
export function insertPoint(bytes: Uint8Array, start: number, pointAt: number): void {
  for (let index = start; index < pointAt; index++) bytes[index] = bytes[index + 1]!;
  bytes[pointAt] = POINT;
}

/** Removes the zeros at the end of a decimal, and a point that nothing follows; returns where it ends then. */
export function stripZeros(bytes: Uint8Array, end: number): number {
  while (bytes[end - 1] === ZERO) end -= 1;
  return bytes[end - 1] === POINT ? end - 1 : end;
}

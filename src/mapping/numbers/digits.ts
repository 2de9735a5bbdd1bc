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

// Copies the digits of smaller numbers instead of dividing each number: every start of an app pays for this.
FOUR_DIGITS.fill(ZERO);
for (let size = 1, place = 3; place >= 0; size *= 10, place--) {
  for (let digit = 1; digit < 10; digit++) {
    const [start, end] = [4 * size * digit, 4 * size * (digit + 1)];
    FOUR_DIGITS.copyWithin(start, 0, 4 * size);
    for (let at = start + place; at < end; at += 4) FOUR_DIGITS[at] = ZERO + digit;
  }
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

// A hash of bytes that can be put together from the hashes of parts, so that the parts are hashed once.

/** Two independent halves: 64 bits tell the series of an export apart for all practical purposes. */
const FACTOR_A = 0x0100_0193;
const FACTOR_B = 0x85eb_ca6b;

export interface TextHash {
  readonly a: number;
  readonly b: number;
}

export const EMPTY_HASH: TextHash = { a: 0, b: 0 };

/** The hash of what was hashed before, followed by these bytes: h·f + byte for each of them. */
export function hashBytes(bytes: Uint8Array, { a, b }: TextHash = EMPTY_HASH): TextHash {
  for (let index = 0; index < bytes.length; index++) {
    a = (Math.imul(a, FACTOR_A) + bytes[index]!) | 0;
    b = (Math.imul(b, FACTOR_B) + bytes[index]!) | 0;
  }
  return { a, b };
}

/** By how many bytes follow, what the hash before them is multiplied with. */
export function powersOf(half: 'a' | 'b', upTo: number): Int32Array {
  const factor = half === 'a' ? FACTOR_A : FACTOR_B;
  const powers = new Int32Array(upTo + 1).fill(1);
  for (let exponent = 1; exponent <= upTo; exponent++) {
    powers[exponent] = Math.imul(powers[exponent - 1]!, factor);
  }
  return powers;
}

/** What undoes the multiplication with a power: the inverse of an odd number modulo 2^32, by Newton's method. */
export function inverseOf(power: number): number {
  let inverse = power;
  for (let digits = 3; digits < 32; digits *= 2) {
    inverse = Math.imul(inverse, (2 - Math.imul(power, inverse)) | 0);
  }
  return inverse;
}

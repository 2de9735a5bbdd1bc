/**
 * The nearest integer, halves rounded up. Branch-free: Math.round compiles to a data-dependent branch that mispredicts
 * on numbers without a pattern. Differs from Math.round for 0.49999999999999994 and above 2^52 alone.
 */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}

// The order in which samples are sent. In ascending order each datagram would hold one part of the distribution;
// interleaved, every datagram covers all of it, so a lost one thins the distribution evenly.

/** Multiples of the golden section fill a circle as evenly as any stride can. */
const GOLDEN_SECTION = 0.618;

/**
 * A permutation of 0…n−1: multiples of a stride near 0.618·n that has no divisor in common with n.
 *
 * @param memory reused for the result if it has room for it
 */
export function interleavedOrder(n: number, memory?: Int32Array): Int32Array {
  const order = memory === undefined || memory.length < n ? new Int32Array(n) : memory;
  const stride = interleavingStride(n);
  let index = 0;
  for (let position = 0; position < n; position++) {
    order[position] = index;
    index += stride;
    if (index >= n) index -= n;
  }
  return order;
}

/** Kept, because it takes longer to find than some samples to write. */
const strides = new Int32Array(1_024);

/** The number near 0.618·n that has no divisor in common with n. */
export function interleavingStride(n: number): number {
  const known = strides[n];
  if (known !== undefined && known > 0) return known;
  const stride = coprimeFrom(Math.ceil(GOLDEN_SECTION * n), n);
  // An array ignores an index that it does not have.
  strides[n] = stride;
  return stride;
}

function coprimeFrom(start: number, n: number): number {
  let stride = start;
  while (greatestCommonDivisor(stride, n) > 1) stride++;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

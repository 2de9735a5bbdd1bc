// Random numbers that can be had again: from the same seed, the same ones (Marsaglia's xorshift32).

/** As Math.random(). */
export function seededRandom(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

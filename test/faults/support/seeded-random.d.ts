/** As Math.random(), but the same for the same seed. */
export function seededRandom(seed: number): () => number;

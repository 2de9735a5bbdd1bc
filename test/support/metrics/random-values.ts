// Repeatable pseudo-random values in the shapes that latencies and sizes come in.

export type Random = () => number;

/** Mulberry32: small, fast, and good enough to draw test data. Numbers in (0, 1). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

export type Shape =
  | 'lognormal'
  | 'bimodal'
  | 'pareto'
  | 'uniform'
  | 'constant'
  | 'mostly zero'
  | 'one low outlier';

export const shapes: readonly Shape[] = [
  'lognormal',
  'bimodal',
  'pareto',
  'uniform',
  'constant',
  'mostly zero',
  'one low outlier',
];

const draw: Record<Shape, (random: Random, index: number) => number> = {
  lognormal: (random) => 50 * Math.exp(standardNormal(random)),
  bimodal: (random) => (random() < 0.7 ? 5 : 800) * Math.exp(0.2 * standardNormal(random)),
  pareto: (random) => 10 * random() ** (-1 / 1.5),
  uniform: (random) => 1000 * random(),
  constant: () => 12.5,
  'mostly zero': (random) => (random() < 0.6 ? 0 : 100 * random()),
  'one low outlier': (random, index) => (index === 0 ? 0.001 : 1000 + random()),
};

export function valuesOf(shape: Shape, count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => draw[shape](random, index));
}

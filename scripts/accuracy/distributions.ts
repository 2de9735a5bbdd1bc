// What is recorded: the shapes that latencies and sizes come in, and those that are hard on histograms. Milliseconds.

import { type Random, seededRandom, valuesOf } from '../../test/support/metrics/random-values.js';

export interface Recorded {
  readonly distribution: string;
  readonly values: readonly number[];
}

const SEED = 20;

/** Five that the tests know, then one bucket of the SDK's default boundaries, then a tail beyond the last of them. */
const draws: Readonly<Record<string, (count: number) => number[]>> = {
  lognormal: (count) => valuesOf('lognormal', count, SEED),
  bimodal: (count) => valuesOf('bimodal', count, SEED),
  'Pareto 1.5': (count) => valuesOf('pareto', count, SEED),
  uniform: (count) => valuesOf('uniform', count, SEED),
  constant: (count) => valuesOf('constant', count, SEED),
  'one bucket': (count) => drawn(count, (random) => 110 + 120 * random() ** 3),
  overflow: (count) =>
    drawn(count, (random) => (random() < 0.92 ? 1000 + 6000 * random() : 12_000 * random() ** (-1 / 3))),
};

/** Every setup is exact for these, so they are excluded from medians. */
export const TRIVIAL = 'constant';

export const distributions: readonly string[] = Object.keys(draws);

export function recorded(distribution: string, count: number): Recorded {
  return { distribution, values: draws[distribution]!(count) };
}

function drawn(count: number, draw: (random: Random) => number): number[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, () => draw(random));
}

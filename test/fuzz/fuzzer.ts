import { type Random, seededRandom } from '../support/metrics/random-values.js';
import { SourceCoverage } from './coverage.js';
import { mutate } from './mutate.js';
import type { Target } from './targets/target.js';

export interface FuzzResult {
  readonly runs: number;
  /** Inputs that reached something new. */
  readonly kept: number;
  readonly finding: { readonly input: Buffer; readonly error: unknown } | undefined;
}

/** Reading the coverage costs as much as some runs. */
const RUNS_PER_READING = 8;
const MAX_KEPT = 2_000;

/** A run that takes longer than this many milliseconds is a finding. Inputs are small: real ones take less than one. */
const MAX_RUN_MILLIS = 2_000;

/** Mutates inputs and keeps those that reach new code of src, until the time is over or one fails. */
export function fuzz(
  { corpus, tokens, run }: Target,
  { millis, seed }: { millis: number; seed: number },
): FuzzResult {
  const random: Random = seededRandom(seed);
  const coverage = new SourceCoverage();
  const kept: Buffer[] = corpus.map((input) => Buffer.from(input));
  const end = performance.now() + millis;
  let runs = 0;
  try {
    while (performance.now() < end) {
      const inputs = Array.from({ length: RUNS_PER_READING }, () =>
        mutate(kept[Math.floor(random() * kept.length) % kept.length]!, kept, tokens, random),
      );
      for (const input of inputs) {
        const error = errorOf(run, input);
        runs += 1;
        if (error !== undefined) return { runs, kept: kept.length, finding: { input, error } };
      }
      if (coverage.foundNew() && kept.length < MAX_KEPT) kept.push(...inputs);
    }
  } finally {
    coverage.stop();
  }
  return { runs, kept: kept.length, finding: undefined };
}

function errorOf(run: Target['run'], input: Buffer): unknown {
  const start = performance.now();
  try {
    run(input);
  } catch (error) {
    return error;
  }
  const millis = performance.now() - start;
  return millis > MAX_RUN_MILLIS ? new Error(`a run took ${Math.round(millis)} ms`) : undefined;
}

// fast-check as the tests get it in mutation testing: a property that fails ends at once, since only the failure counts,
// and a property is tried MUTATION_MAX_RUNS times at most.
import * as fc from '../../node_modules/fast-check/lib/fast-check.js';

export * from '../../node_modules/fast-check/lib/fast-check.js';

const MAX_RUNS = Number(process.env.MUTATION_MAX_RUNS);

export function assert(property, parameters) {
  const numRuns = Math.min(MAX_RUNS, parameters?.numRuns ?? MAX_RUNS);
  return fc.assert(property, { ...parameters, numRuns, endOnFailure: true });
}

// biome-ignore lint/style/noDefaultExport: fast-check has one.
export default { ...fc, assert };

// The settings of Stryker for one unit.
import { join } from 'node:path';

/** Not read by the tests that are run; a copy of the project is made for every run. */
const NOT_COPIED = ['.cache', '.ci', '.github', 'bench', 'coverage', 'docs', 'examples', '*.tgz'];

/**
 * @param mutate paths and ranges such as `src/a.ts:10-20`
 * @param folder where reports, and the results that the next run starts from, are kept
 */
export function strykerConfig(mutate, folder, concurrency) {
  return {
    mutate,
    testRunner: 'vitest',
    plugins: [join(import.meta.dirname, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    vitest: { configFile: 'vitest.mutation.config.ts' },
    coverageAnalysis: 'perTest',
    concurrency,
    // No such file: Stryker 9 rewrites tsconfig.json through the API of the compiler, which TypeScript 7 does not have.
    tsconfigFile: 'none.json',
    ignorePatterns: NOT_COPIED,
    tempDirName: join(folder, 'copy'),
    incremental: true,
    incrementalFile: join(folder, 'results.json'),
    reporters: ['progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: join(folder, 'report.html') },
    jsonReporter: { fileName: join(folder, 'report.json') },
    // A mutant counts as noticed when its tests take longer than their usual time times the factor plus timeoutMS: long
    // enough that a machine that is busy with something else does not pass for an endless loop.
    timeoutFactor: 2,
    timeoutMS: 10_000,
    packageManager: 'npm',
  };
}

// Mutation testing, as Stryker runs it: `npm run mutation`. MUTATION_TESTS lists the test files in the order in which
// they run: a mutant costs least when the tests that mirror its folder come first.
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const files: readonly string[] = JSON.parse(process.env['MUTATION_TESTS'] ?? '[]');

class ListedOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => files.findIndex((file) => moduleId.endsWith(file));
    return specifications.sort((one, other) => place(one) - place(other));
  }
}

/** Stryker asks for threads, in which `process` and the id of the thread are not those of an app. */
const inProcesses: Plugin = {
  name: 'tests-in-processes',
  configureVitest({ project, vitest }) {
    project.config.pool = 'forks';
    vitest.config.pool = 'forks';
  },
};

export default defineConfig({
  plugins: [inProcesses],
  resolve: {
    alias: [
      {
        find: /^fast-check$/,
        replacement: fileURLToPath(new URL('scripts/mutation/fast-check.js', import.meta.url)),
      },
    ],
  },
  test: {
    include: [...files],
    sequence: { sequencer: ListedOrder },
    // Many mutants make a test wait for ever. A test that fails costs less than Stryker's own limit, after which it starts
    // a new process; the slowest of these tests takes a second.
    testTimeout: 5_000,
    hookTimeout: 5_000,
  },
});

// Mutation testing, as Stryker runs it: `npm run mutation`. MUTATION_TESTS lists the test files in the order in which
// they run: a mutant costs least when the tests that mirror its folder come first.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const files: readonly string[] = JSON.parse(process.env['MUTATION_TESTS'] ?? '[]');

class ListedOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => files.findIndex((file) => moduleId.endsWith(file));
    return specifications.sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    include: [...files],
    sequence: { sequencer: ListedOrder },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});

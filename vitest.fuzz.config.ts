// Fuzzing of what reads foreign bytes: `npm run fuzz`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/fuzz/long/*.test.ts'],
    testTimeout: 86_400_000,
    // What a run found is shown when it is found.
    disableConsoleIntercept: true,
  },
});

// Fresh apps with the packed package: `npm run test:matrix`. Slow, and not part of `npm test`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/matrix/*.test.ts'],
    globalSetup: ['test/matrix/support/prepare.ts'],
    // Builds, and servers that are started, on a small shared machine.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: process.env['VITEST_JSON'] ? ['verbose', 'json'] : ['verbose'],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
  },
});

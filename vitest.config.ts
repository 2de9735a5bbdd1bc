import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:faults`.
    exclude: ['test/faults/**'],
    // Sockets, child processes and the real statsd daemon on a small shared machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // CI reads its totals from this report.
    reporters: process.env['VITEST_JSON'] ? ['default', 'json'] : ['default'],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
  },
});

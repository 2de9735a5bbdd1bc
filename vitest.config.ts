import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['test/**/*.test.ts'],
          // `npm run test:interop` needs other servers, `test:browser` a browser, and `test:matrix` frameworks.
          exclude: [
            'test/faults/**',
            ...['interop', 'browser', 'fuzz/long', 'matrix'].map((name) => `test/${name}/**`),
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // `npm run test:faults`.
          exclude: ['test/faults/long/**'],
          // Alone and one after the other, because they watch how fast a server and its client go.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    // Sockets, child processes and the real statsd daemon on a small shared machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // CI reads its totals from this report.
    reporters: process.env['VITEST_JSON'] ? ['default', 'json'] : ['default'],
    outputFile: { json: process.env['VITEST_JSON'] ?? '' },
  },
});

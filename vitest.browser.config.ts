// The tests of the live page in a real browser: `npm run test:browser`. Without Chromium they are left out, and named; in
// CI that is an error. `npm run browser:install` installs it.
import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_JSON'];

export default defineConfig({
  test: {
    include: ['test/browser/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    reporters: report ? ['default', 'json'] : ['default'],
    outputFile: { json: report ?? '' },
  },
});

// The fault tests that take minutes: `npm run test:faults`. One after the other, because some of them measure.
import { spawnSync } from 'node:child_process';
import { defineConfig } from 'vitest/config';

/** Networks that can be cut need root and network namespaces. */
const canCutNetworks = process.getuid?.() === 0 && spawnSync('ip', ['netns', 'list']).status === 0;
if (!canCutNetworks) console.log('no root, or no network namespaces: long/networks.test.ts is left out');

export default defineConfig({
  test: {
    include: ['test/faults/long/**/*.test.ts'],
    exclude: canCutNetworks ? [] : ['**/networks.test.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 30_000,
  },
});

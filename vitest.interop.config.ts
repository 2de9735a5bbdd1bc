// The interop tests against real servers: `npm run test:interop`. Servers that are not installed are left out, and
// named, and with them the routes over many hosts that need them; INTEROP_REQUIRE makes that an error for all of them or for those it lists, INTEROP_ONLY leaves out others.
import { defineConfig } from 'vitest/config';
import { serversLeftOut } from './test/interop/harness/choose.js';
import { routesLeftOut } from './test/interop/many-hosts/routes.js';
import { InteropReporter } from './test/interop/report/reporter.js';

const servers = serversLeftOut(process.env);
const report = process.env['VITEST_JSON'];

export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    exclude: [
      ...servers.map((name) => `test/interop/${name}.test.ts`),
      ...routesLeftOut(servers).map((route) => `test/interop/many-hosts/${route}.test.ts`),
    ],
    // Most of the time is spent in waiting for the servers' intervals.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [['default', {}], new InteropReporter(), ...(report ? ['json'] : [])],
    outputFile: { json: report ?? '' },
  },
});

// Runs the interop tests against the servers that `npm run interop:install` installed.
//
//   npm run test:interop                                  every server that is there
//   npm run test:interop -- --only netdata,carbon         only these
//   npm run test:interop -- --require all                 fails when one is missing; or a list
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { only: { type: 'string' }, require: { type: 'string' } } });
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'vitest.interop.config.ts'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: { ...process.env, INTEROP_ONLY: values.only ?? '', INTEROP_REQUIRE: values.require ?? '' },
});
process.exitCode = status ?? 1;

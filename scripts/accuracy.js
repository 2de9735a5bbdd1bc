// How far from the truth are the figures that servers report of histograms sent by this package? Prints a table of
// all cases and writes docs/accuracy.md and docs/accuracy.svg.
//
//   npm run accuracy              1e3, 1e4 and 1e5 recordings
//   npm run accuracy -- --full    1e6, too; only printed, so that the page stays as it is
//   npm run accuracy -- --sdk 3.1.1   with that version of the SDK instead of the one developed with; only printed
//
// The measurement shares the models of the servers with the tests, in TypeScript: it is compiled into .cache/accuracy.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
  /package\.json$/,
  'bin/tsc',
);

const { values: options } = parseArgs({
  options: { full: { type: 'boolean', default: false }, sdk: { type: 'string' } },
});
process.chdir(root);
const folder = join('.cache', options.sdk === undefined ? 'accuracy' : `accuracy-sdk-${options.sdk}`);
execFileSync(process.execPath, [tsc, '-p', 'scripts/accuracy/tsconfig.json', '--outDir', folder], {
  stdio: 'inherit',
});
if (options.sdk !== undefined) {
  // Found there by the compiled modules before the one in the project's node_modules.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const packages = ['@opentelemetry/api', `@opentelemetry/sdk-metrics@${options.sdk}`];
  execFileSync(
    'npm',
    ['install', ...packages, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
    {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
}
const { measureAll } = await import(`../${folder}/scripts/accuracy/main.js`);
await measureAll({ ...options, isPage: !options.full && options.sdk === undefined });

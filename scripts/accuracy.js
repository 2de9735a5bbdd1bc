// How far from the truth are the figures that servers report of histograms sent by this package? Prints a table of
// all cases and writes docs/accuracy.md and docs/accuracy.svg.
//
//   npm run accuracy              1e3, 1e4 and 1e5 recordings
//   npm run accuracy -- --full    1e6, too; only printed, so that the page stays as it is
//
// The measurement shares the models of the servers with the tests, in TypeScript: it is compiled into .cache/accuracy.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
  /package\.json$/,
  'bin/tsc',
);

const { values: options } = parseArgs({ options: { full: { type: 'boolean', default: false } } });
process.chdir(root);
execFileSync(process.execPath, [tsc, '-p', 'scripts/accuracy/tsconfig.json'], { stdio: 'inherit' });
const { measureAll } = await import('../.cache/accuracy/scripts/accuracy/main.js');
await measureAll(options);

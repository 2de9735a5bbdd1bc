// Bundles of an app with an SDK of its own, with everything in one file.
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { apps, expectOrders, run, tool } from './support/cells.js';

const entry = (kind: string) => join(apps, `programs/orders.${kind}`);
const output = (file: string) => join(apps, 'bundles', file);

/** As docs/operations.md says: packages of OpenTelemetry that are CommonJS modules call `require`. */
const requireForEsm = [
  "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
];

describe('a bundle delivers, made by', () => {
  test.each([
    { format: 'cjs', source: 'cjs', banner: [] },
    { format: 'esm', source: 'mjs', banner: requireForEsm },
  ])('esbuild, as $format', async ({ format, source, banner }) => {
    const file = output(`esbuild.${source}`);
    const options = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=${file}`];
    await run([tool('esbuild/bin/esbuild'), entry(source), ...options, ...banner, '--log-level=error']);
    await expectOrders([file]);
  });

  test.each(['mjs', 'cjs'])('webpack, from .%s', async (source) => {
    await run(['bundlers/webpack.cjs', entry(source), join(apps, 'bundles'), `webpack-${source}.cjs`]);
    await expectOrders([output(`webpack-${source}.cjs`)]);
  });

  test.each([
    { format: 'cjs', source: 'cjs' },
    { format: 'es', source: 'mjs' },
  ])('rollup, as $format', async ({ format, source }) => {
    const file = output(`rollup.${source}`);
    await run(['bundlers/rollup.mjs', entry(source), file, format]);
    await expectOrders([file]);
  });

  test('Vite, for a server', async () => {
    await run(['bundlers/vite.mjs', entry('mjs'), join(apps, 'bundles'), 'vite.mjs']);
    await expectOrders([output('vite.mjs')]);
  });

  test.each([
    { format: 'cjs', file: 'tsup/orders.js' },
    { format: 'esm', file: 'tsup/orders.mjs' },
  ])('tsup, as $format', async ({ format, file }) => {
    const options = ['--format', format, '--platform', 'node', '--out-dir', output('tsup'), '--silent'];
    await run([tool('tsup/dist/cli-default.js'), entry('ts'), ...options]);
    await expectOrders([output(file)]);
  });
});

// Programs with an SDK of their own, or with `register`, by the kind of module.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { apps, expectOrders, register, run, tool } from './support/cells.js';

const compile = (file: string, options: readonly string[]) =>
  run([
    tool('typescript/bin/tsc'),
    ...['--ignoreConfig', '--target', 'es2022', '--types', 'node', '--strict', ...options],
    ...['--rootDir', 'programs', '--outDir', 'programs/compiled', file],
  ]);

describe('an app with an SDK of its own delivers', () => {
  test('as an ES module', () => expectOrders(['programs/orders.mjs']));

  test('as a CommonJS module', () => expectOrders(['programs/orders.cjs']));

  test('as TypeScript compiled to a CommonJS module', async () => {
    await compile('programs/orders.ts', ['--module', 'commonjs', '--moduleResolution', 'bundler']);
    await expectOrders(['programs/compiled/orders.js']);
  });

  test('as TypeScript compiled to an ES module', async () => {
    cpSync(join(apps, 'programs/orders.ts'), join(apps, 'programs/orders.mts'));
    await compile('programs/orders.mts', ['--module', 'nodenext', '--moduleResolution', 'nodenext']);
    await expectOrders(['programs/compiled/orders.mjs']);
  });

  test('as TypeScript run by tsx', () => expectOrders([tool('tsx/dist/cli.mjs'), 'programs/orders.ts']));
});

describe('an app that knows the API alone delivers', () => {
  test.each(['mjs', 'cjs'])('with --import of register, as .%s', (kind) =>
    expectOrders([...register, `programs/api-only.${kind}`]),
  );

  test.each(['mjs', 'cjs'])('with --require of register, as .%s', (kind) =>
    expectOrders(['--require', 'opentelemetry-exporter-statsd/register', `programs/api-only.${kind}`]),
  );

  test('with register in NODE_OPTIONS, run by tsx', () =>
    expectOrders([tool('tsx/dist/cli.mjs'), join(apps, 'programs/api-only.mjs')], {
      env: { NODE_OPTIONS: register.join(' ') },
    }));
});

// The packed package and its peers, installed from nothing by each package manager, and an app beside them.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { apps, expectOrders, matrix, register, run, tarball, tool } from './support/cells.js';

const peers = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/auto-instrumentations-node': '0.81.2',
  '@opentelemetry/core': '2.12.1',
  '@opentelemetry/sdk-metrics': '2.12.1',
};

/** Outside of the matrix's folder, in whose node_modules everything would be found. */
function freshApp(name: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(matrix, '..', 'matrix-fresh', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dependencies = { ...peers, 'opentelemetry-exporter-statsd': `file:${tarball}` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, name, dependencies }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  cpSync(join(apps, 'programs'), join(folder, 'programs'), { recursive: true });
  return folder;
}

async function expectBothKinds(cwd: string, before: readonly string[] = []): Promise<void> {
  for (const kind of ['mjs', 'cjs']) {
    await expectOrders([...before, `programs/orders.${kind}`], { cwd });
    await expectOrders([...before, ...register, `programs/api-only.${kind}`], { cwd });
  }
}

describe('an app delivers, with an SDK of its own and by register, installed by', () => {
  test('npm', async () => {
    const cwd = freshApp('npm');
    const npm = [process.env['npm_execpath'] ?? '', 'install', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run(npm, { cwd });
    await expectBothKinds(cwd);
  });

  test('pnpm', async () => {
    const cwd = freshApp('pnpm', { 'pnpm-workspace.yaml': 'packages: []\n' });
    await run([tool('pnpm/bin/pnpm.cjs'), 'install', '--ignore-scripts'], { cwd });
    await expectBothKinds(cwd);
  });

  test('Yarn 1', async () => {
    const cwd = freshApp('yarn-1');
    await run([tool('yarn/bin/yarn.js'), 'install', '--ignore-scripts', '--ignore-engines'], { cwd });
    await expectBothKinds(cwd);
  });

  test('Yarn 4 with node_modules', async () => {
    const cwd = freshApp('yarn-4', { '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' });
    await run([tool('@yarnpkg/cli-dist/bin/yarn.js'), 'install', '--mode=skip-build'], { cwd });
    await expectBothKinds(cwd);
  });

  test("Yarn 4 with Plug'n'Play", async () => {
    const cwd = freshApp('yarn-pnp', { '.yarnrc.yml': 'nodeLinker: pnp\n', 'yarn.lock': '' });
    await run([tool('@yarnpkg/cli-dist/bin/yarn.js'), 'install', '--mode=skip-build'], { cwd });
    await expectBothKinds(cwd, ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs']);
  });
});

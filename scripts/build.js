// Builds the package: the compiler writes each module and its declarations to build/, and from those the bundles and
// the rolled-up declarations in dist/ are made. docs/adr/0001-module-formats-and-bundling.md tells why.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBundles } from './build/bundles.js';
import { writeDeclarations } from './build/declarations.js';
import { writePage } from './build/page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(fileURLToPath(new URL('.', import.meta.resolve('typescript/package.json'))), 'bin/tsc');

process.chdir(root);
for (const folder of ['build', 'dist']) rmSync(folder, { recursive: true, force: true });
const compile = (...args) =>
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', ...args], { stdio: 'inherit' });
compile();
// The ES modules carry the comments; a second copy of them in the CommonJS modules would be a tenth of the package.
compile('--outDir', 'build/commonjs', '--removeComments', '--declaration', 'false');
await writeBundles();
writeDeclarations();
indentWithTabs('dist');
await writePage();

/** The compiler indents by four spaces, which would be a tenth of the package, too. */
function indentWithTabs(folder) {
  const formatter = join(
    fileURLToPath(new URL('.', import.meta.resolve('@biomejs/biome/package.json'))),
    'bin/biome',
  );
  const limits = ['--files-max-size=10000000', '--vcs-enabled=false'];
  const style = ['--indent-style=tab', '--line-width=120'];
  execFileSync(
    process.execPath,
    [formatter, 'format', '--write', '--log-level=error', ...limits, ...style, folder],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

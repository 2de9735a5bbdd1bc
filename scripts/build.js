// Builds the package: the compiler writes each module and its declarations to build/, and from those the bundles and
// the rolled-up declarations in dist/ are made. docs/adr/0001-module-formats-and-bundling.md tells why.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBundles } from './build/bundles.js';
import { writeDeclarations } from './build/declarations.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(fileURLToPath(new URL('.', import.meta.resolve('typescript/package.json'))), 'bin/tsc');

process.chdir(root);
for (const folder of ['build', 'dist']) rmSync(folder, { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
await writeBundles();
writeDeclarations();

// Compiles a fixture together with the sources, because the transformer of the tests knows no standard decorators.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

export interface Compiled {
  /** Runs a fixture and reads the JSON that it prints. */
  run(fixture: string): Promise<unknown>;
  remove(): void;
}

export async function compileFixtures(compilerOptions: Readonly<Record<string, unknown>>): Promise<Compiled> {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-instrument-'));
  const inFolder = (path: string): string => join(folder, path);
  symlinkSync(join(repository, 'node_modules'), inFolder('node_modules'));
  writeFileSync(inFolder('package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    inFolder('tsconfig.json'),
    JSON.stringify({
      extends: join(repository, 'tsconfig.json'),
      compilerOptions: { noEmit: false, rootDir: repository, outDir: inFolder('out'), ...compilerOptions },
      include: [join(repository, 'test/instrument/fixtures')],
    }),
  );
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    async run(fixture) {
      const { stdout } = await run(process.execPath, [
        inFolder(`out/test/instrument/fixtures/${fixture}.js`),
      ]);
      return JSON.parse(stdout);
    },
    remove,
  };
}

// A project that has installed this package the way a user would: packed by npm, installed from the tarball by npm.
import { type ExecFileOptions, execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository: string = fileURLToPath(new URL('../..', import.meta.url));
export const packageName = 'opentelemetry-exporter-statsd';

interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Consumer {
  readonly folder: string;
  /** Where the package lies, as installed. */
  readonly installed: string;
  /** Makes a dependency of the repository one of the consumer. */
  link(dependency: string): void;
  write(file: string, text: string): void;
  /** Runs Node.js in the consumer's folder. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
  remove(): void;
}

/** Packs and installs. The peers are left to `link`: they are at hand in the repository, and no network is needed. */
export async function installFromTarball(): Promise<Consumer> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'statsd-consumer-')));
  const inFolder = (path: string) => join(folder, path);
  const link = (dependency: string) => {
    const path = inFolder(join('node_modules', dependency));
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(repository, 'node_modules', dependency), path, 'dir');
  };

  await npm(repository, ['pack', '--pack-destination', folder]);
  const [tarball, ...others] = readdirSync(folder);
  if (tarball === undefined || others.length > 0)
    throw new Error('npm pack did not write exactly one tarball');
  writeFileSync(inFolder('package.json'), '{ "private": true }\n');
  // legacy-peer-deps keeps npm from asking the registry for the peers; everything else is in the tarball.
  await npm(folder, ['install', `./${tarball}`, '--offline', '--legacy-peer-deps', '--no-package-lock']);

  return {
    folder,
    installed: inFolder(join('node_modules', packageName)),
    link,
    write: (file, text) => writeFileSync(inFolder(file), text),
    node: (args, env = {}) => run(process.execPath, args, { cwd: folder, env: { ...environment(), ...env } }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** All files below a folder, relative to it, with forward slashes, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** What the tests were started with must not reach the programs under test. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(OTEL|STATSD|DD)_/.test(name) && name !== 'NODE_OPTIONS',
  );
  return Object.fromEntries(kept);
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const all = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { exitCode, stdout, stderr } = await run('npm', all, { cwd });
  if (exitCode !== 0) throw new Error(`npm ${args.join(' ')} failed: ${stdout}${stderr}`);
}

function run(command: string, args: readonly string[], options: ExecFileOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

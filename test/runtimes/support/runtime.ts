// The JavaScript runtime under test: the Node.js that runs vitest, or the one that COMPAT_RUNTIME names (scripts/compat.js).
import { execFileSync } from 'node:child_process';

interface RuntimeTraits {
  /** What comes before the file of a program. */
  readonly run: readonly string[];
  /** Loads the register before the program, in each way that the runtime has. */
  readonly registers: readonly (readonly string[])[];
  /** The API of node:cluster, with workers that talk to their primary. */
  readonly hasCluster: boolean;
}

const REGISTER = 'opentelemetry-exporter-statsd/register';

const RUNTIMES = {
  node: {
    run: [],
    registers: [
      ['--import', REGISTER],
      ['--require', REGISTER],
    ],
    hasCluster: true,
  },
  bun: {
    run: [],
    registers: [
      ['--preload', REGISTER],
      ['--import', REGISTER],
      ['--require', REGISTER],
    ],
    hasCluster: true,
  },
  deno: {
    // --cached-only: no test may download a package that is not installed.
    run: ['run', '--quiet', '--no-prompt', '--cached-only', '--allow-all'],
    registers: [
      ['--import', `npm:${REGISTER}`],
      ['--preload', `npm:${REGISTER}`],
      ['--import', './node_modules/opentelemetry-exporter-statsd/dist/cjs/register.js'],
      ['--require', './node_modules/opentelemetry-exporter-statsd/dist/cjs/register.js'],
    ],
    hasCluster: true,
  },
} as const satisfies Readonly<Record<string, RuntimeTraits>>;

type RuntimeName = keyof typeof RUNTIMES;

export interface Runtime extends RuntimeTraits {
  readonly name: RuntimeName;
  /** For the names of tests. */
  readonly title: string;
  /** Its program. */
  readonly path: string;
}

export const runtime: Runtime = runtimeUnderTest(
  process.env['COMPAT_RUNTIME'],
  process.env['COMPAT_RUNTIME_PATH'],
);

function runtimeUnderTest(name = 'node', path = process.execPath): Runtime {
  if (!isRuntime(name)) {
    throw new Error(`COMPAT_RUNTIME is ${name}, and must be one of ${Object.keys(RUNTIMES).join(', ')}`);
  }
  const version = /\d+\.\d+\.\d+\S*/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[0];
  return { ...RUNTIMES[name], name, path, title: `${name} ${version}` };
}

function isRuntime(name: string): name is RuntimeName {
  return Object.hasOwn(RUNTIMES, name);
}

// Runs the compiler and vitest inside the folder of a compatibility row, by the row's own Node.js.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Far beyond what the suite needs: a run that hangs is ended and counts as failed. */
const TIMEOUT_MILLIS = 15 * 60_000;

/**
 * Two checks: the sources compile against the row's SDK types, and so do the published declarations with nothing
 * skipped, as in the strictest application. Returns what is wrong.
 */
export function checkTypes(folder, node) {
  const projects = {
    'tsconfig.compat-sources.json': { include: ['src'] },
    'tsconfig.compat-declarations.json': {
      compilerOptions: { skipLibCheck: false },
      include: ['dist/**/*.d.ts'],
    },
  };
  const problems = [];
  for (const [file, project] of Object.entries(projects)) {
    const config = { extends: './tsconfig.json', ...project };
    writeFileSync(join(folder, file), `${JSON.stringify(config, null, 2)}\n`);
    const ended = run(folder, node, ['node_modules/typescript/bin/tsc', '-p', file]);
    if (ended !== '') problems.push(`tsc -p ${file} ${ended}`);
  }
  return problems;
}

/** All tests of the row. The report decides the totals, the exit status decides together with it. */
export function runTests(folder, node) {
  const file = join(folder, 'report.json');
  rmSync(file, { force: true });
  const ended = run(folder, node, ['node_modules/vitest/vitest.mjs', 'run'], { VITEST_JSON: file });
  const problems = ended === '' ? [] : [`vitest ${ended}`];
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, problems: [...problems, 'vitest left no report'] };
  }
  const { numPassedTests: passed, numFailedTests: failed } = report;
  if (passed + failed === 0) problems.push('no test was run');
  return { passed, failed, problems };
}

/** Runs a program of the row to its end; '' when all is well, otherwise how it ended. */
function run(folder, node, args, env = {}) {
  const { status, signal, error } = spawnSync(node, args, {
    cwd: folder,
    // The row's Node.js goes first on the PATH too, for programs that tests start by name.
    env: { ...process.env, ...env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: TIMEOUT_MILLIS,
    killSignal: 'SIGKILL',
  });
  if (error !== undefined) return `could not be run to its end: ${error.message}`;
  if (signal !== null) return `was ended by ${signal}`;
  return status === 0 ? '' : `ended with exit status ${status}`;
}

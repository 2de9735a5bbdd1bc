// Runs the compiler and vitest inside the folder of a compatibility row, by the row's own Node.js.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Several times what the suite needs: a run that hangs is ended and counts as failed. */
const TIMEOUT_MILLIS = 15 * 60_000;

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Two checks: the sources compile against the row's SDK types, and so do the published declarations with nothing
 * skipped, as in the strictest application. Returns what is wrong.
 */
export async function checkTypes(folder, node) {
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
    const ended = await run(folder, node, ['node_modules/typescript/bin/tsc', '-p', file]);
    if (ended !== '') problems.push(`tsc -p ${file} ${ended}`);
  }
  return problems;
}

/** All tests, or those below the paths. A run is good if its report and its exit status both say so. */
export async function runTests(folder, node, paths, env) {
  const file = join(folder, 'report.json');
  rmSync(file, { force: true });
  const ended = await run(folder, node, ['node_modules/vitest/vitest.mjs', 'run', ...paths], {
    ...env,
    VITEST_JSON: file,
  });
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

/**
 * Runs a program of the row to its end; '' when all is well, otherwise how it ended. It leads a process group of its
 * own, so that a test that loops in a worker of vitest is ended with it and does not stay behind.
 */
async function run(folder, node, args, env = {}) {
  const child = spawn(node, args, {
    cwd: folder,
    // The row's Node.js goes first on the PATH too, for programs that tests start by name.
    env: { ...process.env, ...env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    endGroup(child.pid);
  }, TIMEOUT_MILLIS);
  const passOn = (signal) => {
    endGroup(child.pid);
    stopListening();
    process.kill(process.pid, signal);
  };
  const stopListening = () => {
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, passOn);
  };
  for (const signal of ENDING_SIGNALS) process.once(signal, passOn);
  try {
    const [status, signal] = await once(child, 'close');
    if (isLate) return `did not end within ${TIMEOUT_MILLIS / 60_000} minutes`;
    if (signal !== null) return `was ended by ${signal}`;
    return status === 0 ? '' : `ended with exit status ${status}`;
  } finally {
    clearTimeout(deadline);
    stopListening();
  }
}

function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

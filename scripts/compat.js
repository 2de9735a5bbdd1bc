// Runs the test suite against other versions than the development ones: the lowest and the newest SDKs this
// package declares, each on a Node.js that SDK supports; and the tests that start programs on Bun and Deno. Every row
// lives in .cache/compat/<row> as a copy of the project beside its own node_modules, so that the sources and the
// programs started by tests find the row's versions. Not below node_modules: vitest and Node.js treat TypeScript in
// there as somebody else's.
//
//   npm run test:compat                        all rows
//   npm run test:compat -- --only <row>        one row (may be given several times)
//
// COMPAT_JSON=<file> writes the totals in the shape of vitest's JSON report (.ci/tally.js adds those up).
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installNode, installRuntime, prepareRow } from './compat/install.js';
import { checkTypes, runTests } from './compat/run.js';

const NEWEST = {
  '@opentelemetry/api': '1.10.0',
  '@opentelemetry/auto-instrumentations-node': '0.82.0',
  '@opentelemetry/core': '3.1.1',
  '@opentelemetry/sdk-metrics': '3.1.1',
};

/** The tests that meet the SDK and Node.js most; a third of the time of all. */
const OUTSIDE_FACING = ['test/contract/', 'test/e2e/', 'test/exporter/', 'test/register/'];

const RUNTIME = ['test/runtimes/'];

/** The demo compares metrics by the names that instrumentations use since HTTP conventions are stable. */
const BEFORE_STABLE_HTTP = [
  'test/contract/',
  'test/e2e/register',
  'test/e2e/statsd',
  'test/exporter/',
  'test/mapping/',
  'test/property/',
  'test/register/',
];

/**
 * `node` is a version or its beginning; `packages` take the place of the development versions; `tests` are paths,
 * none for all tests. `runtime` runs the programs that test/runtimes starts, while vitest runs on `node`; `folder` is that
 * of another row with the same packages.
 */
const ROWS = [
  {
    // The floor: the first stable SDK of the 2.x line on the oldest Node.js in `engines`. 0.57.0 was the first
    // auto-instrumentations-node built on SDK 2.x, 0.58.0 the first with the runtime metrics too.
    name: 'sdk-2.0',
    node: '20.19.0',
    packages: {
      '@opentelemetry/api': '1.9.0',
      '@opentelemetry/auto-instrumentations-node': '0.58.0',
      '@opentelemetry/core': '2.0.0',
      '@opentelemetry/sdk-metrics': '2.0.0',
    },
    tests: BEFORE_STABLE_HTTP,
  },
  {
    // The first of the 3.x line, on the oldest Node.js release line that it supports.
    name: 'sdk-3.0',
    node: '22',
    packages: {
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/auto-instrumentations-node': '0.82.0',
      '@opentelemetry/core': '3.0.0',
      '@opentelemetry/sdk-metrics': '3.0.0',
    },
    tests: OUTSIDE_FACING,
  },
  { name: 'sdk-3.1', node: '24', packages: NEWEST },
  { name: 'sdk-3.1-node-26', node: '26', packages: NEWEST, tests: OUTSIDE_FACING },
  { name: 'bun', node: '24', packages: NEWEST, tests: RUNTIME, folder: 'sdk-3.1', runtime: 'bun@1.4.5' },
  { name: 'deno', node: '24', packages: NEWEST, tests: RUNTIME, folder: 'sdk-3.1', runtime: 'deno@2.9.6' },
];

const root = fileURLToPath(new URL('..', import.meta.url));

/** One row from nothing to its totals; whatever goes wrong is the row's failure, not the end of the run. */
async function runRow(row) {
  const totals = { row: row.name, node: '', runtime: row.runtime, passed: 0, failed: 0, problems: [] };
  try {
    const node = installNode(root, row);
    totals.node = node.version;
    const env = row.runtime === undefined ? {} : installRuntime(root, row);
    const folder = prepareRow(root, row, node.path);
    if (row.runtime === undefined) {
      say(row, `type check of src against SDK ${row.packages['@opentelemetry/sdk-metrics']}`);
      totals.problems.push(...(await checkTypes(folder, node.path)));
    }
    say(row, `tests on ${row.runtime ?? `Node.js ${node.version}`}`);
    const tests = await runTests(folder, node.path, row.tests ?? [], env);
    totals.passed = tests.passed;
    totals.failed = tests.failed;
    totals.problems.push(...tests.problems);
  } catch (error) {
    totals.problems.push(error instanceof Error ? error.message : String(error));
  }
  return totals;
}

function say(row, text) {
  console.log(`\n[${row.name}] ${text}`);
}

function selectRows(names) {
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `no such row: ${unknown.join(', ')}; the rows are ${ROWS.map((row) => row.name).join(', ')}`,
    );
  }
  return names.length === 0 ? ROWS : ROWS.filter((row) => names.includes(row.name));
}

function report(results) {
  console.log();
  for (const { row, node, runtime, passed, failed, problems } of results) {
    for (const problem of problems) console.log(`[${row}] ${problem}`);
    console.log(`[${row}] ${runtime ?? `Node.js ${node || '-'}`}`);
    console.log(`${row}: ${passed} passed, ${failed} failed`);
  }
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  const success = results.every((result) => result.failed === 0 && result.problems.length === 0);
  const file = process.env['COMPAT_JSON'];
  if (file) {
    const totals = {
      success,
      numPassedTests: sum('passed'),
      numFailedTests: sum('failed'),
      rows: results,
    };
    writeFileSync(file, `${JSON.stringify(totals, null, 2)}\n`);
  }
  process.exitCode = success ? 0 : 1;
}

try {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true, default: [] } } });
  const rows = selectRows(values.only);
  console.log('building dist');
  execFileSync(process.execPath, [fileURLToPath(new URL('build.js', import.meta.url))], { stdio: 'inherit' });
  const results = [];
  for (const row of rows) results.push(await runRow(row));
  report(results);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

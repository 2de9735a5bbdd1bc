// The folders of src that are tested one at a time, and the tests that concern each of them.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** They do no more than start processes or compile an app: a mutant is active only in the process of the tests. */
const LEFT_OUT = [
  'test/cli/process.test.ts',
  'test/cluster/large-workers.test.ts',
  'test/cluster/register.test.ts',
  'test/cluster/workers.test.ts',
  'test/exporter/flush-on.test.ts',
  'test/instrument/compiled.test.ts',
  'test/instrument/types.test.ts',
  'test/listener/file-descriptors.test.ts',
  'test/transport/process-exit.test.ts',
];

/** Tests outside of the mirrored folder that are quick and concern all of a top folder; all of test/property takes minutes. */
const FURTHER_TESTS = { mapping: ['test/golden/golden.test.ts'] };

/** Tests outside of the mirrored folder that concern one unit. */
const TESTS_ELSEWHERE = {
  'cluster/aggregator': ['test/cluster/options.test.ts', 'test/cluster/channel/port-peers.test.ts'],
  'cluster/worker': ['test/cluster/options.test.ts'],
  'mapping/fast-path': ['test/property/fast-path.test.ts', 'test/property/histogram-bytes.test.ts'],
  'mapping/histograms': ['test/property/histogram-bytes.test.ts'],
  transport: ['test/contract/transport-contract.test.ts'],
};

/** How often a property is tried at most; fewer times where each mutant is reached by the properties of all dialects. */
const MAX_RUNS = 100;
const FEWER_RUNS = { 'mapping/fast-path': 10 };

/**
 * A unit is a folder of src, or a folder in one of those, with all that is below it; files beside such folders are a
 * unit of their own.
 *
 * @returns `{ name, files, tests, maxRuns }[]`; `name` is a path below src such as `mapping/numbers`, `files` and `tests`
 *   are paths below the repository. `tests` are those in the folder of test with the same name, then further ones.
 */
export function units(root) {
  return topFolders(root).flatMap((top) => {
    const folders = entries(root, join('src', top)).filter((entry) => entry.isDirectory());
    const names = [top, ...folders.map(({ name }) => `${top}/${name}`)];
    return names.map((name) => unit(root, top, name)).filter(({ files }) => files.length > 0);
  });
}

function topFolders(root) {
  return entries(root, 'src').flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function unit(root, top, name) {
  const isTestFile = (file) => file.endsWith('.test.ts') && !LEFT_OUT.includes(file);
  const source = `src/${name}`;
  const files = name === top ? filesIn(root, source) : filesBelow(root, source);
  const mirrored = name === top ? [] : filesBelow(root, `test/${name}`);
  // Tests of a whole top folder reach every mutant in it, and one that survives has run them all.
  const tests = mirrored.some(isTestFile) ? mirrored : filesIn(root, `test/${top}`);
  return {
    name,
    files: files.filter((file) => file.endsWith('.ts')),
    tests: [...tests.filter(isTestFile), ...(FURTHER_TESTS[top] ?? []), ...(TESTS_ELSEWHERE[name] ?? [])],
    maxRuns: FEWER_RUNS[name] ?? MAX_RUNS,
  };
}

function filesIn(root, folder) {
  return entries(root, folder).flatMap((entry) => (entry.isFile() ? [`${folder}/${entry.name}`] : []));
}

function filesBelow(root, folder) {
  return entries(root, folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}

function entries(root, folder) {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
}

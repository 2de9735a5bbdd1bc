// Mutation testing: Stryker puts one small fault after another into a folder of src, and the tests that concern the
// folder are run until one fails. A fault that no test notices has survived. CONTRIBUTING.md says how to read it.
//
//   npm run mutation                                all folders: hours
//   npm run mutation mapping/numbers                src/mapping/numbers; `mapping` is all folders in it
//   npm run mutation mapping/numbers/round.ts:10-40 a file, or some of its lines
//   npm run mutation -- mapping --figures           the figures of the last runs
//   npm run mutation -- register --concurrency 2    test processes at a time, 1 by default
//
// Only what changed since the last run, in source or tests, is tested again. Results are kept in .cache/mutation.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { strykerConfig } from './mutation/config.js';
import { installStryker } from './mutation/install.js';
import { scoreTable, summarise, survivorLines } from './mutation/report.js';
import { units } from './mutation/units.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: 'string', default: '1' },
    figures: { type: 'boolean', default: false },
  },
});

const wanted = positionals.length === 0 ? [''] : positionals;
const chosen = wanted.flatMap(choose);
const stryker = values.figures ? undefined : installStryker();
const rows = [];
for (const { unit, mutate, name } of chosen) {
  const folder = join(root, '.cache/mutation', unit.name.replaceAll('/', '-'));
  if (stryker !== undefined) runStryker(stryker, unit, mutate, folder);
  const report = join(folder, 'report.json');
  if (!existsSync(report)) continue;
  // The report has the earlier results of the other files, too.
  const { files } = readJson(report);
  const isChosen = ([path]) => mutate.some((each) => each.split(':')[0] === path);
  const chosenFiles = Object.fromEntries(Object.entries(files).filter(isChosen));
  const row = { name, ...summarise(chosenFiles, equivalents()) };
  console.log(`\n${name}: ${row.survivors.length === 0 ? 'no survivors' : 'survivors'}`);
  for (const line of survivorLines(row)) console.log(line);
  rows.push(row);
}
console.log(`\n${rows.length === 0 ? 'nothing has been tested yet' : scoreTable(rows).join('\n')}`);

/** The units that an argument means, with what is to be mutated in each, and the name of that. */
function choose(argument) {
  const [path, range] = argument.replace(/^src\/|\/$/g, '').split(':');
  const isIn = (file) => path === '' || file === `src/${path}` || file.startsWith(`src/${path}/`);
  const found = units(root).flatMap((unit) => {
    const mutate = unit.files.filter(isIn).map((file) => (range === undefined ? file : `${file}:${range}`));
    const isWhole = range === undefined && mutate.length === unit.files.length;
    return mutate.length === 0 ? [] : [{ unit, mutate, name: isWhole ? unit.name : path }];
  });
  if (found.length > 0) return found;
  console.error(
    `src has no folder or file ${path}; its folders are ${units(root)
      .map(({ name }) => name)
      .join(', ')}`,
  );
  process.exit(2);
}

function runStryker(program, unit, mutate, folder) {
  console.log(`\n=== ${unit.name}`);
  // A run that was stopped leaves its copy of the project.
  rmSync(join(folder, 'copy'), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  forgetStaticSurvivors(join(folder, 'results.json'));
  const config = join(folder, 'stryker.json');
  writeFileSync(config, JSON.stringify(strykerConfig(mutate, folder, Number(values.concurrency)), null, 2));
  // A mutant may remove the folder for temporary files as if it were its own.
  const temporary = mkdtempSync(join(tmpdir(), 'mutation-'));
  const { status } = spawnSync(process.execPath, [program, 'run', config], {
    cwd: root,
    env: {
      ...process.env,
      MUTATION_TESTS: JSON.stringify(unit.tests),
      MUTATION_MAX_RUNS: String(unit.maxRuns),
      ...{ TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    },
    stdio: 'inherit',
  });
  rmSync(temporary, { recursive: true, force: true });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Stryker does not know which tests reach code that runs when a module is loaded, so it would not test these mutants
 * again when a test is added.
 */
function forgetStaticSurvivors(file) {
  if (!existsSync(file)) return;
  const results = readJson(file);
  for (const each of Object.values(results.files)) {
    each.mutants = each.mutants.filter((mutant) => !(mutant.static && mutant.status === 'Survived'));
  }
  writeFileSync(file, JSON.stringify(results));
}

function equivalents() {
  return readJson(join(root, 'scripts/mutation/equivalents.json'));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

// Benchmarks against peers, in the same run and on the same data. Prints all tables and writes docs/benchmarks.md and
// docs/benchmarks.svg.
//
//   npm run bench                               everything, some ten minutes
//   npm run bench -- --quick                    only shows that it all works and that no output is incomplete
//   npm run bench -- --only formatting,idle     some sections; only printed
//   npm run bench -- --goals                    also prints which goals of bench/goals.json are met
//   npm run bench -- --page                     the page anew from the figures of the last full run
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { goalTable } from './lib/goals.js';
import { installPeers } from './lib/install.js';
import { runModule } from './lib/processes.js';
import { Progress } from './lib/progress.js';
import { plainTable } from './lib/table.js';
import { render, writePage } from './page/write-page.js';
import { SECTIONS } from './sections/index.js';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    goals: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});
const cache = new URL('../.cache/', import.meta.url);
const lastRun = new URL('bench.json', cache);
const goals = JSON.parse(readFileSync(new URL('goals.json', import.meta.url), 'utf8'));

if (options.page) {
  const run = JSON.parse(readFileSync(lastRun, 'utf8'));
  writePage(run);
  printGoals(run.results);
} else {
  installPeers();
  const wanted = wantedSections();
  const { machine } = await import('./lib/machine.js');
  const surroundings = machine();
  console.log(`${surroundings.processor}; Node.js ${surroundings.node}; load ${surroundings.load}`);
  const results = [];
  for (const section of wanted) {
    const result = await measured(section);
    if (result !== undefined) results.push({ ...section, ...result });
  }
  printGoals(results);
  const isComplete = results.length === SECTIONS.length;
  if (isComplete && options.quick) render({ machine: surroundings, results });
  if (isComplete && !options.quick) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(lastRun, JSON.stringify({ machine: surroundings, results }));
    writePage({ machine: surroundings, results });
  }
}

function wantedSections() {
  if (options.only === undefined) return SECTIONS;
  const ids = options.only.split(',');
  const unknown = ids.filter((id) => !SECTIONS.some((section) => section.id === id));
  if (unknown.length === 0) return SECTIONS.filter(({ id }) => ids.includes(id));
  console.error(`no section ${unknown.join(', ')}; there are ${SECTIONS.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}

async function measured({ id, title, flags = [] }) {
  const startedAt = performance.now();
  const progress = new Progress();
  console.log(`\n=== ${title}`);
  try {
    const result = await runModule(
      `sections/${id}.js`,
      { quick: options.quick },
      { execArgv: flags, onProgress: (text) => progress.show(`${title}: ${text}`) },
    );
    progress.clear();
    const printed = result.tables.map((table) => `\n${plainTable(table)}\n`).join('');
    // So little is measured in a quick run that its figures would mislead.
    console.log(options.quick ? '  works, and all output is complete' : printed);
    console.log(`  (${Math.round((performance.now() - startedAt) / 1_000)} s)`);
    return result;
  } catch (error) {
    progress.clear();
    console.error(`failed: ${error.message}`);
    process.exitCode = 1;
    return undefined;
  }
}

/** A quick run measures too little to judge by; it only shows that every goal has its figure. */
function printGoals(results) {
  const isComplete = results.length === SECTIONS.length;
  const table = goalTable(goals, results, { isComplete });
  if (options.goals && !options.quick) console.log(`\n${plainTable(table)}`);
}

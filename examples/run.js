// `npm run example -- <name>`: runs one of the examples and prints what arrived; without a name, which there are.
import { catalogue } from './support/catalogue.js';
import { reportText } from './support/report.js';
import { runExample } from './support/run-example.js';

const name = process.argv[2];
if (name !== undefined && Object.hasOwn(catalogue, name)) {
  process.stdout.write(reportText(await runExample(name)));
} else {
  const width = Math.max(...Object.keys(catalogue).map((known) => known.length));
  const list = Object.entries(catalogue).map(([known, { about }]) => `  ${known.padEnd(width)}  ${about}`);
  const isWrong = name !== undefined;
  const head = isWrong ? `There is no example "${name}".` : 'npm run example -- <name>';
  process[isWrong ? 'stderr' : 'stdout'].write(`${head}\n\n${list.join('\n')}\n`);
  if (isWrong) process.exitCode = 2;
}

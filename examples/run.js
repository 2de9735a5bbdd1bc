// `npm run example -- <name>`: runs one of the examples and prints what arrived; without a name, which there are.
import { catalogue, shows } from './support/catalogue.js';
import { reportText } from './support/report.js';
import { runExample } from './support/run-example.js';

const name = process.argv[2];
if (name !== undefined && Object.hasOwn(shows, name)) {
  await import(`./${name}/${shows[name].program}`);
} else if (name !== undefined && Object.hasOwn(catalogue, name)) {
  process.stdout.write(reportText(await runExample(name)));
} else {
  const all = { ...catalogue, ...shows };
  const width = Math.max(...Object.keys(all).map((known) => known.length));
  const list = Object.entries(all).map(([known, { about }]) => `  ${known.padEnd(width)}  ${about}`);
  const isWrong = name !== undefined;
  const head = isWrong ? `There is no example "${name}".` : 'npm run example -- <name>';
  process[isWrong ? 'stderr' : 'stdout'].write(`${head}\n\n${list.join('\n')}\n`);
  if (isWrong) process.exitCode = 2;
}

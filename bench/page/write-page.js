// docs/benchmarks.md and docs/benchmarks.svg: prose that holds whatever the figures are, and the figures.
import { writeFileSync } from 'node:fs';
import { markdownTable } from '../lib/table.js';
import { pictureOf } from './picture.js';

const docs = new URL('../../docs/', import.meta.url);

export function writePage(run) {
  const { page, picture } = render(run);
  writeFileSync(new URL('benchmarks.md', docs), page);
  writeFileSync(new URL('benchmarks.svg', docs), picture);
  console.log('\nwrote docs/benchmarks.md and docs/benchmarks.svg');
}

/** @param {{ machine: object, results: object[] }} run */
export function render({ machine, results }) {
  const charts = Object.assign({}, ...results.map((result) => result.charts));
  return { page: pageOf(machine, results), picture: pictureOf(charts) };
}

function pageOf({ processor, memory, system, load, node, versions }, results) {
  return `# Benchmarks

<!-- Written by \`npm run bench\`; change bench/page/write-page.js or the text of a section in bench/sections instead. -->

What this package costs an app, measured side by side with what else turns OpenTelemetry data into bytes and with
clients that speak StatsD.

![Cost of a data point, hold of the event loop, and scale](benchmarks.svg)

${results.map(sectionOf).join('\n\n')}

## Method

\`npm run bench\` repeats all of it, \`-- --only <sections>\` a part, and \`-- --quick\` only shows that it works. Figures move
by a fifth or more from run to run and with the machine; **ratios within one table mean more than figures**.

- CPU time is that of the main thread, which is what the app misses; end to end it is that of the whole process, with the
  compiler and garbage collector that work beside. Time on the clock also depends on what else the machine does.
- Every section runs in a process of its own. Contenders take turns within the same process, each round begun by another.
  Between turns pending callbacks are run and the young garbage of making data is collected, so that each contender
  pays for its own. What is shown are medians.
- Batches come from a real \`MeterProvider\` with delta temporality; making them is not measured. Each turn has a batch of
  its own, because caches that know the objects already would favour the second contender. Large exports (100,000 points
  and more) consist of objects of the same shape, made without the SDK, whose memory would be in the way.
- Everything is done by the public API, with the dialect \`dogstatsd\`.
- The output of every contender is added up, number of points and sum of values, and an incomplete one is an error; at the
  receiver of datagrams a loss is shown instead.
- hot-shots and statsd-client are called once per data point. Apps that use them call them once per recording.

| | |
| --- | --- |
| processor | ${processor} |
| memory | ${memory} |
| system | ${system} |
| load of the last 1, 5 and 15 minutes | ${load} |
| Node.js | ${node} |
| packages | ${versions.join(', ')} |
`;
}

function sectionOf({ title, text, tables }) {
  const parts = tables.flatMap((table) => [
    `**${table.title}**`,
    markdownTable(table),
    ...(table.note ? [wrapped(table.note)] : []),
  ]);
  return [`## ${title}`, ...(text ? [wrapped(text)] : []), ...parts].join('\n\n');
}

/** As the other pages are. */
const LINE = 115;

function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= LINE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

// How long an export keeps everything else in the process waiting.
import { otlpProtobuf } from '../contenders/otlp.js';
import { prometheus } from '../contenders/prometheus.js';
import { thisPackage } from '../contenders/this-package.js';
import { largeBatch, scalarSource } from '../lib/corpus.js';
import { interleave } from '../lib/interleave.js';
import { LoopWatch } from '../lib/loop-watch.js';
import { finish, sendProgress } from '../lib/processes.js';
import { amount, isQuick } from '../lib/section.js';
import { count, figure, median } from '../lib/statistics.js';
import { warmUp } from '../lib/warm-up.js';

const sizes = isQuick
  ? [{ points: 5_000, rounds: 1 }]
  : [
      { points: 100_000, rounds: 5 },
      { points: 1_000_000, rounds: 3 },
    ];

const watch = new LoopWatch();
const ours = thisPackage();
const contenders = [ours, otlpProtobuf(), prometheus()];

await warmUp(contenders, { points: amount(15_000, 1_500), exports: amount(20, 1) });

const rows = [];
const holds = [];
for (const { points, rounds } of sizes) {
  let batch;
  let batchOfRound;
  const found = await interleave(
    contenders,
    async (contender, round) => {
      if (batchOfRound !== round) {
        batch = await largeBatch(points);
        batchOfRound = round;
      }
      return watch.watch(() => contender.run(batch));
    },
    { rounds, onRound: (round) => sendProgress(`${count(points)} points, round ${round + 1} of ${rounds}`) },
  );
  for (const { name } of contenders) {
    const of = (property) => found.get(name).map((turn) => turn[property]);
    const [own, collection, total] = [of('own'), of('collection'), of('total')].map(median);
    rows.push([
      `${name}, ${count(points)} points`,
      figure(own),
      figure(Math.max(...of('own'))),
      figure(collection),
      figure(median(of('longest'))),
      figure(total),
    ]);
    holds.push({ name, points, value: own });
  }
}
for (const contender of contenders) await contender.close();

const collectTurns = [];
const source = scalarSource({ points: sizes[0].points });
for (let turn = 0; turn < amount(3, 1); turn += 1) collectTurns.push((await source()).collectMillis);

const holdAt = (points) =>
  holds.find((hold) => hold.name === ours.name && hold.points === points)?.value ?? NaN;

finish({
  text: 'An export should not be noticed by the requests that a server answers meanwhile.',
  tables: [
    {
      title: 'Longest time in which nothing else ran, in ms',
      head: ['', 'own', 'own, worst', 'collection', 'together', 'whole export'],
      rows,
      note:
        'Own: the longest turn of the event loop without the garbage collections in it, and on Linux without the time in ' +
        'which other processes had the processor; collection: the longest of these, which also has to do with the memory ' +
        'of everything else in the process. Medians of ' +
        `${sizes.map(({ rounds }) => rounds).join(' and ')} rounds. For comparison: collecting ${count(sizes[0].points)} ` +
        `points, which the SDK does before each export in one go, takes ${figure(median(collectTurns))} ms.`,
    },
  ],
  figures: { 'eventLoop.hold100k': holdAt(100_000), 'eventLoop.hold1M': holdAt(1_000_000) },
  charts: { holds },
});

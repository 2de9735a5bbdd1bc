// Whether a data point costs the same in large exports.
import { hotShots } from '../contenders/hot-shots.js';
import { otlpProtobuf } from '../contenders/otlp.js';
import { prometheus } from '../contenders/prometheus.js';
import { thisPackage } from '../contenders/this-package.js';
import { largeBatch } from '../lib/corpus.js';
import { interleave } from '../lib/interleave.js';
import { finish, sendProgress } from '../lib/processes.js';
import { amount, isQuick } from '../lib/section.js';
import { count, figure, median } from '../lib/statistics.js';
import { perPoint } from '../lib/stopwatch.js';
import { warmUp } from '../lib/warm-up.js';

const sizes = isQuick
  ? [{ points: 1_000, rounds: 1 }]
  : [
      { points: 10_000, rounds: 9 },
      { points: 100_000, rounds: 5 },
      { points: 1_000_000, rounds: 3 },
    ];

const contenders = [thisPackage(), otlpProtobuf(), hotShots(), prometheus()];
await warmUp(contenders, { points: amount(15_000, 1_500), exports: amount(20, 1) });

const scale = new Map(contenders.map(({ name }) => [name, []]));
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
      return perPoint(points, () => contender.run(batch));
    },
    { rounds, onRound: (round) => sendProgress(`${count(points)} points, round ${round + 1} of ${rounds}`) },
  );
  for (const { name } of contenders) {
    scale.get(name).push({ points, value: median(found.get(name).map(({ thread }) => thread)) });
  }
}
for (const contender of contenders) await contender.close();

finish({
  text: 'From a small service to a process with a million series.',
  tables: [
    {
      title: 'CPU time per data point by the size of the export, in ns',
      head: ['', ...sizes.map(({ points }) => `${count(points)} points`)],
      rows: contenders.map(({ name }) => [name, ...scale.get(name).map(({ value }) => figure(value))]),
      note:
        'Counters and gauges as above, 1,000 series per instrument. Medians of ' +
        `${sizes.map(({ rounds }) => rounds).join(', ')} interleaved rounds.`,
    },
  ],
  figures: {},
  charts: { scale: contenders.map(({ name }) => ({ name, values: scale.get(name) })) },
});

// From data points to lines in memory, side by side with what else serialises the same points.
import { hotShots } from '../contenders/hot-shots.js';
import { otlpJson, otlpProtobuf } from '../contenders/otlp.js';
import { prometheus } from '../contenders/prometheus.js';
import { thisPackage } from '../contenders/this-package.js';
import { scalarSource } from '../lib/corpus.js';
import { interleave } from '../lib/interleave.js';
import { finish, sendProgress } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count, figure, median, spread, times } from '../lib/statistics.js';
import { perPoint } from '../lib/stopwatch.js';
import { difference } from '../lib/totals.js';
import { warmUp } from '../lib/warm-up.js';

const points = amount(15_000, 1_500);
const rounds = amount(11, 2);
const warmUps = amount(3, 1);

const contenders = [thisPackage(), otlpProtobuf(), otlpJson(), hotShots(), prometheus()];

async function measureOrder(order) {
  const nextBatch = scalarSource({ points, order });
  for (const contender of contenders) {
    const batch = await nextBatch();
    const problem = difference(await contender.totals(batch), batch);
    if (problem !== '') throw new Error(`output of ${contender.name} is incomplete: ${problem}`);
  }
  return interleave(
    contenders,
    async (contender) => {
      // A new batch for each contender: attributes that another has read would be in the CPU caches.
      const batch = await nextBatch();
      return perPoint(points, () => contender.run(batch));
    },
    { rounds, warmUps, onRound: (round) => sendProgress(`${order} order, round ${round + 1} of ${rounds}`) },
  );
}

await warmUp(contenders, { points, exports: amount(20, 1) });
const shuffled = await measureOrder('shuffled');
const stable = await measureOrder('stable');
for (const contender of contenders) await contender.close();

const [ours] = contenders;
const wall = (found, name) => median(found.get(name).map((turn) => turn.wall));
const time = (found, name) => median(found.get(name).map((turn) => turn.thread));
const ratio = (found, name) => time(found, name) / time(found, ours.name);

finish({
  text:
    'Data points in, bytes in memory out. The exposition format of Prometheus and OTLP carry other things than StatsD lines ' +
    'do, so this compares what an app pays, not who is the better programmer.',
  tables: [
    {
      title: 'CPU time of the main thread per data point, in ns',
      head: ['', 'new order', 'min…max', 'ratio', 'same order', 'ratio', 'by the clock'],
      rows: contenders.map(({ name }) => [
        name,
        figure(time(shuffled, name)),
        spread(shuffled.get(name).map((turn) => turn.thread)),
        times(ratio(shuffled, name)),
        figure(time(stable, name)),
        times(ratio(stable, name)),
        figure(wall(shuffled, name)),
      ]),
      note:
        `${count(points)} points, two thirds counters and one third gauges, four attributes, delta temporality; ` +
        'attributes objects are new at each export, in a new order or in the same. By the clock: in a new order, too. ' +
        `Ours until the last line is written to a stream. Medians of ${rounds} interleaved rounds.`,
    },
  ],
  figures: {
    'formatting.prometheus': ratio(shuffled, 'PrometheusSerializer'),
    'formatting.otlp': ratio(shuffled, 'OTLP protobuf'),
    'formatting.hotShots': ratio(shuffled, 'hot-shots'),
    'formatting.newOrder': time(shuffled, ours.name) / time(stable, ours.name),
  },
  charts: { formatting: contenders.map(({ name }) => ({ name, value: time(shuffled, name) })) },
});

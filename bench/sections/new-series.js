// Whether an export costs the same after millions of series have come and gone.
import { thisPackage } from '../contenders/this-package.js';
import { distinctBatch } from '../lib/corpus.js';
import { interleave } from '../lib/interleave.js';
import { finish, sendProgress } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count, figure, median, times } from '../lib/statistics.js';
import { perPoint } from '../lib/stopwatch.js';

const points = amount(19_000, 1_900);
const exports = amount(105, 8);
const warmUps = amount(5, 1);
/** Exports that one figure is the median of. */
const span = amount(10, 2);

const contenders = [
  thisPackage({ name: 'dogstatsd, whole numbers' }),
  // Telegraf has no fractions in counters, so that the rest is kept for each series.
  { ...thisPackage({ name: 'telegraf, fractions', dialect: 'telegraf' }), value: 1.3 },
  // A count for each second is kept for each series.
  thisPackage({ name: 'dogstatsd, timestamps', timestamps: true }),
];

const found = await interleave(
  contenders,
  async ({ run, value = 1 }, round) => {
    const batch = await distinctBatch(points, (round + warmUps) * points, value);
    return (await perPoint(points, () => run(batch))).thread;
  },
  {
    rounds: exports,
    warmUps,
    onRound: (round) => sendProgress(`${count((round + 1) * points)} series`),
  },
);
for (const contender of contenders) await contender.close();

const ends = Array.from({ length: 4 }, (_, index) => span + Math.round((index * (exports - span)) / 3));
const medianAt = (name, end) => median(found.get(name).slice(end - span, end));
const growth = (name) => Math.max(...ends.map((end) => medianAt(name, end))) / medianAt(name, ends[0]);

finish({
  text:
    'Users, pods and requests in attributes make new series all the time. What is kept of each series is bounded, and to ' +
    'forget one must not take longer the more have been forgotten.',
  tables: [
    {
      title: 'CPU time per data point by the number of series so far, in ns',
      head: ['', ...ends.map((end) => `${count((end + warmUps) * points)} series`), 'growth'],
      rows: contenders.map(({ name }) => [
        name,
        ...ends.map((end) => figure(medianAt(name, end))),
        times(growth(name)),
      ]),
      note:
        `Counters; each export brings ${count(points)} new series and none of the earlier ones. Medians of ${span} exports, ` +
        'interleaved.',
    },
  ],
  figures: { 'newSeries.growth': Math.max(...contenders.map(({ name }) => growth(name))) },
  charts: {},
});

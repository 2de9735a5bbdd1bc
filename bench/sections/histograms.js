// What a histogram costs. Peers without histograms of their own send every recording instead.
import { StatsD } from 'hot-shots';
import { otlpProtobuf } from '../contenders/otlp.js';
import { prometheus } from '../contenders/prometheus.js';
import { thisPackage } from '../contenders/this-package.js';
import { histogramBatch } from '../lib/corpus.js';
import { interleave } from '../lib/interleave.js';
import { NullSink } from '../lib/null-sink.js';
import { finish, sendProgress } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count, figure, median, spread } from '../lib/statistics.js';
import { perPoint } from '../lib/stopwatch.js';
import { StatsdTotals } from '../lib/totals.js';

const series = amount(300, 60);
const recordings = amount(1_000, 200);
const rounds = amount(9, 1);
const warmUps = amount(4, 1);

const exponential = await histogramBatch({ series, recordings });
const explicit = await histogramBatch({ series, recordings, isExponential: false });

const packed = thisPackage({ name: 'samples, packed (dogstatsd)', histograms: 'samples' });
const uniform = thisPackage({
  name: 'samples, uniform (statsd)',
  dialect: 'statsd',
  histograms: 'samples',
});
const summary = thisPackage({ name: 'summary', histograms: 'summary' });
const buckets = thisPackage({ name: 'buckets', histograms: 'buckets' });
const otlp = otlpProtobuf();
const contenders = [
  packed,
  uniform,
  summary,
  buckets,
  otlp,
  { ...prometheus({ name: 'PrometheusSerializer, default boundaries' }), batch: explicit },
  callPerRecording(),
];

/** The price of a client call for every recording, not of one per histogram. */
function callPerRecording() {
  const sink = new NullSink();
  const client = new StatsD({ protocol: 'stream', stream: sink, maxBufferSize: 1432 });
  return {
    name: `hot-shots, ${recordings} calls`,
    sink,
    run({ metrics }) {
      for (const { descriptor, dataPoints } of metrics.scopeMetrics[0].metrics) {
        for (const { value, attributes } of dataPoints) {
          for (let call = 0; call < value.count; call += 1) {
            client.distribution(descriptor.name, value.min + call / 16, attributes);
          }
        }
      }
    },
    close: () => new Promise((resolve) => client.close(resolve)),
  };
}

/** Lines and bytes of one export; every series must be in it. */
async function sizeOf(contender) {
  if (contender.sink === undefined) return { lines: '–', bytes: '–' };
  contender.sink.kept = [];
  await contender.run(exponential);
  const { kept } = contender.sink;
  contender.sink.kept = undefined;
  const totals = new StatsdTotals();
  for (const piece of kept) totals.addPiece(piece);
  if (totals.points < series) throw new Error(`${contender.name} is incomplete: ${totals.points} lines`);
  const bytes = kept.reduce((sum, piece) => sum + piece.length, 0);
  return { lines: count(Math.round(totals.points / series)), bytes: count(bytes / series) };
}

const sizes = new Map();
for (const contender of contenders) sizes.set(contender.name, await sizeOf(contender));

const found = await interleave(
  contenders,
  (contender) => perPoint(series, () => contender.run(contender.batch ?? exponential)),
  { rounds, warmUps, onRound: (round) => sendProgress(`round ${round + 1} of ${rounds}`) },
);
for (const contender of contenders) await contender.close();

const micros = (name) => found.get(name).map(({ thread }) => thread / 1_000);
const againstOtlp = (name) => median(micros(name)) / median(micros(otlp.name));

finish({
  text:
    'One histogram point stands for any number of recordings, so its cost does not grow with them; a client without ' +
    'histograms of its own sends a line for each recording.',
  tables: [
    {
      title: 'CPU time per histogram, in µs',
      head: ['', 'time', 'min…max', 'lines', 'bytes'],
      rows: contenders.map(({ name }) => {
        const { lines, bytes } = sizes.get(name);
        return [name, figure(median(micros(name))), spread(micros(name)), lines, bytes];
      }),
      note:
        `${count(series)} exponential histograms of 160 buckets with ${count(recordings)} recordings each, text included. ` +
        `Medians of ${rounds} interleaved rounds.`,
    },
  ],
  figures: {
    'histograms.packed': againstOtlp(packed.name),
    'histograms.uniform': againstOtlp(uniform.name),
    'histograms.summary': againstOtlp(summary.name),
    'histograms.buckets': againstOtlp(buckets.name),
  },
  charts: {},
});

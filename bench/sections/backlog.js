// What exports cost while the server takes nothing, when deltas are merged per series, and what it takes to catch up.
import { Writable } from 'node:stream';
import { StatsdExporter } from '../../dist/esm/index.js';
import { otlpProtobuf } from '../contenders/otlp.js';
import { scalarSource } from '../lib/corpus.js';
import { finish, sendProgress } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count, figure, median, spread } from '../lib/statistics.js';
import { perPoint } from '../lib/stopwatch.js';

const points = amount(15_000, 1_500);
const rounds = amount(5, 1);
const exportsWhileAway = amount(6, 2);

/** Takes nothing until it is told to. */
class StandingSink extends Writable {
  #release;
  #isOpen = false;

  _write(_chunk, _encoding, callback) {
    if (this.#isOpen) callback();
    else this.#release = callback;
  }

  open() {
    this.#isOpen = true;
    this.#release?.();
  }
}

async function outage(nextBatch) {
  const stream = new StandingSink();
  const exporter = new StatsdExporter({
    dialect: 'dogstatsd',
    stream,
    resourceTags: [],
    // One export fills the queue, and all after it are merged.
    queue: { softBytes: 65_536, maxBytes: 2 ** 30, maxSeries: 10 ** 6 },
  });
  const export_ = async () => {
    const { metrics } = await nextBatch();
    const { thread } = await perPoint(
      points,
      () => new Promise((resolve) => exporter.export(metrics, resolve)),
    );
    return thread;
  };
  await export_();
  const added = await export_();
  const merged = [];
  for (let turn = 0; turn < exportsWhileAway; turn += 1) merged.push(await export_());
  const { coalescedPoints, backlogSeries } = exporter.stats();
  if (coalescedPoints + backlogSeries !== (1 + exportsWhileAway) * points) {
    throw new Error(`${coalescedPoints} points were merged into ${backlogSeries} series: some are missing`);
  }
  const { thread: drained } = await perPoint(backlogSeries, () => {
    stream.open();
    return exporter.forceFlush();
  });
  const { writtenLines } = exporter.stats();
  if (writtenLines !== points + backlogSeries) {
    throw new Error(`${writtenLines} lines came of ${points} points and ${backlogSeries} merged series`);
  }
  await exporter.shutdown();
  return { added, merged: median(merged), drained };
}

const otlp = otlpProtobuf();

/** As many exports as in an outage. */
async function serialised(nextBatch) {
  const times = [];
  for (let turn = 0; turn < 2 + exportsWhileAway; turn += 1) {
    const batch = await nextBatch();
    times.push((await perPoint(points, () => otlp.run(batch))).thread);
  }
  return median(times);
}

const nextBatch = scalarSource({ points });
const turns = [];
for (let round = 0; round < rounds + 1; round += 1) {
  sendProgress(`outage ${round} of ${rounds}`);
  const turn = { ...(await outage(nextBatch)), otlp: await serialised(nextBatch) };
  if (round > 0) turns.push(turn);
}

const times = (property) => turns.map((turn) => turn[property]);
const againstOtlp = (property) => median(times(property)) / median(times('otlp'));

const row = (title, property) => {
  const values = times(property);
  return [title, figure(median(values)), spread(values)];
};

finish({
  text:
    'While the server takes nothing, further exports are merged per series instead of written as lines, so that an outage ' +
    'of any length costs memory by series only.',
  tables: [
    {
      title: 'CPU time per data point, in ns',
      head: ['', 'time', 'min…max'],
      rows: [
        row('first point of a series that has to wait', 'added'),
        row('further point, merged into it', 'merged'),
        row('line of a series that waited, once the server is back', 'drained'),
        row('for comparison: OTLP protobuf, serialised', 'otlp'),
      ],
      note: `${count(points)} counters and gauges as above; medians of ${rounds} outages.`,
    },
  ],
  figures: { 'backlog.first': againstOtlp('added'), 'backlog.merged': againstOtlp('merged') },
  charts: {},
});

// What it costs to make one of several processes: a worker hands its points over, the primary adds them up.
import { EventEmitter } from 'node:events';
import { ClusterAggregator, ClusterWorkerExporter } from '../../dist/esm/cluster.js';
import { otlpProtobuf } from '../contenders/otlp.js';
import { histogramBatch, scalarSource } from '../lib/corpus.js';
import { interleave } from '../lib/interleave.js';
import { finish, sendProgress, startModule } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count, figure, median, spread } from '../lib/statistics.js';

const points = 1_000;
const repeats = amount(30, 2);
const rounds = amount(11, 2);
const warmUps = amount(3, 1);
const roundTripMillis = amount(3_000, 200);

const OURS = 'opentelemetry-exporter-statsd';

/** A worker whose messages are turned into text, as a pipe does, and acknowledged. */
function openWorker() {
  let sent = '';
  const exporter = new ClusterWorkerExporter({
    channel: ({ onOpen, onMessage }) => {
      const say = (message) => queueMicrotask(() => onMessage({ [OURS]: 1, to: '*', ...message }));
      queueMicrotask(onOpen);
      return {
        send(message, written) {
          written();
          if (message.kind === 'hello') say({ kind: 'welcome', aggregator: 'bench' });
          if (message.kind !== 'batch') return;
          sent = JSON.stringify(message);
          say({ kind: 'acknowledged', sequence: message.sequence, accepted: true });
        },
        close() {},
      };
    },
  });
  return {
    async export(batch) {
      await new Promise((resolve) => exporter.export(batch, resolve));
      await exporter.forceFlush();
      return sent;
    },
  };
}

/** A primary with one worker at the other end of a pipe, of which only the text is there. */
function openPrimary() {
  const exporter = {
    export: (_metrics, resultCallback) => resultCallback({ code: 0 }),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const aggregator = new ClusterAggregator({ exporter, cluster: false, exportIntervalMillis: 1_000_000 });
  const child = Object.assign(new EventEmitter(), { connected: true, send: () => true });
  aggregator.attachProcess(child);
  let sequence = 0;
  return {
    receive(text) {
      sequence += 1;
      child.emit('message', { ...JSON.parse(text), sequence });
    },
    export: () => aggregator.forceFlush(),
  };
}

async function nanosPerPoint(run) {
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / (repeats * points);
}

async function contendersFor(name, batch) {
  const worker = openWorker();
  const [received, exported] = [openPrimary(), openPrimary()];
  const text = await worker.export(batch);
  return [
    { name: `${name}, worker: merged and sent`, run: () => worker.export(batch) },
    { name: `${name}, primary: read and added`, run: () => received.receive(text) },
    {
      name: `${name}, primary: read, added and exported each time`,
      run: async () => {
        exported.receive(text);
        await exported.export();
      },
    },
  ];
}

const scalars = await scalarSource({ points })();
const histograms = await histogramBatch({ series: points, recordings: amount(100, 5) });
const protobuf = otlpProtobuf();
const otlp = { name: 'counters and gauges, OTLP protobuf', run: () => protobuf.run(scalars) };
const contenders = [
  ...(await contendersFor('counters and gauges', scalars.metrics)),
  ...(await contendersFor('exponential histograms', histograms.metrics)),
  otlp,
];
const found = await interleave(contenders, ({ run }) => nanosPerPoint(run), {
  rounds,
  warmUps,
  onRound: (round) => sendProgress(`cluster, round ${round + 1} of ${rounds}`),
});

/** Batches that a real worker hands over in a second, one after the other, each acknowledged. */
async function roundTrips() {
  const child = startModule('processes/cluster-worker.js', { points, millis: roundTripMillis });
  const aggregator = new ClusterAggregator({
    exporter: {
      export: (_metrics, resultCallback) => resultCallback({ code: 0 }),
      forceFlush: async () => {},
      shutdown: async () => {},
    },
    cluster: false,
    exportIntervalMillis: 1_000,
  });
  aggregator.attachProcess(child);
  const result = await new Promise((resolve, reject) => {
    child.on('message', (message) => 'batchesPerSecond' in message && resolve(message));
    child.on('exit', () => reject(new Error('the worker ended without a result')));
  });
  child.removeAllListeners('exit');
  child.kill();
  await aggregator.shutdown();
  return result.batchesPerSecond;
}

sendProgress('cluster, a worker in a process of its own');
const perSecond = await roundTrips();
const nanos = (name) => median(found.get(name));

finish({
  text:
    'With `./cluster` the figures of several processes become one. Each worker pays for merging and handing over ' +
    'instead of making lines; the primary pays for every worker’s points.',
  tables: [
    {
      title: 'CPU time per data point, in ns',
      head: ['', 'median', 'min…max'],
      rows: contenders.map(({ name }) => [name, figure(nanos(name)), spread(found.get(name))]),
      note: `Batches of ${points} series, text to and from JSON included; medians of ${rounds} interleaved rounds.`,
    },
    {
      title: 'One worker over an IPC channel, as fast as it goes',
      head: ['', 'per second'],
      rows: [
        ['batches, each acknowledged', count(perSecond)],
        ['data points', count(perSecond * points)],
      ],
    },
  ],
  figures: {
    'cluster.worker': nanos(contenders[0].name) / nanos(otlp.name),
    'cluster.primary': nanos(contenders[1].name),
  },
});

// A worker that hands over the same batch again and again, and tells how often in a second.
import { ClusterWorkerExporter } from '../../dist/esm/cluster.js';
import { scalarSource } from '../lib/corpus.js';
import { taskOf } from '../lib/processes.js';

const { points, millis } = taskOf();
const { metrics } = await scalarSource({ points })();
const exporter = new ClusterWorkerExporter();
const handOver = async () => {
  await new Promise((resolve) => exporter.export(metrics, resolve));
  await exporter.forceFlush();
};
for (let warmUp = 0; warmUp < 20; warmUp += 1) await handOver();
const startedAt = performance.now();
let batches = 0;
for (; performance.now() - startedAt < millis; batches += 1) await handOver();
process.send({ batchesPerSecond: (batches * 1_000) / (performance.now() - startedAt) });

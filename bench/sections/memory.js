// What exports leave to the garbage collector, and what stays for good.
import { once } from 'node:events';
import { PerformanceObserver } from 'node:perf_hooks';
import { CLIENTS } from '../contenders/clients.js';
import { hotShots } from '../contenders/hot-shots.js';
import { otlpProtobuf } from '../contenders/otlp.js';
import { prometheus } from '../contenders/prometheus.js';
import { thisPackage } from '../contenders/this-package.js';
import { scalarSource } from '../lib/corpus.js';
import { collectGarbage } from '../lib/garbage.js';
import { settle } from '../lib/interleave.js';
import { finish, runModule, sendProgress, startModule } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count, figure, median, megabytes, spread } from '../lib/statistics.js';

const points = amount(15_000, 1_500);
const warmUps = amount(30, 2);
const rounds = amount(5, 1);
const distinctValues = amount(1_000_000, 10_000);

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
observer.observe({ entryTypes: ['gc'] });

/** New objects and new memory of buffers, in bytes per point; undefined when a collection took some away again. */
async function allocatedBy(contender, batch) {
  await collectGarbage();
  collections = 0;
  const before = process.memoryUsage();
  await contender.run(batch);
  const after = process.memoryUsage();
  await settle();
  if (collections > 0) return undefined;
  return {
    heap: (after.heapUsed - before.heapUsed) / points,
    buffers: (after.arrayBuffers - before.arrayBuffers) / points,
  };
}

const receiver = startModule('processes/receiver.js', {});
const [{ unix }] = await once(receiver, 'message');

/** A stream of the app's may keep what it is given; what is delivered to a server leaves its memory behind. */
function toServer() {
  const { send, close } = CLIENTS.thisPackage({ endpoint: `unix://${unix}`, pacing: false });
  return { name: 'this package, to a server', run: ({ metrics }) => send(metrics), close };
}

const ours = thisPackage();
const oursToServer = toServer();
const contenders = [ours, oursToServer, otlpProtobuf(), hotShots(), prometheus()];
const nextBatch = scalarSource({ points });
const allocated = new Map();
for (const contender of contenders) {
  sendProgress(`allocation of ${contender.name}`);
  for (let turn = 0; turn < warmUps; turn += 1) await contender.run(await nextBatch());
  const turns = [];
  for (let turn = 0; turn < rounds; turn += 1) turns.push(await allocatedBy(contender, await nextBatch()));
  allocated.set(
    contender.name,
    turns.filter((turn) => turn !== undefined),
  );
  await contender.close();
}

receiver.disconnect();

const retained = await runModule(
  'processes/retained.js',
  { values: distinctValues },
  { onProgress: sendProgress },
);

const heap = (name) => allocated.get(name).map((turn) => turn.heap);
const buffers = (name) => allocated.get(name).map((turn) => turn.buffers);

finish({
  text:
    'Whatever is allocated is collected later, on the time of the app. What is kept must not grow with the number of ' +
    'attribute values that ever occurred.',
  tables: [
    {
      title: 'Allocated by an export, in bytes per data point',
      head: ['', 'objects', 'min…max', 'buffers'],
      rows: contenders.map(({ name }) => {
        if (allocated.get(name).length === 0) return [name, '–', '–', '–'];
        return [name, figure(median(heap(name))), spread(heap(name)), figure(median(buffers(name)))];
      }),
      note:
        `${count(points)} counters and gauges, after ${warmUps} exports to warm up; medians of ${rounds} exports during which ` +
        'no garbage was collected. Buffers are outside of the JavaScript heap; they hold the lines.',
    },
    {
      title: 'Kept for good, in MB',
      head: ['', 'objects', 'buffers'],
      rows: [
        [
          `after ${count(distinctValues)} distinct values of one attribute`,
          megabytes(retained.heap),
          megabytes(retained.buffers),
        ],
      ],
    },
  ],
  figures: {
    'memory.toStream': median(heap(ours.name)),
    'memory.toServer': median(heap(oursToServer.name)),
    'memory.kept': (retained.heap + retained.buffers) / 2 ** 20,
  },
  charts: {},
});

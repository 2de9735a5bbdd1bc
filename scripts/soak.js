// Chaos soak: an exporter that sends some 5,000 lines a second to a server that dies, ends, stalls, resets, turns
// clients away or stays away, at random, every few seconds. Ends with the books of both sides, and with exit code 1
// when they do not agree: a line that is in no place of the exporter's books, more lines lost than the servers
// that were killed can have read and not processed, or lines that came twice without being counted as possibly so. The heap
// after collection is shown every minute, without the bytes that wait; exit code 1 when it keeps growing.
//
//   npm run soak -- --minutes 10 [--seed 1] [--lines-per-second 5000]

import { parseArgs } from 'node:util';
import { StatsdExporter } from '../dist/esm/index.js';
import { numberedCounters } from '../test/faults/support/counters.js';
import { seededRandom } from '../test/faults/support/seeded-random.js';
import { breakNow } from './soak/faults.js';
import { HeapTrend } from './soak/heap.js';
import { compareLines, invariantFault, printLedger } from './soak/ledger.js';
import { LineServer } from './soak/line-server.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    'lines-per-second': { type: 'string', default: '5000' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const linesPerSecond = Number(values['lines-per-second']);

const EXPORT_MILLIS = 200;
const PROGRESS_MILLIS = 10_000;
const HEAP_MILLIS = 60_000;
/** Caches are full and code is compiled by then. */
const WARM_UP_MILLIS = Math.min(60_000, minutes * 10_000);

/** A machine that cannot keep up sends less, not ever larger exports. */
const MAX_EXPORT_MILLIS = 5_000;

/** More than even a soak that delivers nothing would fill in ten minutes. */
const QUEUE_BYTES = 512 * 2 ** 20;

/** On a busy machine a lot may wait at the end. */
const FLUSH_MILLIS = 600_000;

const random = seededRandom(seed);
const server = new LineServer();
await server.start();
const exporter = new StatsdExporter({
  endpoint: `tcp://127.0.0.1:${server.port}`,
  dialect: 'dogstatsd',
  // Lines of about 100 bytes.
  tags: { filler: 'x'.repeat(75) },
  resourceTags: [],
  // Every line is a series of its own; merging them would save nothing.
  queue: { softBytes: QUEUE_BYTES, maxBytes: QUEUE_BYTES },
  flushTimeoutMillis: FLUSH_MILLIS,
});

const startedAt = performance.now();
const elapsed = () => performance.now() - startedAt;
const problems = new Set();
const faults = {};
let sent = 0;
let warmMemory;

console.log(`soak for ${minutes} minutes, ${linesPerSecond} lines/s, seed ${seed}`);

let isExporting = false;
const exporting = setInterval(exportSome, EXPORT_MILLIS);
const reporting = setInterval(report, PROGRESS_MILLIS);
const heap = new HeapTrend();
let isHeapDue = false;
const measuring = setInterval(
  () => {
    isHeapDue = true;
  },
  Math.min(HEAP_MILLIS, (minutes * 60_000) / 6),
);
await breakThings();
clearInterval(exporting);
clearInterval(measuring);
console.log('no more faults; flushing');
await exporter.forceFlush();
clearInterval(reporting);
report();
await exporter.shutdown();
const stats = exporter.stats();
const { kills } = server;
const memory = process.memoryUsage();
await server.kill();

const lines = compareLines(server.recordFiles, sent);
server.removeRecords();
/** Lost, and not because the exporter dropped them. */
const unexplained = lines.lost - Object.values(stats.droppedLines).reduce((sum, count) => sum + count, 0);
/** Node.js reads so many bytes at once. */
const readBufferLines = Math.ceil(65_536 / (stats.offeredBytes / stats.offeredLines));
check(heap.fault);
check(invariantFault(stats));
check(stats.queuedLines + stats.inFlightLines > 0 && 'lines are left although the flush had ten minutes');
check(lines.foreign > 0 && `${lines.foreign} lines at the server that were never sent`);
check(
  unexplained > kills * readBufferLines &&
    'more lines lost than killed servers can have had in their read buffers',
);
check(lines.duplicated > stats.maybeDuplicatedLines && 'more duplicates than were counted as possible');
printLedger({ stats, sent, lines, kills, faults, warmMemory, memory });
for (const problem of problems) console.log(`PROBLEM: ${problem}`);
console.log(problems.size === 0 ? 'the books agree' : 'the books do not agree');
process.exit(problems.size === 0 ? 0 : 1);

/** Like PeriodicExportingMetricReader waits for the answer to the last export. */
function exportSome() {
  if (isExporting) return;
  // An export in progress holds its collection, which is large after a pause.
  if (isHeapDue) reportHeap();
  // Made up for, when a timer is late.
  const behind = Math.floor((elapsed() / 1_000) * linesPerSecond) - sent;
  const due = Math.min(behind, Math.ceil((MAX_EXPORT_MILLIS / 1_000) * linesPerSecond));
  if (due <= 0) return;
  const batch = numberedCounters(due, sent);
  sent += due;
  isExporting = true;
  exporter.export(batch, ({ code, error }) => {
    isExporting = false;
    check(code !== 0 && `an export failed: ${error?.message}`);
  });
  check(invariantFault(exporter.stats()));
}

async function breakThings() {
  while (elapsed() < minutes * 60_000) {
    await new Promise((resolve) => setTimeout(resolve, 500 + random() * 2_500));
    const fault = await breakNow(server, random);
    faults[fault] = (faults[fault] ?? 0) + 1;
  }
}

function report() {
  const { state, confirmedLines, queuedLines, inFlightLines, resentLines, droppedLines } = exporter.stats();
  const { rss, heapUsed } = process.memoryUsage();
  if (warmMemory === undefined && elapsed() >= WARM_UP_MILLIS) warmMemory = process.memoryUsage();
  const seconds = Math.round(elapsed() / 1_000);
  console.log(
    `${seconds} s  sent ${sent}  confirmed ${confirmedLines}  queued ${queuedLines + inFlightLines}  ` +
      `resent ${resentLines}  dropped ${JSON.stringify(droppedLines)}  kills ${server.kills}  ${state}  ` +
      `rss ${Math.round(rss / 1e6)} MB  heap ${Math.round(heapUsed / 1e6)} MB`,
  );
}

function reportHeap() {
  isHeapDue = false;
  const minute = elapsed() / 60_000;
  const { queuedBytes } = exporter.stats();
  const { heapUsed, arrayBuffers, bytes } = heap.sample(minute, queuedBytes);
  const megabytes = (count) => `${(count / 1e6).toFixed(1)} MB`;
  console.log(
    `minute ${minute.toFixed(1)}: after collection heap ${megabytes(heapUsed)}, buffers ${megabytes(arrayBuffers)}, ` +
      `without what is queued ${megabytes(bytes)}; trend ${megabytes(heap.bytesPerMinute)} per minute`,
  );
}

function check(problem) {
  if (problem) problems.add(problem);
}

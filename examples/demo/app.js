// An ordinary HTTP service that knows nothing of metrics libraries. It keeps its own plain record of what it did, which
// the demo compares with what StatsD reports.
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

const routes = {
  'GET /': { status: 200, waitMillis: 8 },
  'GET /report': { status: 200, waitMillis: 20, rowsToSort: 200 },
  'POST /orders': { status: 201, waitMillis: 14 },
  'GET /missing': { status: 404, waitMillis: 5 },
  'GET /broken': { status: 500, waitMillis: 11 },
};

/** One request in twenty-five is slow, so that p99 has something to show. */
function varied(millis) {
  return millis * (0.7 + 0.6 * Math.random()) * (Math.random() < 0.04 ? 3 : 1);
}

const latencies = {};
const samples = { utilization: [], heapUsed: [] };
let openRequests = 0;
let isReportDue = false;

const server = createServer(async (request, response) => {
  const startedAt = performance.now();
  openRequests++;
  const { status, waitMillis, rowsToSort = 0 } = routes[`${request.method} ${request.url}`];
  response.on('close', () => {
    const series = `${request.method} ${status}`;
    latencies[series] ??= [];
    latencies[series].push(performance.now() - startedAt);
    openRequests--;
    reportIfIdle();
  });
  await wait(varied(waitMillis));
  const rows = Array.from({ length: rowsToSort }, () => Math.random()).sort();
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ rows: rows.length }));
});

// The demo keeps its connections to the end. A time limit would close one just as the next request goes out on it.
server.keepAliveTimeout = 0;

let utilization = performance.eventLoopUtilization();
function sampleRuntime() {
  const now = performance.eventLoopUtilization();
  samples.utilization.push(performance.eventLoopUtilization(now, utilization).utilization);
  samples.heapUsed.push(process.memoryUsage().heapUsed);
  utilization = now;
}
setInterval(sampleRuntime, 100).unref();

function reportIfIdle() {
  if (!isReportDue || openRequests > 0) return;
  isReportDue = false;
  sampleRuntime();
  process.send({ latencies, samples, eventLoop: performance.eventLoopUtilization() });
}
process.on('message', () => {
  isReportDue = true;
  reportIfIdle();
});
// The demo is gone: so is the reason to run.
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

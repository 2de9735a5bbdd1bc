// `npm run demo`: a real app under real traffic exports to a real statsd; then what the app measured itself stands next to
// what StatsD reports. Ends with status 1 if the two differ.
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { REGISTER, startApp } from './app-process.js';
import { compare } from './compare.js';
import { createScreen } from './screen.js';
import { startStatsdDaemon } from './statsd-daemon.js';
import { sendTraffic } from './traffic.js';

const USAGE = `Usage: npm run demo -- [--tcp] [--requests N]

  --tcp          deliver over TCP instead of UDP
  --requests N   how many requests to send (default 2000)
`;

const LEGEND = `Counts must be equal, latencies within a bucket of the SDK's histogram.
≈ the next rank, another moment, or over 101 such requests per export.`;

// One line of each is shown as it arrived.
const SHOWN = [
  'http.server.request.duration.GET.none.200',
  'http.server.request.duration.POST.none.201',
  'http.server.request.duration.POST.none.201.sum',
  'nodejs.eventloop.utilization',
  'nodejs.eventloop.delay.p99',
  'v8js.memory.heap.used.old_space',
];

const screen = createScreen({ stream: process.stdout, env: process.env });
let daemon;
let app;
let isInterrupted = false;

async function main() {
  const { tcp, requests } = readArguments();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, endBySignal);
  // The reader has closed the pipe (`| head`); the children end with this process.
  process.stdout.once('error', () => process.exit(1));
  try {
    process.exitCode = (await run(tcp, requests)) ? 0 : 1;
  } catch (error) {
    if (isInterrupted) return;
    screen.endProgress();
    screen.verdict(false, error.message);
    if (app?.said()) screen.note(app.said());
    process.exitCode = 1;
  } finally {
    await endChildren();
  }
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { tcp: { type: 'boolean', default: false }, requests: { type: 'string', default: '2000' } },
    });
    const requests = Number(values.requests);
    if (!Number.isInteger(requests) || requests < 1)
      throw new Error('--requests takes a whole number above 0');
    return { tcp: values.tcp, requests };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function run(tcp, requests) {
  screen.title('opentelemetry-exporter-statsd · demo');
  // With this setting the daemon logs each line that it reads.
  daemon = await startStatsdDaemon({ config: { dumpMessages: true } });
  const endpoint = tcp ? `tcp://${daemon.host}:${daemon.tcpPort}` : `udp://${daemon.host}:${daemon.udpPort}`;
  app = await startApp({
    env: {
      OTEL_EXPORTER_STATSD_ENDPOINT: endpoint,
      OTEL_EXPORTER_STATSD_DIALECT: 'statsd',
      OTEL_EXPORTER_STATSD_PREFIX: 'demo',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    },
  });
  screen.fact('app', `node --import ${REGISTER} app.js`);
  screen.fact('server', `statsd 0.9.0 at ${endpoint}`);
  screen.fact('traffic', `${requests.toLocaleString('en-GB')} requests to http://127.0.0.1:${app.port}\n`);

  await sendTrafficWithProgress(requests);

  const measured = await app.ask('report');
  await app.end();
  await daemon.settle();
  // The daemon computes its figures in the flush it does when it ends: one for the whole run.
  const flush = await daemon.stop();

  const { sections, agrees, verdict } = compare(measured, flush);
  screen.lines('Some of the lines, as statsd read them', linesRead(daemon.output));
  screen.table(sections);
  screen.note(LEGEND);
  if (app.said() !== '') screen.note(`\nThe app said:\n${app.said()}`);
  screen.verdict(agrees, verdict);
  return agrees;
}

/** The newest of each name that is shown. */
function linesRead(log) {
  const lines = [...log.matchAll(/DEBUG: (demo\.\S+)$/gm)].map(([, line]) => line).reverse();
  return SHOWN.flatMap((name) => lines.find((line) => line.startsWith(`demo.${name}:`)) ?? []);
}

async function sendTrafficWithProgress(requests) {
  let answered = 0;
  const traffic = sendTraffic(app.port, requests, (count) => {
    answered = count;
  });
  const show = async () => {
    const { metricsReceived } = await daemon.ownCounters();
    screen.progress(answered, requests, `StatsD has read ${metricsReceived.toLocaleString('en-GB')} lines`);
  };
  do {
    await Promise.race([traffic, wait(screen.progressMillis)]);
    await show();
  } while (answered < requests);
  screen.endProgress();
}

async function endBySignal(signal) {
  isInterrupted = true;
  screen.endProgress();
  await endChildren();
  process.exit(128 + constants.signals[signal]);
}

async function endChildren() {
  await Promise.all([app?.kill(), daemon?.stop()]);
}

await main();

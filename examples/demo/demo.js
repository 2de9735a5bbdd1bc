// `npm run demo`: a real app under real traffic, exporting to a real statsd; then what the app measured itself next to
// what StatsD reports. Ends with status 1 if the two differ.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './compare.js';
import { createScreen } from './screen.js';
import { startStatsdDaemon } from './statsd-daemon.js';
import { sendTraffic } from './traffic.js';

const USAGE = `Usage: npm run demo -- [--tcp] [--requests N]

  --tcp          deliver over TCP instead of UDP
  --requests N   how many requests to send (default 2000)
`;
const REGISTER = 'opentelemetry-exporter-statsd/register';
const APP_END_MILLIS = 15_000;

const screen = createScreen({ stream: process.stdout, env: process.env });
let daemon;
let app;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    screen.endProgress();
    await endAll();
    process.exit(128 + constants.signals[signal]);
  });
}

const { tcp, requests } = readArguments();
try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  screen.endProgress();
  screen.verdict(false, error.message);
  process.exitCode = 1;
} finally {
  await endAll();
}

async function run() {
  if (!existsSync(fileURLToPath(import.meta.resolve(REGISTER)))) {
    throw new Error('The package is not built: run "npm run build" first.');
  }
  screen.title('opentelemetry-exporter-statsd · demo');
  daemon = await startStatsdDaemon();
  const endpoint = tcp ? `tcp://${daemon.host}:${daemon.tcpPort}` : `udp://${daemon.host}:${daemon.udpPort}`;
  screen.fact('app', `node --import ${REGISTER} app.js`);
  screen.fact('server', `statsd 0.9.0 on ${endpoint}`);

  app = startApp(endpoint);
  const [{ port }] = await app.nextMessage();
  screen.fact('traffic', `${requests.toLocaleString('en-GB')} requests to http://127.0.0.1:${port}\n`);
  await sendTrafficWithProgress(port);
}

// `npm run example -- many-hosts`: three hosts send through statsd's own proxy to three statsd daemons, one of which is
// killed and comes back. Then what the apps measured stands next to what the daemons report. Ends with status 1 if a
// figure differs that must not.
import { constants } from 'node:os';
import { createScreen } from '../demo/screen.js';
import { startStatsdDaemon } from '../demo/statsd-daemon.js';
import { compareInterval, verdictOn } from './compare.js';
import { startHosts } from './hosts.js';
import { startStatsdProxy } from './statsd-proxy.js';

const HOSTS = 3;
const DAEMONS = 3;
// The proxy sends each line as a datagram, and the receive buffer of a busy daemon holds some 250 of them.
const REQUESTS_PER_INTERVAL = 30;

const LEGEND = `≈ sent to the dead daemon before the proxy noticed: lost, and no program is told.`;

const screen = createScreen({ stream: process.stdout, env: process.env });
const running = [];

async function main() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, endBySignal);
  // The reader has closed the pipe (`| head`); the children end with this process.
  process.stdout.once('error', () => process.exit(1));
  try {
    process.exitCode = (await run()) ? 0 : 1;
  } catch (error) {
    screen.verdict(false, error.message);
    process.exitCode = 1;
  } finally {
    await stopAll();
  }
}

async function run() {
  const daemons = await Promise.all(
    Array.from({ length: DAEMONS }, () => started(startStatsdDaemon({ config: { deleteIdleStats: true } }))),
  );
  const proxy = await started(startStatsdProxy(daemons));
  const endpoint = `udp://${proxy.host}:${proxy.port}`;
  const hosts = await startHosts(HOSTS, () => ({
    OTEL_EXPORTER_STATSD_ENDPOINT: endpoint,
    OTEL_EXPORTER_STATSD_DIALECT: 'statsd',
    // The intervals of this run end when it says so.
    OTEL_METRIC_EXPORT_INTERVAL: '3600000',
  }));
  running.push(...hosts.map((host) => ({ stop: () => host.kill() })));

  screen.title('opentelemetry-exporter-statsd · many hosts');
  screen.fact('hosts', `${HOSTS} × node --import opentelemetry-exporter-statsd/register app.js`);
  screen.fact('proxy', `statsd 0.9.0, proxy.js at ${endpoint}`);
  screen.fact('daemons', `statsd 0.9.0 at ${daemons.map(({ udpPort }) => udpPort).join(', ')}\n`);

  const sections = [];
  let before;
  /** The traffic of one interval, an export of each app, a flush of each daemon. */
  async function interval(title, lossOf) {
    const alive = daemons.filter((daemon) => daemon.running);
    await Promise.all(hosts.map((host) => host.sendTraffic(REQUESTS_PER_INTERVAL)));
    const measured = await Promise.all(hosts.map((host) => host.flush()));
    await proxy.settle(alive);
    const flushes = await Promise.all(alive.map((daemon) => daemon.flush()));
    sections.push({ title, rows: compareInterval({ measured, before, flushes, lossOf }) });
    before = measured;
    return flushes;
  }

  const flushes = await interval('Three daemons');
  const victim = daemons[flushes.findIndex(({ counters }) => 'shop.orders.kind.book' in counters)];
  const lossOf = namesOf(flushes[daemons.indexOf(victim)]);
  await victim.kill();
  await interval(`${victim.udpPort} killed`, lossOf);
  await proxy.checkUntil('Removing', victim);
  await interval('The proxy has noticed');
  await victim.restart();
  await proxy.checkUntil('Adding', victim);
  await interval('It is back');

  screen.table(sections, { app: 'the apps' });
  screen.note(LEGEND);
  const said = hosts.map((host) => host.said()).filter((text) => text !== '');
  if (said.length > 0) screen.note(`\nThe apps said:\n${said.join('\n')}`);
  const { agrees, verdict } = verdictOn(sections);
  screen.verdict(agrees, verdict);
  return agrees;
}

/** What a daemon reported: its series as long as the ring stays as it is. */
function namesOf({ counters, gauges, timers }) {
  return new Set(Object.keys({ ...counters, ...gauges, ...timers }));
}

async function started(start) {
  const server = await start;
  running.push(server);
  return server;
}

async function endBySignal(signal) {
  await stopAll();
  process.exit(128 + constants.signals[signal]);
}

/** Apps before the servers that they send to. */
async function stopAll() {
  for (const server of running.splice(0).reverse()) await server.stop();
}

await main();

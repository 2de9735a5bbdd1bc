// Kills and restarts workers of app.js at random under traffic, and compares what the StatsD server received with what
// the clients saw: requests, their durations, and the number in flight.
//
//   node examples/cluster/chaos.js --seconds 60 --workers 4 --seed 1
//
// Clients ask for `/sure`, so every answered request must be counted once. A request whose connection broke may have been
// counted or not: these are the pending requests of killed workers.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startStatsdServer } from './statsd-server.js';

const INTERVAL = 100;
const CLIENTS = 16;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    workers: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
  },
});
const random = seeded(Number(options.seed));
const statsd = await startStatsdServer();
const port = await freePort();
const app = fork(fileURLToPath(new URL('./chaos-app.js', import.meta.url)), {
  env: {
    ...process.env,
    ENDPOINT: statsd.endpoint,
    DIALECT: 'dogstatsd',
    WORKERS: options.workers,
    PORT: String(port),
    INTERVAL: String(INTERVAL),
  },
  execArgv: [],
});

const seen = { answered: 0, broken: 0, refused: 0, kills: 0, restarts: 0, checks: 0, millis: [] };
const problems = [];
let isServing = true;

try {
  await untilTheyListen();
  const end = Date.now() + Number(options.seconds) * 1000;
  while (Date.now() < end && problems.length === 0) {
    isServing = true;
    const clients = Array.from({ length: CLIENTS }, serve);
    const round = Math.min(5_000, Math.max(1_000, end - Date.now()));
    await disturb(round);
    isServing = false;
    await Promise.all(clients);
    await checkInFlight();
  }
  app.kill('SIGTERM');
  await once(app, 'exit');
} finally {
  app.kill('SIGKILL');
  await statsd.stop();
}

compare();
console.log(
  `${seen.answered} requests answered, ${seen.broken} broken off; ${seen.kills} workers killed, ` +
    `${seen.restarts} restarted, ${seen.checks} checks of what is in flight`,
);
const weights = statsd.samples('shop.request.work');
console.log(`counted ${statsd.counter('shop.requests')}, durations ${Math.round(totalWeight(weights))}`);
for (const share of [0.5, 0.95, 0.99]) {
  console.log(
    `p${share * 100} ${quantile(weights, share).toFixed(1)} ms, asked for ${exactQuantile(share)} ms`,
  );
}
for (const problem of problems) console.log(`WRONG: ${problem}`);
console.log(problems.length === 0 ? 'exact' : 'not exact');
process.exitCode = problems.length === 0 ? 0 : 1;

/** One client, one request after the other. */
async function serve() {
  while (isServing) {
    const millis = 1 + Math.floor(random() * 20);
    const outcome = await ask(`/sure?ms=${millis}`);
    seen[outcome] += 1;
    if (outcome === 'answered') seen.millis.push(millis);
    // No worker listens while the last one is being replaced.
    if (outcome === 'refused') await sleep(20);
  }
}

function ask(path) {
  return new Promise((resolve) => {
    const fail = ({ code }) => resolve(code === 'ECONNREFUSED' ? 'refused' : 'broken');
    const request = get({ port, path, agent: false, timeout: 5_000 }, (response) => {
      response
        .resume()
        .on('end', () => resolve('answered'))
        .on('error', fail);
    });
    request.on('error', fail);
    // The connection had been passed to a worker that was killed before it looked at it.
    request.on('timeout', () => request.destroy());
  });
}

async function disturb(millis) {
  const end = Date.now() + millis;
  while (Date.now() < end) {
    await sleep(100 + random() * 600);
    const isKill = random() < 0.6;
    app.send(isKill ? 'kill' : 'restart');
    seen[isKill ? 'kills' : 'restarts'] += 1;
  }
}

/** Without other traffic, the gauge is the number of requests held open, also after a worker was killed. */
async function checkInFlight() {
  const agent = new Agent();
  const held = new Set();
  const count = 5 + Math.floor(random() * 20);
  await Promise.all(
    Array.from({ length: count }, async () => {
      const request = get({ port, path: '/hold', agent });
      request.on('error', () => held.delete(request));
      request.on('close', () => held.delete(request));
      request.on('response', (response) => response.on('error', () => {}).resume());
      await Promise.race([once(request, 'response').catch(() => {}), once(request, 'close')]);
      if (!request.destroyed) held.add(request);
    }),
  );
  await expectInFlight(() => held.size, 'held open');
  app.send('kill');
  seen.kills += 1;
  await expectInFlight(() => held.size, 'held open after a kill');
  for (const request of held) request.destroy();
  await expectInFlight(() => 0, 'after all have ended');
  seen.checks += 1;
}

/** Within ten seconds; how soon depends on the export interval and on how busy the machine is. */
async function expectInFlight(expected, when) {
  let stable = 0;
  for (let round = 0; round < 100; round += 1) {
    await sleep(INTERVAL);
    stable = statsd.gauge('shop.requests.in_flight') === expected() ? stable + 1 : 0;
    if (stable === 5) return;
  }
  problems.push(`${statsd.gauge('shop.requests.in_flight')} in flight, not ${expected()} (${when})`);
}

function compare() {
  const { answered, broken } = seen;
  const counted = statsd.counter('shop.requests');
  if (counted < answered || counted > answered + broken) {
    problems.push(`${counted} requests counted, not ${answered} to ${answered + broken}`);
  }
  const recorded = Math.round(totalWeight(statsd.samples('shop.request.work')));
  if (recorded !== counted) problems.push(`${recorded} durations, but ${counted} requests`);
  for (const share of [0.5, 0.95, 0.99]) {
    const [found, exact] = [quantile(statsd.samples('shop.request.work'), share), exactQuantile(share)];
    // Exponential buckets are a few percent wide; a few unanswered requests may shift the rank by a step of 1 ms.
    if (Math.abs(found - exact) > 1 + 0.05 * exact)
      problems.push(`p${share * 100} is ${found}, not ${exact}`);
  }
}

function totalWeight(samples) {
  return samples.reduce((sum, { weight }) => sum + weight, 0);
}

function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a.value - b.value);
  let rank = share * totalWeight(sorted);
  for (const { value, weight } of sorted) {
    rank -= weight;
    if (rank <= 0) return value;
  }
  return Number.NaN;
}

function exactQuantile(share) {
  const sorted = [...seen.millis].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

async function untilTheyListen() {
  for (let listening = 0; listening < Number(options.workers); listening += 1) await once(app, 'message');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  await once(server, 'close');
  return free;
}

/** Mulberry32. */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

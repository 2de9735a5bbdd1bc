// Hosts with an app each, under traffic. The contract is in hosts.d.ts.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { startApp } from '../demo/app-process.js';

const APP = fileURLToPath(new URL('./app.js', import.meta.url));
const CONNECTIONS = 8;

// Of ten requests four are orders of two kinds.
const MIX = [
  ['POST', '/orders?kind=book'],
  ['GET', '/stock'],
  ['POST', '/baskets'],
  ['POST', '/orders?kind=lamp'],
  ['GET', '/missing'],
  ['POST', '/orders?kind=book'],
  ['GET', '/stock'],
  ['POST', '/baskets'],
  ['POST', '/orders?kind=lamp'],
  ['DELETE', '/baskets'],
];

export async function startHosts(count, environment) {
  const names = Array.from({ length: count }, (_, index) => `host${index + 1}`);
  const starts = await Promise.allSettled(
    names.map((name, index) => startHost(name, index, environment(name, index))),
  );
  const failed = starts.find(({ status }) => status === 'rejected');
  if (failed === undefined) return starts.map(({ value }) => value);
  await Promise.all(starts.map(({ value }) => value?.kill()));
  throw failed.reason;
}

async function startHost(name, index, env) {
  const app = await startApp({
    program: APP,
    env: {
      // Only what the table shows: no metrics of the runtime.
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
      OTEL_EXPORTER_STATSD_PREFIX: 'shop',
      INSTANCE: name,
      ...env,
    },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let sent = 0;
  return {
    name,
    async sendTraffic(requests) {
      const all = Array.from({ length: requests }, () => {
        const number = sent++;
        const [method, path] = MIX[number % MIX.length];
        // From 1 to 193, other values on each host.
        const value = 1 + (((number + 1) * (index + 3) * 29) % 193);
        return send(agent, app.port, method, path.includes('?') ? `${path}&value=${value}` : path);
      });
      await Promise.all(all);
    },
    report: () => app.ask('report'),
    flush: () => app.ask('flush'),
    async end() {
      await app.end();
      agent.destroy();
    },
    async kill() {
      await app.kill();
      agent.destroy();
    },
    said: app.said,
  };
}

async function send(agent, port, method, path) {
  const [response] = await once(request({ agent, host: '127.0.0.1', port, method, path }).end(), 'response');
  await once(response.resume(), 'end');
}

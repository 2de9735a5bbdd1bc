// statsd's own proxy.js as a child process. The contract is in statsd-proxy.d.ts.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROXY = fileURLToPath(import.meta.resolve('statsd/proxy.js'));
const CHILD = fileURLToPath(new URL('./proxy-child.cjs', import.meta.url));
const HOST = '127.0.0.1';
const DEADLINE_MILLIS = 10_000;
// Another process may take a port between its discovery and the proxy's use of it.
const START_ATTEMPTS = 20;
// So long that only the checks asked for take place, beside the one at the start.
const ONE_HOUR_MILLIS = 3_600_000;
const POLL_MILLIS = 20;
// Gauges sent through the proxy. Of so many names each daemon gets some, whatever its ports.
const MARKER = 'settled';
const MARKERS = 64;

export async function startStatsdProxy(daemons, config = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(daemons, config);
    } catch (error) {
      if (!error.message.includes('EADDRINUSE') || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function launch(daemons, config) {
  const { port, adminPort } = await findFreePorts();
  const directory = await mkdtemp(join(tmpdir(), 'statsd-proxy-'));
  const configFile = join(directory, 'config.json');
  await writeFile(configFile, JSON.stringify(configuration(daemons, port, adminPort, config), null, 2));
  const child = spawn(process.execPath, ['--require', CHILD, PROXY, configFile], {
    // The proxy copies each line with `new Buffer`.
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const proxy = {
    host: HOST,
    port,
    pid: child.pid,
    output: '',
    async checkUntil(change, { host, udpPort }) {
      const said = `${change} node ${host}:${udpPort} `;
      const before = occurrences(proxy.output, said);
      child.send('check');
      await untilSaid(said, before + 1);
    },
    async settle(daemons) {
      const marker = ++markers;
      const socket = createSocket('udp4');
      const lines = Array.from({ length: MARKERS }, (_, index) => `${MARKER}.${index}:${marker}|g`);
      try {
        await new Promise((resolve) => socket.send(lines.join('\n'), port, HOST, resolve));
        await Promise.all(daemons.map((daemon) => untilMarked(daemon, marker)));
      } finally {
        socket.close();
      }
    },
    async stop() {
      child.kill('SIGKILL');
      await closed;
      await rm(directory, { recursive: true, force: true });
    },
  };
  let hasEnded = false;
  let markers = 0;
  const closed = once(child, 'close').then(() => {
    hasEnded = true;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      proxy.output += text;
    });
  }

  async function untilSaid(text, times) {
    const deadline = AbortSignal.timeout(DEADLINE_MILLIS);
    while (occurrences(proxy.output, text) < times) {
      if (hasEnded || deadline.aborted)
        throw new Error(`statsd's proxy did not say "${text}"; it said:\n${proxy.output}`);
      const patience = new AbortController();
      const news = ['stdout', 'stderr'].map((name) => once(child[name], 'data', { signal: patience.signal }));
      const late = once(deadline, 'abort', { signal: patience.signal });
      await Promise.race([...news, late, closed].map((event) => event.catch(() => {})));
      patience.abort();
    }
  }

  try {
    const deadline = performance.now() + DEADLINE_MILLIS;
    while (!(await answers(adminPort))) {
      if (hasEnded || performance.now() > deadline)
        throw new Error(`statsd's proxy did not start; it said:\n${proxy.output}`);
      await wait(POLL_MILLIS);
    }
    return proxy;
  } catch (error) {
    await proxy.stop();
    throw error;
  }
}

/** Resolves when something answers there. The proxy says that it is up before its sockets are bound; once it answers, they are. */
async function answers(adminPort) {
  const socket = connect(adminPort, HOST, () => socket.write('status\n'));
  try {
    await once(socket, 'data');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function untilMarked(daemon, marker) {
  const deadline = performance.now() + DEADLINE_MILLIS;
  while (
    !Object.entries(await daemon.gauges()).some(
      ([name, value]) => name.startsWith(MARKER) && value === marker,
    )
  ) {
    if (performance.now() > deadline) throw new Error(`no marker reached the daemon at ${daemon.udpPort}`);
    await wait(POLL_MILLIS);
  }
}

function configuration(daemons, port, adminPort, config) {
  return {
    nodes: daemons.map((daemon) => ({
      host: daemon.host,
      port: daemon.udpPort,
      adminport: daemon.adminPort,
    })),
    // `host` in its example configuration is not read by servers/udp.js.
    address: HOST,
    port,
    mgmt_address: HOST,
    mgmt_port: adminPort,
    checkInterval: ONE_HOUR_MILLIS,
    ...config,
  };
}

function occurrences(text, part) {
  return text.split(part).length - 1;
}

/** One for UDP or TCP, one for the admin interface; both are held while the system picks them. */
async function findFreePorts() {
  const admin = createServer().listen(0, HOST);
  const lines = createServer().listen(0, HOST);
  await Promise.all([once(admin, 'listening'), once(lines, 'listening')]);
  const [adminPort, port] = [admin.address().port, lines.address().port];
  const udp = createSocket('udp4');
  try {
    udp.bind(port, HOST);
    await once(udp, 'listening');
  } finally {
    await Promise.all([admin, lines].map((server) => new Promise((resolve) => server.close(resolve))));
    udp.close();
  }
  return { port, adminPort };
}

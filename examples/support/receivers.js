// What the examples send to. A receiver gives the environment that leads an example to it, and the lines that came.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { StatsdTestServer } from 'opentelemetry-exporter-statsd/testing';
import { startFakeConsul } from './fake-consul.js';

/** Made for localhost, 127.0.0.1 and tests; it is its own authority. */
const tlsFile = (name) => fileURLToPath(new URL(`../../test/support/tls/${name}`, import.meta.url));

export function startReceiver(receiver = {}, endpointVariable = 'ENDPOINT') {
  if (receiver === 'none') return { env: {}, settle: async () => [], stop: async () => {} };
  if (receiver === 'consul') return startBehindConsul();
  if (receiver.protocol === 'tls') return startTlsReceiver();
  return startStatsdServer(receiver, endpointVariable);
}

async function startStatsdServer(options, endpointVariable) {
  const server = await StatsdTestServer.start(options);
  const { endpoint } = server;
  return {
    env: { [endpointVariable]: endpoint },
    async settle() {
      if (endpoint.startsWith('udp:')) await settleUdp(server);
      if (server.malformedLines.length > 0) throw new Error(JSON.stringify(server.malformedLines));
      return server.lines.filter((line) => line !== LAST_LINE);
    },
    stop: () => server.stop(),
  };
}

const LAST_LINE = 'nothing.follows:1|c';

/** Over loopback datagrams stay in order: when this line is there, so is all that was sent before. */
async function settleUdp(server) {
  const { hostname, port } = new URL(server.endpoint);
  const socket = createSocket('udp4');
  socket.send(LAST_LINE, Number(port), hostname, () => socket.close());
  await server.waitFor('nothing.follows');
}

async function startTlsReceiver() {
  const lines = [];
  const server = createTlsServer(
    { cert: readFileSync(tlsFile('cert.pem')), key: readFileSync(tlsFile('key.pem')) },
    (socket) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      socket.on('end', () => lines.push(...text.trimEnd().split('\n')));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: { ENDPOINT: `tls://127.0.0.1:${server.address().port}`, CA_FILE: tlsFile('cert.pem') },
    settle: async () => lines,
    stop: async () => void server.close(),
  };
}

async function startBehindConsul() {
  const server = await StatsdTestServer.start({ protocol: 'tcp' });
  const { hostname, port } = new URL(server.endpoint);
  const consul = await startFakeConsul({ service: 'statsd', address: hostname });
  return {
    env: { ENDPOINT: `tcp://statsd.service.consul:${port}`, CONSUL_HTTP_ADDR: consul.url },
    settle: async () => server.lines,
    stop: async () => {
      await Promise.all([server.stop(), consul.stop()]);
    },
  };
}

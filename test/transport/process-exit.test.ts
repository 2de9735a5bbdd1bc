// No transport keeps a process alive that has nothing else to do; how long one that is stuck may delay its
// end is bounded by the transport's own deadlines. The programs use the compiled modules in build, so build first
// (npm test does).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { formatEndpoint } from '../../src/transport/endpoint/endpoint.js';
import {
  certificate,
  startTcpServer,
  startTlsServer,
  startUnixServer,
  temporarySocketPath,
  unusedPort,
} from '../support/receivers/stream-server.js';
import { startUdpServer, unusedUdpPort } from '../support/receivers/udp-server.js';

const build = new URL('../../build/', import.meta.url);
const moduleUrl = (name: string): string => JSON.stringify(new URL(name, build).href);

/** Sends lines and does nothing else; `END` is replaced by what a test wants to see at the end. */
const program = `
  import { createTransport } from ${moduleUrl('transport/create-transport.js')};
  import { parseEndpoint } from ${moduleUrl('transport/endpoint/endpoint.js')};
  import { ChunkPacker } from ${moduleUrl('transport/packing/chunk-packer.js')};
  import { systemClock } from ${moduleUrl('runtime/clock.js')};
  import { lookup } from 'node:dns';

  const { url, lines, delivery, ca, hang, timeoutMillis, last } = JSON.parse(process.env.SETTINGS);
  const transport = createTransport({
    destination: parseEndpoint(url),
    maxQueueBytes: 2 ** 26, softQueueBytes: 2 ** 24, delivery, onUnconfirmed: 'resend', framing: 'newline',
    abortWith: 'rst',
    pacing: false, tls: { ca }, connectTimeoutMillis: timeoutMillis, stallTimeoutMillis: timeoutMillis,
    confirmTimeoutMillis: timeoutMillis, lookup: hang ? () => {} : lookup, clock: systemClock,
    random: Math.random, withoutTracing: (run) => run(), onEvent: () => {}, onBelowSoftLimit: () => {},
  });
  const packer = new ChunkPacker({ maxPayloadBytes: 1432 }, () => {});
  for (let index = 0; index < lines; index += 1) packer.write('line' + index + ':1|c\\n', 1, 'additive');
  for (const chunk of packer.take()) transport.send(chunk);
  if (last === 'close') await transport.close(100);
  if (last === 'flush') await transport.flush(10_000);
  process.on('exit', () => {
    const { state, queuedLines, inFlightLines } = transport.stats();
    console.log(JSON.stringify({ state, left: queuedLines + inFlightLines }));
  });
`;

interface Settings {
  readonly url: string;
  readonly lines?: number;
  readonly delivery?: 'confirmed' | 'persistent';
  /** Lookups are never answered. */
  readonly hang?: boolean;
  /** For connecting, stalls and confirmations. */
  readonly timeoutMillis?: number;
  readonly last?: 'nothing' | 'flush' | 'close';
}

interface End {
  readonly exitCode: number;
  readonly state: string;
  /** Lines that were neither delivered nor dropped at the end. */
  readonly left: number;
}

async function run(settings: Settings): Promise<End> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: {
      ...process.env,
      SETTINGS: JSON.stringify({
        lines: 10,
        delivery: 'confirmed',
        ca: certificate.toString(),
        hang: false,
        timeoutMillis: 60_000,
        last: 'nothing',
        ...settings,
      }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, ...JSON.parse(output) };
}

const tcp = (port: number, host = '127.0.0.1'): string => formatEndpoint({ protocol: 'tcp', host, port });

describe('a process exits by itself', () => {
  test('when everything is delivered after a flush, with a persistent connection open', async () => {
    const server = await startTcpServer();
    const end = await run({ url: tcp(server.port), delivery: 'persistent', last: 'flush' });
    expect(end).toEqual({ exitCode: 0, state: 'open', left: 0 });
  });

  test('when everything is delivered after a flush, over TLS', async () => {
    const server = await startTlsServer();
    const url = formatEndpoint({ protocol: 'tls', host: '127.0.0.1', port: server.port });
    expect(await run({ url, last: 'flush' })).toEqual({ exitCode: 0, state: 'idle', left: 0 });
  });

  test('when everything is delivered after a flush, over a unix socket', async () => {
    const server = await startUnixServer();
    const end = await run({ url: `unix://${server.path}`, last: 'flush' });
    expect(end).toEqual({ exitCode: 0, state: 'idle', left: 0 });
  });

  test('when everything is delivered after a flush, over UDP', async () => {
    const server = await startUdpServer();
    const url = formatEndpoint({ protocol: 'udp', host: '127.0.0.1', port: server.port });
    expect(await run({ url, last: 'flush' })).toEqual({ exitCode: 0, state: 'idle', left: 0 });
    expect(await server.gotLines(10)).toHaveLength(1);
  });

  test.each<[string, () => Promise<Settings>]>([
    ['tcp', async () => ({ url: tcp(await unusedPort()) })],
    ['a unix socket', async () => ({ url: `unix://${temporarySocketPath()}` })],
    [
      'udp',
      async () => ({
        url: formatEndpoint({ protocol: 'udp', host: '127.0.0.1', port: await unusedUdpPort() }),
        lines: 10_000,
      }),
    ],
    ['a name whose lookup is never answered', async () => ({ url: tcp(8125, 'statsd.example'), hang: true })],
    [
      'a name whose lookup is never answered over udp',
      async () => ({ url: 'udp://statsd.example:8125', hang: true }),
    ],
    ['a package that is not installed', async () => ({ url: 'unixgram:///run/statsd.sock' })],
  ])('without a flush, with no answer from %s', async (_what, settings) => {
    const { exitCode, left } = await run(await settings());
    expect([exitCode, left > 0]).toEqual([0, true]);
  });

  test('without a flush, while it waits for confirmation', async () => {
    const server = await startTcpServer((socket) => {
      socket.allowHalfOpen = true;
      socket.resume();
    });
    const { exitCode } = await run({ url: tcp(server.port) });
    expect(exitCode).toBe(0);
  });

  test.each(['confirmed', 'persistent'] as const)(
    'at the stall timeout at the latest, when a server reads nothing in %s delivery',
    async (delivery) => {
      const server = await startTcpServer((socket) => socket.pause());
      const { exitCode, left } = await run({
        url: tcp(server.port),
        lines: 600_000,
        delivery,
        timeoutMillis: 300,
      });
      expect([exitCode, left > 0]).toEqual([0, true]);
    },
  );

  test('after a close at its deadline, whatever the server does', async () => {
    const server = await startTcpServer((socket) => socket.pause());
    const end = await run({ url: tcp(server.port), lines: 600_000, last: 'close' });
    expect(end).toEqual({ exitCode: 0, state: 'closed', left: 0 });
  });
});

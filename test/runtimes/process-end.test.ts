// How a process ends that exports by the packed package in the runtime under test.
import { describe, expect, test } from 'vitest';
import { needs } from '../support/platform.js';
import { startTcpServer, temporarySocketPath, unusedPort } from '../support/receivers/stream-server.js';
import { startUdpServer, unusedUdpPort } from '../support/receivers/udp-server.js';
import { useFreshApp } from './support/fresh-app.js';
import { runtime } from './support/runtime.js';

needs('signals');

const app = useFreshApp();

describe(`the last interval is delivered on ${runtime.title}`, () => {
  test('when the process ends by itself', async () => {
    const server = await startTcpServer();
    const endpoint = `tcp://127.0.0.1:${server.port}`;
    const ended = await app.start('exit.mjs', { OTEL_EXPORTER_STATSD_ENDPOINT: endpoint }).ended;

    expect(ended).toEqual({ status: 0, signal: null, stdout: 'ready\n', stderr: '' });
    expect(server.lines).toEqual(['orders:1|c']);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('when %s ends it, by that signal', async (signal) => {
    const server = await startUdpServer();
    const endpoint = `udp://127.0.0.1:${server.port}`;
    const running = app.start('exit.mjs', { OTEL_EXPORTER_STATSD_ENDPOINT: endpoint, WAIT: '1' });
    await running.said('ready');
    running.child.kill(signal);

    expect(await running.ended).toEqual({ status: null, signal, stdout: 'ready\n', stderr: '' });
    expect(await server.drain()).toEqual(['orders:1|c\n']);
  });
});

describe(`a process on ${runtime.title} is not kept alive`, () => {
  test.each([
    ['TCP', async () => `tcp://127.0.0.1:${await unusedPort()}`],
    ['UDP', async () => `udp://127.0.0.1:${await unusedUdpPort()}`],
    ['unix', async () => `unix://${temporarySocketPath()}`],
  ])('by lines that wait for a %s server', async (_protocol, endpoint) => {
    const env = { OTEL_EXPORTER_STATSD_ENDPOINT: await endpoint() };
    const { status, signal, stdout } = await app.start('abandon.mjs', env).ended;

    expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: 'recorded\n' });
  });
});

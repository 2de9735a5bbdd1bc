import type { Socket } from 'node:net';
import { metrics } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { afterEach, expect, test, vi } from 'vitest';
import { readSettings } from '../../src/register/settings.js';
import { startMetrics } from '../../src/register/start-metrics.js';
import { startTcpServer } from '../support/receivers/stream-server.js';

afterEach(() => {
  metrics.disable();
  vi.unstubAllEnvs();
});

const count = () => metrics.getMeter('test').createCounter('jobs').add(1);

test('a hand-over does not wait for delivery; a shutdown does', async () => {
  const hanging: Socket[] = [];
  const server = await startTcpServer((socket) => hanging.push(socket));
  vi.stubEnv('OTEL_EXPORTER_STATSD_ENDPOINT', `tcp://127.0.0.1:${server.port}`);
  // Longer than the time limit of the test.
  vi.stubEnv('OTEL_EXPORTER_STATSD_TIMEOUT', '600000');
  const started = startMetrics(readSettings({}), { options: {}, views: [] }, undefined);

  count();
  await started.handOver();
  await server.gotConnections(1);
  expect(server.lines).toEqual([]);

  count();
  server.onConnection = (socket) => server.read(socket);
  for (const socket of hanging) socket.destroy();
  await started.shutdown();
  expect(server.lines).toEqual(['jobs:1|c', 'jobs:1|c']);
});

test('a flush after hand-overs, also after two at a time, waits for delivery again', async () => {
  const server = await startTcpServer((socket) => server.read(socket));
  vi.stubEnv('OTEL_EXPORTER_STATSD_ENDPOINT', `tcp://127.0.0.1:${server.port}`);
  const started = startMetrics(readSettings({}), { options: {}, views: [] }, undefined);
  await Promise.all([started.handOver(), started.handOver()]);

  count();
  await (metrics.getMeterProvider() as MeterProvider).forceFlush();
  expect(server.lines).toEqual(['jobs:1|c']);
  await started.shutdown();
});

test('a MeterProvider that is already registered stays in place', () => {
  const other = new MeterProvider();
  metrics.setGlobalMeterProvider(other);
  expect(() => startMetrics(readSettings({}), { options: {}, views: [] }, undefined)).toThrow(
    'another MeterProvider is registered already; load opentelemetry-exporter-statsd/register before anything ' +
      'else of OpenTelemetry and no other register beside it',
  );
  expect(metrics.getMeterProvider()).toBe(other);
});

import type { Socket } from 'node:net';
import { metrics } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  InstrumentType,
  MeterProvider,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { MetricsOutput } from '../../src/register/metrics-output.js';
import * as metricsOutput from '../../src/register/metrics-output.js';
import { detectResource } from '../../src/register/resource.js';
import { readSettings } from '../../src/register/settings.js';
import { startMetrics } from '../../src/register/start-metrics.js';
import { startTcpServer } from '../support/receivers/stream-server.js';

// So that a function of it can be replaced.
vi.mock('../../src/register/metrics-output.js', { spy: true });

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

describe('the exporter', () => {
  const settings = readSettings({});

  /** The batches that reach it. */
  function fakeOutput() {
    const batches: ResourceMetrics[] = [];
    const calls: string[] = [];
    const exporter: PushMetricExporter = {
      export(batch, resultCallback) {
        batches.push(batch);
        resultCallback({ code: ExportResultCode.SUCCESS });
      },
      forceFlush: async () => void calls.push('flush'),
      shutdown: async () => {},
      selectAggregationTemporality: () => AggregationTemporality.DELTA,
      selectAggregation: (type) =>
        type === InstrumentType.COUNTER
          ? { type: AggregationType.LAST_VALUE }
          : { type: AggregationType.DEFAULT },
    };
    const output: MetricsOutput = {
      exporter,
      forward: () => void calls.push('forward'),
      shutdown: async () => void calls.push('shutdown'),
    };
    const opened = vi.spyOn(metricsOutput, 'openMetricsOutput').mockReturnValue(output);
    onTestFinished(() => opened.mockRestore());
    const collect = () => opened.mock.calls[0]?.[2]() ?? Promise.resolve();
    return { batches, calls, collect };
  }

  test('decides about temporality and aggregation', async () => {
    const { batches } = fakeOutput();
    const started = startMetrics(settings, { options: {}, views: [] }, undefined);
    count();
    await started.handOver();
    await started.shutdown();
    const [metric] = batches[0]!.scopeMetrics[0]!.metrics;
    expect([metric?.aggregationTemporality, metric?.dataPointType]).toEqual([
      AggregationTemporality.DELTA,
      DataPointType.GAUGE,
    ]);
  });

  test('gets a hand-over collected and forwarded, and is shut down once', async () => {
    const { batches, calls } = fakeOutput();
    const started = startMetrics(settings, { options: {}, views: [] }, undefined);
    count();
    await started.handOver();
    const handedOver = batches.length;
    await Promise.all([started.shutdown(), started.shutdown()]);
    expect({ handedOver, calls }).toEqual({ handedOver: 1, calls: ['forward', 'shutdown'] });
  });

  test('gets the last interval when its primary asks for it, and not a second time after the shutdown', async () => {
    const { batches, collect } = fakeOutput();
    const started = startMetrics(settings, { options: {}, views: [] }, undefined);
    count();
    await collect();
    const asked = batches.length;
    await started.shutdown();
    const ended = batches.length;
    await collect();
    expect([asked, batches.length - ended]).toEqual([1, 0]);
  });

  test('gets the resource, and metrics as the views name them', async () => {
    const { batches } = fakeOutput();
    vi.stubEnv('OTEL_SERVICE_NAME', 'shop');
    const resource = detectResource([], undefined, () => {});
    const views = [{ instrumentName: 'jobs', name: 'work' }];
    const started = startMetrics(settings, { options: {}, views }, resource);
    count();
    await started.shutdown();
    expect([
      batches[0]?.resource === resource,
      batches[0]?.scopeMetrics[0]?.metrics[0]?.descriptor.name,
    ]).toEqual([true, 'work']);
  });

  test('is shut down when the API refuses the MeterProvider', async () => {
    const { calls } = fakeOutput();
    const refused = vi.spyOn(metrics, 'setGlobalMeterProvider').mockReturnValue(false);
    onTestFinished(() => refused.mockRestore());
    expect(() => startMetrics(settings, { options: {}, views: [] }, undefined)).toThrow(
      new Error('the API refused the MeterProvider; OTEL_LOG_LEVEL=debug shows why'),
    );
    await vi.waitFor(() => expect(calls).toContain('shutdown'));
  });
});

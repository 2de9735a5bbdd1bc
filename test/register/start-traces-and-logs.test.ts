import { afterEach, expect, test, vi } from 'vitest';
import type { FoundModule } from '../../src/register/find-module.js';
import { detectResource } from '../../src/register/resource.js';
import { startTracesAndLogs } from '../../src/register/start-traces-and-logs.js';

afterEach(() => vi.unstubAllEnvs());

const variables = ['OTEL_METRICS_EXPORTER', 'OTEL_LOG_LEVEL', 'OTEL_TRACES_EXPORTER'];
const environment = () => variables.map((name) => process.env[name]);

/** Stands for @opentelemetry/sdk-node, and notes what it is given and what it sees. */
function fakeSdkNode() {
  const seen: unknown[] = [];
  class NodeSDK {
    constructor(configuration: object) {
      seen.push(configuration, environment());
    }
    start() {
      seen.push('start', environment());
    }
  }
  const sdkNode: FoundModule = { file: '', find: () => undefined, load: () => ({ NodeSDK }) };
  const auto: FoundModule = {
    file: '',
    load: () => undefined,
    find: (name) => (name === '@opentelemetry/sdk-node' ? sdkNode : undefined),
  };
  return { auto, seen };
}

test.each([
  [{ traces: true, logs: true }, {}],
  [{ traces: true, logs: false }, { logRecordProcessors: [] }],
  [{ traces: false, logs: true }, { spanProcessors: [] }],
])('with %j the environment decides about those that are on', (settings, configuration) => {
  const { auto, seen } = fakeSdkNode();
  startTracesAndLogs(settings, auto, undefined);
  expect(seen[0]).toEqual(configuration);
});

test('NodeSDK takes the resource of the metrics and detects none itself', () => {
  const { auto, seen } = fakeSdkNode();
  const resource = detectResource([], undefined, () => {});
  startTracesAndLogs({ traces: true, logs: true }, auto, resource);
  expect(seen[0]).toEqual({ resource, autoDetectResources: false });
});

test('NodeSDK starts neither metrics nor a diag logger, and the environment is unchanged afterwards', () => {
  vi.stubEnv('OTEL_METRICS_EXPORTER', 'statsd');
  vi.stubEnv('OTEL_LOG_LEVEL', undefined);
  vi.stubEnv('OTEL_TRACES_EXPORTER', 'otlp');
  const { auto, seen } = fakeSdkNode();
  startTracesAndLogs({ traces: true, logs: true }, auto, undefined);
  const shown = ['none', undefined, 'otlp'];
  expect({ seen, environment: environment() }).toEqual({
    seen: [{}, shown, 'start', shown],
    environment: ['statsd', undefined, 'otlp'],
  });
});

test('without NodeSDK the error names the missing package', () => {
  expect(() => startTracesAndLogs({ traces: true, logs: false }, undefined, undefined)).toThrow(
    'OTEL_TRACES_EXPORTER and OTEL_LOGS_EXPORTER need @opentelemetry/auto-instrumentations-node',
  );
});

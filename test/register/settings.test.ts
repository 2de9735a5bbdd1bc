import { DiagLogLevel } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import type { Environment } from '../../src/exporter/options/environment.js';
import { type RegisterSettings, readSettings } from '../../src/register/settings.js';

const defaults: RegisterSettings = {
  disabled: false,
  metrics: true,
  traces: false,
  logs: false,
  exportIntervalMillis: 10_000,
  exportTimeoutMillis: 10_000,
  resourceDetectors: ['host', 'os', 'process'],
  logLevel: DiagLogLevel.WARN,
  cluster: undefined,
  warnings: [],
};

function expectSettings(environment: Environment, changes: Partial<RegisterSettings>): void {
  expect(readSettings(environment)).toEqual({ ...defaults, ...changes });
}

test('without variables only metrics are exported, every 10 s', () => {
  expectSettings({}, {});
});

test('an empty variable counts as unset', () => {
  const names = ['SDK_DISABLED', 'METRICS_EXPORTER', 'TRACES_EXPORTER', 'LOGS_EXPORTER', 'LOG_LEVEL'];
  const numbers = ['METRIC_EXPORT_INTERVAL', 'METRIC_EXPORT_TIMEOUT', 'NODE_RESOURCE_DETECTORS'];
  expectSettings(Object.fromEntries([...names, ...numbers].map((name) => [`OTEL_${name}`, ' '])), {});
});

test.each([
  ['true', true],
  ['TRUE', true],
  ['false', false],
])('OTEL_SDK_DISABLED=%s', (value, disabled) => {
  expectSettings({ OTEL_SDK_DISABLED: value }, { disabled });
});

test.each(['1', 'untrue', 'truely', 'nofalse', 'falsehood'])(
  'OTEL_SDK_DISABLED accepts only true and false, not %s',
  (value) => {
    expectSettings(
      { OTEL_SDK_DISABLED: value },
      { warnings: [`OTEL_SDK_DISABLED is ignored: expected "true" or "false", got "${value}"`] },
    );
  },
);

test.each([
  ['statsd', { metrics: true }],
  ['none', { metrics: false }],
  ['None', { metrics: false }],
  ['StatsD', { metrics: true }],
  [
    'otlp, statsd, mystatsd, statsd2',
    {
      metrics: true,
      warnings: [
        'OTEL_METRICS_EXPORTER: otlp, mystatsd, statsd2 is ignored: opentelemetry-exporter-statsd/register exports to StatsD only ' +
          '("none" turns metrics off)',
      ],
    },
  ],
])('OTEL_METRICS_EXPORTER=%s', (value, changes) => {
  expectSettings({ OTEL_METRICS_EXPORTER: value }, changes);
});

test.each([
  ['otlp', true],
  ['console,otlp', true],
  ['none', false],
  ['NONE', false],
  ['otlp,none', false],
])('OTEL_TRACES_EXPORTER and OTEL_LOGS_EXPORTER=%s', (value, isOn) => {
  expectSettings({ OTEL_TRACES_EXPORTER: value }, { traces: isOn });
  expectSettings({ OTEL_LOGS_EXPORTER: value }, { logs: isOn });
});

test('the export timeout is 30 s, but never more than the interval', () => {
  expectSettings(
    { OTEL_METRIC_EXPORT_INTERVAL: '60000' },
    { exportIntervalMillis: 60_000, exportTimeoutMillis: 30_000 },
  );
  expectSettings(
    { OTEL_METRIC_EXPORT_INTERVAL: '500' },
    { exportIntervalMillis: 500, exportTimeoutMillis: 500 },
  );
  expectSettings({ OTEL_METRIC_EXPORT_TIMEOUT: '10000' }, { exportTimeoutMillis: 10_000 });
});

test('a timeout beyond the interval is cut with a warning', () => {
  expectSettings(
    { OTEL_METRIC_EXPORT_TIMEOUT: '10001' },
    { warnings: ['OTEL_METRIC_EXPORT_TIMEOUT (10001) is more than the export interval; 10000 ms are used'] },
  );
});

test.each([1, 2_147_483_647])('%d milliseconds are accepted as an interval', (millis) => {
  expectSettings(
    { OTEL_METRIC_EXPORT_INTERVAL: `${millis}` },
    { exportIntervalMillis: millis, exportTimeoutMillis: Math.min(millis, 30_000) },
  );
});

test.each(['0', '-1', '1e3', '10s', '0x10', '1.5', '2147483648'])(
  '%s is no number of milliseconds',
  (value) => {
    const warning = (name: string) =>
      `${name} is ignored: expected milliseconds from 1 to 2147483647, got "${value}"`;
    expectSettings(
      { OTEL_METRIC_EXPORT_INTERVAL: value, OTEL_METRIC_EXPORT_TIMEOUT: value },
      { warnings: [warning('OTEL_METRIC_EXPORT_INTERVAL'), warning('OTEL_METRIC_EXPORT_TIMEOUT')] },
    );
  },
);

test.each([
  ['none', []],
  ['None', []],
  ['env, host,', ['env', 'host']],
  ['all', ['all']],
])('OTEL_NODE_RESOURCE_DETECTORS=%s', (value, resourceDetectors) => {
  expectSettings({ OTEL_NODE_RESOURCE_DETECTORS: value }, { resourceDetectors });
});

test.each([
  ['none', DiagLogLevel.NONE],
  ['ERROR', DiagLogLevel.ERROR],
  ['all', DiagLogLevel.ALL],
])('OTEL_LOG_LEVEL=%s', (value, logLevel) => {
  expectSettings({ OTEL_LOG_LEVEL: value }, { logLevel });
});

test('an unknown log level is warned about', () => {
  expectSettings(
    { OTEL_LOG_LEVEL: 'loud' },
    {
      warnings: [
        'OTEL_LOG_LEVEL is ignored: expected one of none, error, warn, info, debug, verbose, all, got "loud"',
      ],
    },
  );
});

test.each([
  ['aggregate', 'aggregate'],
  ['perworker', 'perWorker'],
] as const)('OTEL_EXPORTER_STATSD_CLUSTER=%s', (value, cluster) => {
  expectSettings({ OTEL_EXPORTER_STATSD_CLUSTER: value }, { cluster });
});

test('OTEL_EXPORTER_STATSD_CLUSTER ignores other values with a warning', () => {
  expectSettings(
    { OTEL_EXPORTER_STATSD_CLUSTER: 'yes' },
    { warnings: ['OTEL_EXPORTER_STATSD_CLUSTER is ignored: expected "aggregate" or "perWorker", got "yes"'] },
  );
});

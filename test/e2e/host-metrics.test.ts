// The metrics of the host and the process, as @opentelemetry/host-metrics measures them.
import { HostMetrics } from '@opentelemetry/host-metrics';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { expect, onTestFinished, test } from 'vitest';
import { StatsdExporter } from '../../src/index.js';
import { StatsdTestServer } from '../../src/testing.js';

test('host metrics arrive as gauges and counters that the server can read', async () => {
  const server = await StatsdTestServer.start({ protocol: 'tcp', dialect: 'dogstatsd' });
  onTestFinished(() => server.stop());
  const exporter = new StatsdExporter({ endpoint: server.endpoint, dialect: 'dogstatsd', resourceTags: [] });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => meterProvider.shutdown());
  const host = new HostMetrics({ meterProvider });
  host.start();

  await meterProvider.forceFlush();
  // Networks are there or not, and so are their counts.
  const namesOf = (type: string): string[] =>
    [...new Set(server.samples.filter((sample) => sample.type === type).map(({ name }) => name))].filter(
      (name) => !name.startsWith('system.network.'),
    );
  expect({ gauges: namesOf('g'), counters: namesOf('c'), malformed: server.malformedLines }).toEqual({
    gauges: [
      'system.cpu.utilization',
      'system.memory.usage',
      'system.memory.utilization',
      'process.cpu.utilization',
      'process.memory.usage',
    ],
    counters: ['system.cpu.time', 'process.cpu.time'],
    malformed: [],
  });
  expect(exporter.stats().droppedPoints).toEqual({});

  // Cumulative clocks arrive as what was added: the second time less than since the machine was started.
  const total = (): number =>
    server.samples
      .filter(({ name }) => name === 'system.cpu.time')
      .reduce((sum, { value }) => sum + Number(value), 0);
  const sinceBoot = total();
  server.clear();
  await meterProvider.forceFlush();
  expect(total()).toBeLessThan(sinceBoot);
});

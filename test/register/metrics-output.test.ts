import { afterEach, expect, test, vi } from 'vitest';
import { StatsdExporter } from '../../src/index.js';
import { openMetricsOutput, type Role } from '../../src/register/metrics-output.js';
import { readSettings } from '../../src/register/settings.js';
import { batchOf, counter, gauge } from '../cluster/support/metrics.js';
import { startUdpServer } from '../support/receivers/udp-server.js';

afterEach(() => vi.unstubAllEnvs());

async function linesOf(cluster: string, role: Role): Promise<string[]> {
  const server = await startUdpServer();
  vi.stubEnv('OTEL_EXPORTER_STATSD_ENDPOINT', `udp://127.0.0.1:${server.port}`);
  vi.stubEnv('OTEL_EXPORTER_STATSD_DIALECT', 'dogstatsd');
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'service.instance.id=7');
  const settings = readSettings({ OTEL_EXPORTER_STATSD_CLUSTER: cluster });
  const { exporter, shutdown } = openMetricsOutput(settings, {}, () => Promise.resolve(), role);
  await new Promise((resolve) => exporter.export(batchOf([counter('c', 1), gauge('g', 2)]), resolve));
  await shutdown();
  return (await server.drain()).flatMap((datagram) => datagram.trim().split('\n'));
}

test.each<[string, Role, string[]]>([
  ['', 'primary', ['c:1|c', 'g:2|g']],
  ['perWorker', 'primary', ['c:1|c|#instance:7', 'g:2|g|#instance:7']],
  ['aggregate', 'primary', ['c:1|c', 'g:2|g|#service.instance.id:1']],
  // It has no way to the aggregator.
  ['aggregate', 'thread', ['c:1|c|#instance:7', 'g:2|g|#instance:7']],
])('with OTEL_EXPORTER_STATSD_CLUSTER=%s a %s sends', async (cluster, role, lines) => {
  expect(await linesOf(cluster, role)).toEqual(lines);
});

test('a cluster worker without the variable exports directly to the server', () => {
  const { exporter } = openMetricsOutput(readSettings({}), {}, () => Promise.resolve(), 'worker');
  expect(exporter).toBeInstanceOf(StatsdExporter);
});

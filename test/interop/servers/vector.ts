// Vector's statsd source, read by the /metrics of its Prometheus exporter sink.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';
import { prometheusReport } from '../readers/prometheus-report.js';
import { parsePrometheusText } from '../readers/prometheus-text.js';

export const vector: InteropServer = {
  name: 'vector',
  title: 'Vector',
  dialect: 'vector',
  protocols: ['udp', 'tcp'],
  version: () => installed('vector')?.version,
  series: seriesText,
  keeps: EXACT,
  timersInSeconds: true,
  async start() {
    const child = new ChildServer({ name: 'vector', ports: 3, tcpPorts: [1, 2], prepare });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [udp, tcp, web] }: Launch) {
  // A flush period of zero: nothing expires, and summaries are of everything since the start.
  const configuration = `
data_dir = "${directory}"
[sources.udp]
type = "statsd"
mode = "udp"
address = "127.0.0.1:${udp}"
[sources.tcp]
type = "statsd"
mode = "tcp"
address = "127.0.0.1:${tcp}"
[sinks.metrics]
type = "prometheus_exporter"
inputs = ["udp", "tcp"]
address = "127.0.0.1:${web}"
distributions_as_summaries = true
quantiles = [0.5, 0.9, 0.95, 0.99]
flush_period_secs = 0
`;
  writeFileSync(join(directory, 'vector.toml'), configuration);
  return {
    program: join(installed('vector')!.folder, 'vector'),
    args: ['--config', join(directory, 'vector.toml')],
  };
}

function running(child: ChildServer): RunningServer {
  const text = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${child.ports[2]}/metrics`);
    return response.text();
  };
  return {
    port: (protocol) => child.ports[protocol === 'udp' ? 0 : 1]!,
    startOfInterval: async () => {},
    async report() {
      return prometheusReport(parsePrometheusText(await text()), { series: seriesText });
    },
    text,
    kill: () => child.kill(),
    restart: () => child.restart(),
    stop: () => child.stop(),
  };
}

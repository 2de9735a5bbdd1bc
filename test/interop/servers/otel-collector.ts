// The OpenTelemetry Collector's StatsD receiver, read from the file of its file exporter (OTLP as JSON). Counters,
// histograms and summaries start anew with each interval.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import { intervalServer } from '../harness/interval-server.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';
import { readLines } from '../readers/lines.js';
import { addOtlpLines } from '../readers/otlp-json.js';

const COMPLAINT = /^.*\t(?:warn|error)\t.*$/gm;

export const otelCollector: InteropServer = {
  name: 'otel-collector',
  title: 'OpenTelemetry Collector',
  dialect: 'otel-collector',
  protocols: ['udp', 'tcp'],
  version: () => installed('otel-collector')?.version,
  series: seriesText,
  // Counters are whole numbers by default (counter_type).
  keeps: { ...EXACT, counter: 0.5 + 1e-9 },
  notes: [
    'Times were configured as exponential histograms, which have no percentiles, other histograms as summaries (`timer_histogram_mapping`); by default they are plain gauges.',
    'Counters are whole numbers by default (`counter_type`); the rest is carried on.',
  ],
  async start() {
    const child = new ChildServer({
      name: 'otel-collector',
      ports: 2,
      tcpPorts: [1],
      prepare,
      isReady: (_, output) => output.includes('Everything is ready'),
    });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [udp, tcp] }: Launch) {
  // Its defaults make a gauge of each time, and of all values of an interval one is left.
  const receiver = (transport: string, port: number | undefined) => `
  statsd/${transport}:
    endpoint: 127.0.0.1:${port}
    transport: ${transport}
    aggregation_interval: 1s
    enable_ip_only_aggregation: true
    timer_histogram_mapping:
      - statsd_type: timing
        observer_type: histogram
        histogram: { max_size: 160 }
      - statsd_type: histogram
        observer_type: summary
        summary: { percentiles: [0, 50, 90, 95, 99, 100] }`;
  const configuration = `receivers:${receiver('udp', udp)}${receiver('tcp', tcp)}
exporters:
  file: { path: ${directory}/out.json, append: true, flush_interval: 50ms }
service:
  telemetry:
    metrics: { level: none }
  pipelines:
    metrics: { receivers: [statsd/udp, statsd/tcp], exporters: [file] }
`;
  writeFileSync(join(directory, 'collector.yml'), configuration);
  return {
    program: join(installed('otel-collector')!.folder, 'otel-collector'),
    args: ['--config', join(directory, 'collector.yml')],
  };
}

function running(child: ChildServer): RunningServer {
  return intervalServer(child, {
    open: (from) => readLines(join(child.directory, 'out.json'), from),
    complaint: COMPLAINT,
    addAll: addOtlpLines,
  });
}

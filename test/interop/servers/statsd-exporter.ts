// Prometheus' statsd_exporter, read by its /metrics.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import type { StatsdExporterOptions } from '../../../src/index.js';
import type { DialectName } from '../../../src/mapping/dialects/index.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { escapeMetricName } from '../../support/server-models/statsd-exporter.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';
import { prometheusReport } from '../readers/prometheus-report.js';
import { parsePrometheusText } from '../readers/prometheus-text.js';

// Summaries for an hour, with percentiles as exact as client_golang computes them.
const MAPPING = `
defaults:
  observer_type: summary
  summary_options:
    max_age: 1h
    age_buckets: 1
    quantiles:
      - { quantile: 0.5, error: 0.001 }
      - { quantile: 0.9, error: 0.001 }
      - { quantile: 0.95, error: 0.001 }
      - { quantile: 0.99, error: 0.0001 }
`;

/** Metrics about itself. */
const OWN = /^(?:go|process|promhttp|statsd_exporter)_/;
const COMPLAINT = /^statsd_exporter_(?:sample_errors|tag_errors|events_conflict|events_error)_total$/;

export function statsdExporterServer(
  name: string,
  title: string,
  dialect: DialectName,
  options: StatsdExporterOptions = {},
): InteropServer {
  return {
    name,
    title,
    dialect,
    options,
    protocols: ['udp', 'tcp'],
    version: () => installed('statsd-exporter')?.version,
    series: (metric, tags) =>
      seriesText(
        escapeMetricName(metric),
        tags.map(([key, value]): Tag => [escapeMetricName(key), value]),
      ),
    keeps: EXACT,
    timersInSeconds: true,
    async start() {
      const child = new ChildServer({ name, ports: 3, tcpPorts: [1, 2], prepare });
      return running(await child.start());
    },
  };
}

function prepare({ directory, ports: [udp, tcp, web] }: Launch) {
  writeFileSync(join(directory, 'mapping.yml'), MAPPING);
  return {
    program: join(installed('statsd-exporter')!.folder, 'statsd_exporter'),
    args: [
      `--statsd.listen-udp=127.0.0.1:${udp}`,
      `--statsd.listen-tcp=127.0.0.1:${tcp}`,
      `--web.listen-address=127.0.0.1:${web}`,
      '--statsd.mapping-config=mapping.yml',
      '--log.level=debug',
    ],
  };
}

function running(child: ChildServer): RunningServer {
  return {
    port: (protocol) => child.ports[protocol === 'udp' ? 0 : 1]!,
    startOfInterval: async () => {},
    async report() {
      const response = await fetch(`http://127.0.0.1:${child.ports[2]}/metrics`);
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return prometheusReport(parsePrometheusText(text), {
        own: OWN,
        complaint: COMPLAINT,
        series: seriesText,
      });
    },
    kill: () => child.kill(),
    restart: () => child.restart(),
    stop: () => child.stop(),
  };
}

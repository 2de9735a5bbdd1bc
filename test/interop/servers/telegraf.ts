// Telegraf's statsd input, read from the file of its file output. Counters and timers start anew with each interval.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import type { StatsdExporterOptions } from '../../../src/index.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import type { IntervalReport } from '../harness/interval-report.js';
import { intervalServer } from '../harness/interval-server.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';
import { readLines } from '../readers/lines.js';

export interface TelegrafVariant {
  readonly name: string;
  readonly title: string;
  readonly options?: StatsdExporterOptions;
  /** Lines for its statsd input. */
  readonly settings?: string;
}

const COMPLAINT = /^.*[EW]! \[inputs\.statsd\].*$/gm;

export function telegrafServer({ name, title, options = {}, settings = '' }: TelegrafVariant): InteropServer {
  return {
    name,
    title,
    dialect: 'telegraf',
    protocols: ['udp', 'tcp'],
    version: () => installed('telegraf')?.version,
    series: (metric, tags) => seriesText(metric.replaceAll('.', '_'), tags),
    keeps: { ...EXACT, counter: 0.5 + 1e-9 },
    options,
    parsesInParallel: true,
    notes: [
      'Counters are whole numbers.',
      'With its five parsers, exports that arrive at once (after an outage) may take a gauge below zero down twice, until the next export; `number_workers_threads = 1` prevents it.',
    ],
    async start() {
      const prepare = (launch: Launch) => prepareWith(launch, settings);
      const child = new ChildServer({
        name,
        ports: 2,
        tcpPorts: [1],
        prepare,
        isReady: (_, output) => output.includes('UDP listening'),
      });
      return running(await child.start());
    },
  };
}

function prepareWith({ directory, ports: [udp, tcp] }: Launch, settings: string) {
  const input = (protocol: string, port: number | undefined): string => `[[inputs.statsd]]
  protocol = "${protocol}"
  service_address = "127.0.0.1:${port}"
  percentiles = [50.0, 90.0, 95.0, 99.0]
  ${settings}
`;
  const configuration = `[agent]
  interval = "1s"
  flush_interval = "100ms"
  metric_batch_size = 100000
  metric_buffer_limit = 1000000
  omit_hostname = true
[[outputs.file]]
  files = ["${directory}/out.json"]
  data_format = "json"
${input('udp', udp)}${input('tcp', tcp)}`;
  writeFileSync(join(directory, 'telegraf.conf'), configuration);
  return {
    program: join(installed('telegraf')!.folder, 'telegraf'),
    args: ['--config', join(directory, 'telegraf.conf')],
  };
}

interface TelegrafMetric {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number>>;
}

function running(child: ChildServer): RunningServer {
  return intervalServer(child, {
    open: (from) => readLines(join(child.directory, 'out.json'), from),
    complaint: COMPLAINT,
    addAll: (lines, report) => {
      for (const line of lines) add(JSON.parse(line) as TelegrafMetric, report);
    },
  });
}

function add(
  { name, tags: { metric_type: type, ...tags }, fields }: TelegrafMetric,
  report: IntervalReport,
): void {
  const series = seriesText(name, Object.entries(tags));
  if (type === 'counter') report.count(series, fields['value']!);
  else if (type === 'gauge') report.gauge(series, fields['value']!);
  else if (type === 'set') report.set(series, fields['value']!);
  else {
    const { count, sum, mean, lower, upper } = fields as Record<
      'count' | 'sum' | 'mean' | 'lower' | 'upper',
      number
    >;
    const percentiles = Object.fromEntries([50, 90, 95, 99].map((p) => [p, fields[`${p}_percentile`]!]));
    report.time(series, { count, sum, mean, min: lower, max: upper, percentiles });
  }
}

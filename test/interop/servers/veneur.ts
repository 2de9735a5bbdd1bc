// Stripe's veneur, read from what its debug sink logs: values with six decimals, interval by interval.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import type { IntervalReport } from '../harness/interval-report.js';
import { intervalServer } from '../harness/interval-server.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';

const LOGGED = /msg=("(?:[^"\\]|\\.)*")/;
const METRIC = /^ {2}(Counter|Gauge)Metric: (.*?)\(\[(.*)\]\) = (-?[\d.]+)$/s;
const TIMER = /^(.*)\.(count|sum|avg|min|max|median|\d+percentile)$/;
const COMPLAINT = /^.*level=(?:warning|error).*$/gm;
const NAMES: Readonly<Record<string, string>> = { avg: 'mean' };

export const veneur: InteropServer = {
  name: 'veneur',
  title: 'veneur',
  dialect: 'veneur',
  protocols: ['udp', 'tcp'],
  version: () => installed('veneur')?.version,
  series: (name, tags) => textOf(name, tags.map(([key, value]) => `${key}:${value}`).join(' ')),
  // Counters are whole numbers, rates 32-bit floats, and the debug sink prints six decimals.
  keeps: { ...EXACT, counter: 0.5 + 1e-9, gaugeDecimals: 6, timer: 1e-6 },
  // Without a veneur behind it, it reports nothing but percentiles of other histograms; it takes the tag away.
  options: { tags: { veneurlocalonly: 'true' } },
  notes: [
    'Counters are whole numbers; the debug sink prints six decimals.',
    "Without a second veneur behind it, it reports nothing but percentiles of a histogram, unless the tag `veneurlocalonly` says that it is alone: `tags: { veneurlocalonly: 'true' }`.",
  ],
  async start() {
    const child = new ChildServer({ name: 'veneur', ports: 4, tcpPorts: [1, 3], prepare });
    return running(await child.start());
  },
};

/** Tags as Go prints a list of them. */
function textOf(name: string, tags: string): string {
  return tags === '' ? name : `${name}[${tags}]`;
}

function prepare({ directory, ports: [udp, tcp, stats, web] }: Launch) {
  // Its own metrics go to a port on which no server listens.
  const configuration = `statsd_listen_addresses: ["udp://127.0.0.1:${udp}", "tcp://127.0.0.1:${tcp}"]
interval: 1s
stats_address: 127.0.0.1:${stats}
http_address: 127.0.0.1:${web}
omit_empty_hostname: true
percentiles: [0.5, 0.9, 0.95, 0.99]
aggregates: [min, max, count, avg, sum]
num_readers: 1
debug: true
metric_sinks: [{ kind: debug, name: debug }]
`;
  writeFileSync(join(directory, 'veneur.yml'), configuration);
  return {
    program: join(installed('veneur')!.folder, 'veneur'),
    args: ['-f', join(directory, 'veneur.yml')],
  };
}

function running(child: ChildServer): RunningServer {
  const server = intervalServer(child, { open: () => outputOf(child), complaint: COMPLAINT, addAll });
  return { ...server, text: async () => child.output };
}

/** From the beginning: a server that is started again begins anew. */
function outputOf(child: ChildServer): () => string[] {
  let offset = 0;
  return () => {
    const end = child.output.lastIndexOf('\n') + 1;
    const lines = child.output.slice(offset, end).split('\n');
    offset = end;
    return lines;
  };
}

/** A timer is logged as metrics of its own, percentiles among them, which counters and gauges never are. */
function addAll(lines: readonly string[], report: IntervalReport): void {
  const timers = new Map<string, Record<string, number>>();
  const others: (() => void)[] = [];
  for (const line of lines) {
    const message = LOGGED.exec(line)?.[1];
    const [, kind, name = '', tags = '', text] =
      METRIC.exec(message === undefined ? '' : unquote(message)) ?? [];
    if (kind === undefined) continue;
    const value = Number(text);
    const [, timer = '', figure = ''] = TIMER.exec(name) ?? [];
    if (figure !== '') {
      const key = textOf(timer, tags);
      timers.set(key, { ...timers.get(key), [NAMES[figure] ?? figure]: value });
    }
    others.push(() => {
      if (timers.get(textOf(timer, tags))?.['50percentile'] !== undefined) return;
      const series = textOf(name, tags);
      if (kind === 'Counter') report.count(series, value);
      else report.gauge(series, value);
    });
  }
  for (const add of others) add();
  for (const [series, figures] of timers) {
    if (figures['50percentile'] === undefined) continue;
    const percentiles = Object.fromEntries([50, 90, 95, 99].map((p) => [p, figures[`${p}percentile`]!]));
    const { count, sum, mean, min, max } = figures as Record<
      'count' | 'sum' | 'mean' | 'min' | 'max',
      number
    >;
    report.time(series, { count, sum, mean, min, max, percentiles });
  }
}

/** What Go's %q made of a text. */
function unquote(quoted: string): string {
  return JSON.parse(quoted.replace(/\\x([0-9a-f]{2})/g, '\\u00$1')) as string;
}

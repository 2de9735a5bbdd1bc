// Netdata's statsd.plugin, read by its HTTP API. Timers and histograms live for a second there: an application
// (statsd.d) keeps their sums, which the private charts do not show.
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { chartOf } from '../../support/server-models/netdata.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import { poll } from '../harness/poll.js';
import { foldedText } from '../harness/series-text.js';
import {
  EXACT,
  type InteropServer,
  type Report,
  type RunningServer,
  type TimerFigures,
} from '../harness/server.js';
import {
  type PrometheusSample,
  type PrometheusText,
  parsePrometheusText,
} from '../readers/prometheus-text.js';
import { histogramSeries } from '../truth/names.js';

const KIND = /_(counter|gauge|timer|histogram|meter|set|dictionary)$/;
/** Dimensions of its own event counts that ought to stay at zero. */
const NO_EVENTS = /^(?:unknown|errors|meters|dictionaries)$/;
const HISTORY_SECONDS = 120;

const SUMS_CHART = 'sums.sums';
/** One chart with the sums of all timers there may be. */
const APPLICATION = `[app]
  name = sums
  metrics = *
  private charts = yes
[sums]
  name = sums
  title = sums
  family = sums
  context = sums
  units = u
  type = line
${histogramSeries.map((series) => `  dimension = ${series} ${series} sum 1 1`).join('\n')}
`;

export const netdata: InteropServer = {
  name: 'netdata',
  title: 'Netdata',
  dialect: 'netdata',
  protocols: ['udp', 'tcp'],
  version: () => installed('netdata')?.version,
  series: (name, tags) => chartOf(foldedText(name, tags)),
  // Counters are whole numbers; gauges and timers have three decimals.
  keeps: { ...EXACT, counter: 0.5 + 1e-9, gaugeDecimals: 3, digits: 15, timer: 1e-3 },
  notes: [
    'Counters are whole numbers and gauges have three decimals, which the exporter cannot change; a gauge of 9.2e15 or more is dropped and counted.',
    'It counts lines rather than recordings of a timer (`events`), so there is no count to compare; percentiles are its median and its 95th.',
    'Attributes are part of the name, for it has no tags; names are lower-cased. Before 1.40 they have at most 182 characters.',
  ],
  async start() {
    const child = new ChildServer({ name: 'netdata', ports: 2, tcpPorts: [0, 1], prepare });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [statsd, web] }: Launch) {
  const root = installed('netdata')!.folder;
  for (const folder of ['cache', 'lib', 'log']) mkdirSync(join(directory, folder), { recursive: true });
  const configuration = `[global]
  run as user = ${userInfo().username}
[db]
  mode = ram
  retention = ${HISTORY_SECONDS}
[directories]
  config = ${directory}
  stock config = ${directory}
  user config = ${directory}
  cache = ${directory}/cache
  lib = ${directory}/lib
  log = ${directory}/log
  home = ${directory}
  web = ${directory}
  plugins = ${directory}
[web]
  bind to = 127.0.0.1:${web}
[plugins]
  proc = no
  diskspace = no
  cgroups = no
  tc = no
  idlejitter = no
  timex = no
  enable running new plugins = no
[health]
  enabled = no
[ml]
  enabled = no
[statsd]
  bind to = udp:127.0.0.1:${statsd} tcp:127.0.0.1:${statsd}
  max private charts hard limit = 100000
`;
  writeFileSync(join(directory, 'netdata.conf'), configuration);
  mkdirSync(join(directory, 'statsd.d'), { recursive: true });
  writeFileSync(join(directory, 'statsd.d', 'sums.conf'), APPLICATION);
  return {
    program: join(root, 'usr/sbin/netdata'),
    args: ['-D', '-c', join(directory, 'netdata.conf')],
    env: { LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') },
  };
}

type Held = Omit<Report, 'complaints'>;

function running(child: ChildServer): RunningServer {
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${child.ports[1]}/api/v1/${path}`);
    return response.text();
  };
  const collected = async (): Promise<PrometheusText> =>
    parsePrometheusText(await ask('allmetrics?format=prometheus&source=as-collected&help=no'));
  const history = async (chart: string): Promise<Row[]> =>
    rowsOf(await ask(`data?chart=${chart}&after=-${HISTORY_SECONDS}&points=${HISTORY_SECONDS}&format=json`));
  const collections = async (): Promise<string> => {
    const text = await ask(
      'allmetrics?format=prometheus&source=as-collected&help=no&filter=netdata.statsd_metrics',
    );
    return /(\d+)$/.exec(text.trim())?.[1] ?? '';
  };
  // While it is busy an answer may leave out charts, which then keep their values here.
  let held: Held = { counters: {}, gauges: {}, timers: {} };
  return {
    port: () => child.ports[0]!,
    async startOfInterval() {
      const before = await collections();
      await poll('netdata to collect', async () => ((await collections()) === before ? undefined : true));
    },
    async report() {
      const { counters, gauges, charts, complaints } = readValues((await collected()).samples);
      const sums = charts.length === 0 ? [] : await history(SUMS_CHART);
      const timers: Record<string, TimerFigures[]> = {};
      const sets: Record<string, number> = {};
      for (const chart of charts) {
        const series = seriesOf(chart);
        if (chart.endsWith('_set')) {
          const rows = await history(chart);
          sets[series] = rows.reduce((sum, row) => sum + (row['unique'] ?? 0), 0);
        } else timers[series] = (await history(chart)).map((row) => toFigures(row, sums, series));
      }
      held = {
        counters: { ...held.counters, ...counters },
        gauges: { ...held.gauges, ...gauges },
        sets: { ...held.sets, ...sets },
        timers: { ...held.timers, ...timers },
      };
      return { ...held, complaints };
    },
    kill: () => child.kill(),
    restart() {
      held = { counters: {}, gauges: {}, timers: {} };
      return child.restart();
    },
    stop: () => child.stop(),
  };
}

function seriesOf(chart: string): string {
  return chart.replace(/^statsd_/, '').replace(KIND, '');
}

function readValues(samples: readonly PrometheusSample[]) {
  const counters: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const charts = new Set<string>();
  const complaints: string[] = [];
  for (const { name, labels, value } of samples) {
    const [chart = '', dimension = ''] = [labels.get('chart'), labels.get('dimension')];
    if (name === 'netdata_netdata_statsd_events_total' && NO_EVENTS.test(dimension) && value > 0) {
      complaints.push(`${value} ${dimension}`);
    }
    if (!chart.startsWith('statsd_')) continue;
    // Labels end at 256 bytes (exporting/prometheus PROMETHEUS_ELEMENT_MAX), and the kind is at the end of the chart's
    // name; the dimension of a counter or gauge is its kind.
    const kind = KIND.exec(chart)?.[1] ?? dimension;
    const series = seriesOf(chart);
    if (kind === 'counter') counters[series] = value;
    else if (kind === 'gauge') gauges[series] = value / 1000;
    else charts.add(chart);
  }
  return { counters, gauges, charts: [...charts], complaints };
}

/** A second in which there was something, by dimension. */
type Row = Readonly<Record<string, number>>;

function rowsOf(text: string): Row[] {
  // Its answer for a chart that has no values yet.
  if (text.startsWith('No metrics')) return [];
  const { labels, data } = JSON.parse(text) as { labels: string[]; data: (number | null)[][] };
  return data
    .filter(([, ...values]) => values.some((value) => value !== null && value !== 0))
    .map((values) => Object.fromEntries(values.map((value, index) => [labels[index], value ?? 0])));
}

function toFigures(row: Row, sums: readonly Row[], series: string): TimerFigures {
  return {
    sum: sumOf(row['time']!, sums, series),
    min: row['min']!,
    max: row['max']!,
    mean: row['average']!,
    percentiles: { 50: row['median']!, 95: row['95.0%']! },
  };
}

/** Another chart's row, which may be of the next second or the one before. NaN as long as there is none. */
function sumOf(time: number, sums: readonly Row[], series: string): number {
  for (const shift of [0, 1, -1]) {
    const sum = sums.find((row) => row['time'] === time + shift)?.[series];
    if (sum !== undefined && sum !== 0) return sum;
  }
  return Number.NaN;
}

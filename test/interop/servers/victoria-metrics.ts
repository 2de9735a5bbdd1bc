// VictoriaMetrics' Graphite listener, read by its export API. As with carbon, a series is reported as a counter (the sum
// of its points) and as a gauge (the last of them).
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type Report, type RunningServer } from '../harness/server.js';

const COMPLAINT = /^vm_(?:rows_invalid|protoparser_\w*errors)_total\{type="graphite".*\} (?!0$).*$/gm;

export const victoriaMetrics: InteropServer = {
  name: 'victoria-metrics',
  title: 'VictoriaMetrics',
  dialect: 'carbon',
  protocols: ['tcp', 'udp'],
  version: () => installed('victoria-metrics')?.version,
  series: seriesText,
  // It rounds decimal mantissas to what saves space (lib/decimal).
  keeps: { ...EXACT, digits: 12 },
  remembers: true,
  oneExportPerSecond: true,
  notes: [
    'As carbon, but two points of one second are both kept: exports have to be a second apart.',
    'Values come back with 12 digits.',
  ],
  async start() {
    const child = new ChildServer({ name: 'victoria-metrics', ports: 2, tcpPorts: [0, 1], prepare });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [line, web] }: Launch) {
  return {
    program: join(installed('victoria-metrics')!.folder, 'usr/bin/victoria-metrics'),
    args: [
      `-graphiteListenAddr=127.0.0.1:${line}`,
      `-httpListenAddr=127.0.0.1:${web}`,
      `-storageDataPath=${directory}/data`,
    ],
  };
}

function running(child: ChildServer): RunningServer {
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${child.ports[1]}${path}`);
    return response.text();
  };
  return {
    port: () => child.ports[0]!,
    startOfInterval: async () => {},
    async report() {
      await ask('/internal/force_flush');
      const series = await ask('/api/v1/export?match[]=%7B__name__!=%22%22%7D');
      const complaints = (await ask('/metrics')).match(COMPLAINT) ?? [];
      return { ...readValues(series), complaints };
    },
    // What it has not written to its disk for seconds is its own to lose; this is about what is on its way to it.
    kill: () => child.terminate(),
    restart: () => child.restart(),
    stop: () => child.stop(),
  };
}

interface ExportedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}

function readValues(text: string): Omit<Report, 'complaints'> {
  const counters: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const { metric, values, timestamps } = JSON.parse(line) as ExportedSeries;
    const { __name__: name = '', ...labels } = metric;
    const series = seriesText(name, Object.entries(labels));
    const last = timestamps.indexOf(Math.max(...timestamps));
    counters[series] = values.reduce((total, value) => total + value, 0);
    gauges[series] = values[last]!;
  }
  return { counters, gauges, timers: {} };
}

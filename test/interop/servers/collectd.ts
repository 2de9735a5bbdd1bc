// collectd's statsd plugin, read from the files of its csv plugin: one per series, one line per second.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import { foldedText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type Report, type RunningServer } from '../harness/server.js';

/** `derive-NAME-YYYY-MM-DD`: counters are totals there (StoreRates false). */
const FILE = /^(derive|gauge|latency|objects)-(.+)-\d{4}-\d\d-\d\d$/;
const COMPLAINT = /statsd plugin: (?!Listening).*/g;

export const collectd: InteropServer = {
  name: 'collectd',
  title: 'collectd',
  dialect: 'collectd',
  protocols: ['udp'],
  version: () => installed('collectd')?.version,
  series: foldedText,
  // Counters are reported as whole numbers; the csv plugin writes six decimals.
  keeps: { ...EXACT, counter: 1, gaugeDecimals: 6, digits: 15, timer: 1e-3 },
  notes: [
    "Histograms are summaries: it divides values by the rate and cuts them to whole milliseconds. Their percentiles are those of the SDK's default buckets, which are coarse.",
    'Counters are reported as whole numbers, with the rest carried on; the csv plugin writes six decimals.',
  ],
  async start() {
    const child = new ChildServer({
      name: 'collectd',
      ports: 1,
      tcpPorts: [],
      prepare,
      isReady: (_, output) => output.includes('Initialization complete'),
    });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [udp] }: Launch) {
  const root = installed('collectd')!.folder;
  const configuration = `Hostname "h"
FQDNLookup false
BaseDir "${directory}"
PIDFile "${directory}/pid"
PluginDir "${root}/usr/lib/collectd"
TypesDB "${root}/usr/share/collectd/types.db"
Interval 1
LoadPlugin statsd
LoadPlugin csv
<Plugin statsd>
  Host "127.0.0.1"
  Port "${udp}"
  CounterSum true
</Plugin>
<Plugin csv>
  DataDir "${directory}/csv"
  StoreRates false
</Plugin>
`;
  writeFileSync(join(directory, 'collectd.conf'), configuration);
  return {
    program: join(root, 'usr/sbin/collectd'),
    args: ['-f', '-C', join(directory, 'collectd.conf')],
    env: { LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') },
  };
}

function running(child: ChildServer): RunningServer {
  return {
    port: () => child.ports[0]!,
    startOfInterval: async () => {},
    report: async () => ({
      ...readFiles(join(child.directory, 'csv/h/statsd')),
      complaints: complaintsOf(child),
    }),
    kill: () => child.kill(),
    restart: () => child.restart(),
    stop: () => child.stop(),
  };
}

function complaintsOf({ output }: ChildServer): string[] {
  return [...output.matchAll(COMPLAINT)].map(([text]) => text);
}

function readFiles(folder: string): Omit<Report, 'complaints'> {
  const counters: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const sets: Record<string, number> = {};
  for (const file of filesOf(folder)) {
    const [, kind, name = ''] = FILE.exec(file) ?? [];
    const values = valuesOf(readFileSync(join(folder, file), 'utf8'));
    const value = values.at(-1);
    if (value === undefined) continue;
    if (kind === 'derive') counters[name] = value;
    else if (kind === 'objects') sets[name] = values.reduce((sum, members) => sum + members, 0);
    else gauges[name] = value;
  }
  return { counters, gauges, sets, timers: {} };
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Of all whole lines. The first is a header. */
function valuesOf(text: string): number[] {
  const [, ...lines] = text.slice(0, Math.max(text.lastIndexOf('\n'), 0)).split('\n');
  return lines.map((line) => Number(line.split(',')[1]));
}

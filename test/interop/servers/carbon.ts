// Graphite's carbon-cache, read from its whisper files. Values have no types there: each series is reported both as a
// counter (the sum of its points) and as a gauge (the last of them).
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { canonicalPath } from '../../support/server-models/carbon.js';
import { ChildServer, type Command, type Launch } from '../harness/child-server.js';
import { graphitePath } from '../harness/series-text.js';
import { EXACT, type InteropServer, type Report, type RunningServer } from '../harness/server.js';
import { readWhisper } from '../readers/whisper.js';

/** Longer than a run takes, and small files for thousands of series. */
const SCHEMAS = '[all]\npattern = .*\nretentions = 1s:5m\n';
const CREATED = /creating database metric (\S+) \(/g;
const COMPLAINT = /.*(?:invalid line|Error parsing|connection with .* lost|Traceback).*/g;

export const carbon: InteropServer = {
  name: 'carbon',
  title: 'carbon',
  dialect: 'carbon',
  protocols: ['tcp', 'udp'],
  version: () => installed('carbon')?.version,
  series: (name, tags) => canonicalPath(graphitePath(name, tags)),
  keeps: EXACT,
  remembers: true,
  notes: [
    "It computes nothing: counters are the sum of their points, histograms summaries. Their percentiles are those of the SDK's default buckets, which are coarse.",
    'Exports within one second are one point, which is their sum.',
  ],
  async start() {
    const child = new ChildServer({ name: 'carbon', ports: 3, tcpPorts: [0, 2], prepare });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [line, udp, query] }: Launch): Command {
  return prepareCarbon(
    'carbon-cache',
    directory,
    cacheSection(directory, { line: line!, query: query! }, [
      'ENABLE_UDP_LISTENER = True',
      'UDP_RECEIVER_INTERFACE = 127.0.0.1',
      `UDP_RECEIVER_PORT = ${udp}`,
      'PICKLE_RECEIVER_PORT = 0',
    ]),
  );
}

/** Writes the configuration of a daemon of carbon, and says how to start it. */
export function prepareCarbon(
  program: 'carbon-cache' | 'carbon-relay',
  directory: string,
  section: string,
): Command {
  const root = installed('carbon')!.folder;
  writeFileSync(join(directory, 'carbon.conf'), section);
  writeFileSync(join(directory, 'storage-schemas.conf'), SCHEMAS);
  return {
    program: '/usr/bin/python3',
    args: [
      join(root, 'usr/bin', program),
      '--nodaemon',
      `--config=${join(directory, 'carbon.conf')}`,
      'start',
    ],
    env: { PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'), PYTHONDONTWRITEBYTECODE: '1' },
  };
}

/** Of carbon.conf: a cache that writes what it gets at once. */
export function cacheSection(
  directory: string,
  { line, query }: { readonly line: number; readonly query: number },
  more: readonly string[],
): string {
  return `[cache]
${carbonFolders(directory)}
LOCAL_DATA_DIR = ${directory}/data
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = ${line}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = ${query}
ENABLE_TAGS = False
MAX_CACHE_SIZE = inf
MAX_UPDATES_PER_SECOND = inf
MAX_CREATES_PER_MINUTE = inf
CARBON_METRIC_INTERVAL = 0
LOG_CREATES = True
${more.join('\n')}
`;
}

export function carbonFolders(directory: string): string {
  return ['STORAGE_DIR', 'CONF_DIR', 'LOG_DIR', 'PID_DIR'].map((name) => `${name} = ${directory}`).join('\n');
}

function running(child: ChildServer): RunningServer {
  const read = carbonReader(child);
  return {
    port: (protocol) => child.ports[protocol === 'tcp' ? 0 : 1]!,
    startOfInterval: async () => {},
    async report() {
      return { ...read(), complaints: [...child.output.matchAll(COMPLAINT)].map(([text]) => text) };
    },
    kill: () => child.kill(),
    restart: () => child.restart(),
    stop: () => child.stop(),
  };
}

/** Answers what the whisper files of a cache hold. */
export function carbonReader(child: ChildServer): () => Omit<Report, 'complaints'> {
  const created = new Set<string>();
  return () => {
    // The cache's log begins anew when it is started again.
    for (const [, path = ''] of child.output.matchAll(CREATED)) created.add(path);
    return readValues(join(child.directory, 'data'), created);
  };
}

function readValues(folder: string, paths: ReadonlySet<string>): Omit<Report, 'complaints'> {
  const counters: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  for (const path of paths) {
    const file = join(folder, fileOf(path));
    if (!existsSync(file)) continue;
    const points = [...readWhisper(file)].sort(([a], [b]) => a - b);
    counters[path] = points.reduce((total, [, value]) => total + value, 0);
    gauges[path] = points.at(-1)?.[1] ?? Number.NaN;
  }
  return { counters, gauges, timers: {} };
}

/** lib/carbon/util.py TaggedSeries.encode: tagged series lie by their hash. */
function fileOf(path: string): string {
  if (!path.includes(';')) return `${path.replaceAll('.', '/')}.wsp`;
  const hash = createHash('sha256').update(path).digest('hex');
  return `_tagged/${hash.slice(0, 3)}/${hash.slice(3, 6)}/${hash}.wsp`;
}

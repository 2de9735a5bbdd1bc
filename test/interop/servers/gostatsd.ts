// Atlassian's gostatsd, read by a stand-in for the InfluxDB that it reports to, interval by interval.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Command } from '../harness/child-server.js';
import { IntervalReport } from '../harness/interval-report.js';
import { awaitFlush } from '../harness/marker.js';
import { HOST } from '../harness/ports.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';
import { parseInfluxLine } from '../readers/influx-line.js';
import { udpSocketState } from '../readers/udp-socket.js';

const COMPLAINT = /^.*(?:Bad line|parsing metric|level=(?:warning|error)).*$/gim;
/** Metrics about itself. */
const OWN = /^statsd\./;

export const gostatsd: InteropServer = {
  name: 'gostatsd',
  title: 'gostatsd',
  dialect: 'gostatsd',
  protocols: ['udp'],
  version: () => installed('gostatsd')?.version,
  series: seriesText,
  keeps: { ...EXACT, counter: 0.5 + 1e-9 },
  notes: [
    'Counters are whole numbers. Sum and maximum of its own are of the samples; the sum is the counter `.sum`.',
    '`host` as an attribute is sent as `host_`: with ignore-host it takes the tag away and calls it the source.',
  ],
  async start() {
    const influx = await startInflux();
    const child = new ChildServer({
      name: 'gostatsd',
      ports: 1,
      tcpPorts: [],
      prepare: ({ directory, ports: [udp] }) =>
        prepareGostatsd(directory, aggregatorSettings(udp!, influx.backend)),
      isReady: ({ ports: [udp] }) => udpSocketState(udp!) !== undefined,
    });
    return running(await child.start(), influx);
  },
};

/** What stands in for a backend, and reads what it is sent. */
interface BackendStandIn {
  /** The report since the start or `reset()`. */
  report(): IntervalReport;
  reset(): void;
  stop(): Promise<void>;
}

export interface Influx extends BackendStandIn {
  /** Lines of gostatsd's configuration. */
  readonly backend: string;
}

export async function startInflux(): Promise<Influx> {
  let report = new IntervalReport();
  const server = await standIn((body) => {
    for (const line of body.split('\n')) if (line !== '') add(line, report);
  });
  return {
    backend: `backends = 'influxdb'
[influxdb]
api-endpoint = 'http://${HOST}:${portOf(server)}'
bucket = 'b'
org = 'o'
compress-payload = false
`,
    report: () => report,
    reset() {
      report = new IntervalReport();
    },
    stop: async () => stopStandIn(server),
  };
}

/** With its backend for Datadog, of which the text is what it sends. */
export async function startWithDatadog(): Promise<RunningServer> {
  let sent = '';
  const datadog = await standIn((body) => {
    sent += `${body}\n`;
  });
  const backend = `backends = 'datadog'
[datadog]
api_key = 'k'
api_endpoint = 'http://${HOST}:${portOf(datadog)}'
compress_payload = false
`;
  const child = new ChildServer({
    name: 'gostatsd',
    ports: 1,
    tcpPorts: [],
    prepare: ({ directory, ports: [udp] }) => prepareGostatsd(directory, aggregatorSettings(udp!, backend)),
    isReady: ({ ports: [udp] }) => udpSocketState(udp!) !== undefined,
  });
  const unread = {
    report: () => new IntervalReport(),
    reset: () => {},
    stop: async () => stopStandIn(datadog),
  };
  return { ...running(await child.start(), unread), text: async () => sent };
}

async function standIn(receive: (body: string) => void): Promise<Server> {
  const server = createServer(async (request, response) => {
    receive(await text(request));
    response.writeHead(204).end();
  }).listen(0, HOST);
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function stopStandIn(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** Writes its configuration and says how to start it. */
export function prepareGostatsd(directory: string, configuration: string): Command {
  writeFileSync(join(directory, 'gostatsd.toml'), configuration);
  return {
    program: join(installed('gostatsd')!.folder, 'gostatsd'),
    args: ['--config-path', join(directory, 'gostatsd.toml')],
  };
}

/** Of a gostatsd that aggregates; `rest` ends with sections. */
export function aggregatorSettings(udp: number, rest: string): string {
  return `metrics-addr = '127.0.0.1:${udp}'
flush-interval = '1s'
percent-threshold = '50 90 95 99'
ignore-host = true
bad-lines-per-minute = 1000000
hostname = ''
${rest}`;
}

function running(child: ChildServer, backend: BackendStandIn): RunningServer {
  const read = () => backend.report().toReport(child.output.match(COMPLAINT) ?? []);
  return {
    port: () => child.ports[0]!,
    startOfInterval: () => awaitFlush(child.ports[0]!, 'marker', () => read().gauges),
    report: async () => read(),
    kill: () => child.kill(),
    async restart() {
      backend.reset();
      await child.restart();
    },
    async stop() {
      await child.stop();
      await backend.stop();
    },
  };
}

function add(line: string, report: IntervalReport): void {
  const { measurement, tags, fields } = parseInfluxLine(line);
  if (OWN.test(measurement)) return;
  const series = seriesText(measurement, tags);
  if (fields['value'] !== undefined) report.gauge(series, fields['value']);
  else if (fields['lower'] === undefined && fields['rate'] === undefined)
    report.set(series, fields['count']!);
  else if (fields['lower'] === undefined) report.count(series, fields['count']!);
  else if (fields['count']! > 0) {
    const { count, sum, mean, lower, upper } = fields as Record<
      'count' | 'sum' | 'mean' | 'lower' | 'upper',
      number
    >;
    const percentiles = Object.fromEntries([50, 90, 95, 99].map((p) => [p, fields[`upper_${p}`]!]));
    report.time(series, { count, sum, mean, min: lower, max: upper, percentiles });
  }
}

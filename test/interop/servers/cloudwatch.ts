// The StatsD input of the CloudWatch agent, read from what it hands to the agent's output (scripts/interop/cloudwatch):
// distributions of values and weights, of which CloudWatch takes the percentiles. They are taken here.
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer } from '../harness/child-server.js';
import { IntervalReport } from '../harness/interval-report.js';
import { awaitFlush } from '../harness/marker.js';
import { seriesText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type Report, type RunningServer } from '../harness/server.js';
import { udpSocketState } from '../readers/udp-socket.js';

const COMPLAINT = /^.*[EW]! .*$/gm;

export const cloudwatch: InteropServer = {
  name: 'cloudwatch',
  title: 'CloudWatch agent',
  dialect: 'cloudwatch',
  protocols: ['udp'],
  version: () => installed('cloudwatch')?.version,
  series: (name, tags) => seriesText(name.replaceAll('.', '_'), tags),
  keeps: { ...EXACT, counter: 0.5 + 1e-9 },
  notes: [
    'Its StatsD input alone, for the agent wants an account; percentiles are those of the values and weights that it hands on.',
    'Counters are whole numbers.',
  ],
  async start() {
    const child = new ChildServer({
      name: 'cloudwatch',
      ports: 1,
      tcpPorts: [],
      prepare: ({ ports: [udp] }) => ({
        program: join(installed('cloudwatch')!.folder, 'cloudwatch-statsd'),
        args: [`127.0.0.1:${udp}`],
      }),
      isReady: ({ ports: [udp] }) => udpSocketState(udp!) !== undefined,
    });
    return running(await child.start());
  },
};

interface Distribution {
  readonly Count: number;
  readonly Sum: number;
  readonly Min: number;
  readonly Max: number;
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
}

interface Printed {
  readonly name: string;
  readonly fields: { readonly value: number | Distribution };
  readonly tags: Readonly<Record<string, string>>;
}

function running(child: ChildServer): RunningServer {
  let offset = 0;
  let report = new IntervalReport();
  const read = (): Report => {
    const end = child.output.lastIndexOf('\n') + 1;
    for (const line of child.output.slice(offset, end).split('\n')) {
      if (line.startsWith('{')) add(JSON.parse(line) as Printed, report);
    }
    offset = end;
    return report.toReport(child.output.match(COMPLAINT) ?? []);
  };
  return {
    port: () => child.ports[0]!,
    startOfInterval: () => awaitFlush(child.ports[0]!, 'marker', () => read().gauges),
    report: async () => read(),
    kill: () => child.kill(),
    async restart() {
      offset = 0;
      report = new IntervalReport();
      await child.restart();
    },
    stop: () => child.stop(),
  };
}

function add(
  { name, fields: { value }, tags: { metric_type: type, ...tags } }: Printed,
  report: IntervalReport,
): void {
  const series = seriesText(name, Object.entries(tags));
  if (typeof value !== 'number') report.time(series, figuresOf(value));
  else if (type === 'counter') report.count(series, value);
  else if (type === 'set') report.set(series, value);
  else report.gauge(series, value);
}

function figuresOf({ Count, Sum, Min, Max, Values, Counts }: Distribution) {
  const weighted = Values.map((value, index) => ({ value, weight: Counts[index]! })).sort(
    (a, b) => a.value - b.value,
  );
  const percentile = (p: number): number => {
    let covered = 0;
    const found = weighted.find(({ weight }) => {
      covered += weight;
      return covered >= (p / 100) * Count;
    });
    return found?.value ?? Max;
  };
  const percentiles = Object.fromEntries([50, 90, 95, 99].map((p) => [p, percentile(p)]));
  return { count: Count, sum: Sum, min: Min, max: Max, percentiles };
}

// GitHub's brubeck, read by a stand-in for the carbon that it reports to every second. Lines have no types: each series is
// reported both as a counter (the sum of its values) and as a gauge (the last of them).
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import { awaitFlush } from '../harness/marker.js';
import { HOST } from '../harness/ports.js';
import { foldedText } from '../harness/series-text.js';
import {
  EXACT,
  type InteropServer,
  type Report,
  type RunningServer,
  type TimerFigures,
} from '../harness/server.js';
import { udpSocketState } from '../readers/udp-socket.js';

const TIMER = /^(.*)\.(count_ps|count|min|max|sum|mean|median|percentile\.\d+)$/;
const COMPLAINT = /^.*event=packet_drop.*$/gm;
/** Metrics about itself. */
const OWN = /^b\./;

export const brubeck: InteropServer = {
  name: 'brubeck',
  title: 'brubeck',
  dialect: 'brubeck',
  protocols: ['udp'],
  version: () => installed('brubeck')?.version,
  series: foldedText,
  // It prints 32-bit floats with at most four decimals, cut off.
  keeps: { ...EXACT, counter: 1e-3, gaugeDecimals: 4, digits: 7, timer: 1e-3 },
  notes: [
    'It prints 32-bit floats with four decimals, cut off rather than rounded; what is 2^32 or more is dropped and counted.',
    'A name of more than 981 characters ends it, so none is sent.',
    'Its own sum of a timer, which is of the samples, has the name that a counter of the exact sum would have, so none is sent.',
  ],
  async start() {
    const carbon = new CarbonSink();
    await carbon.listen();
    const child = new ChildServer({
      name: 'brubeck',
      ports: 1,
      tcpPorts: [],
      prepare: (launch) => prepare(launch, carbon.port),
      isReady: ({ ports: [udp] }) => udpSocketState(udp!) !== undefined && carbon.isConnected,
    });
    return running(await child.start(), carbon);
  },
};

function prepare({ directory, ports: [udp] }: Launch, carbon: number) {
  const configuration = {
    server_name: 'b',
    dumpfile: join(directory, 'dump'),
    capacity: 15,
    expire: 3600,
    backends: [{ type: 'carbon', address: HOST, port: carbon, frequency: 1 }],
    samplers: [{ type: 'statsd', address: HOST, port: udp, workers: 1, multisock: false, multimsg: 1 }],
  };
  writeFileSync(join(directory, 'brubeck.json'), JSON.stringify(configuration));
  return {
    program: join(installed('brubeck')!.folder, 'brubeck'),
    args: [`--config=${join(directory, 'brubeck.json')}`],
  };
}

function running(child: ChildServer, carbon: CarbonSink): RunningServer {
  const read = () => carbon.report(child.output.match(COMPLAINT) ?? []);
  return {
    port: () => child.ports[0]!,
    startOfInterval: () => awaitFlush(child.ports[0]!, 'marker', () => read().gauges),
    report: async () => read(),
    text: async () => carbon.text(),
    kill: () => child.kill(),
    async restart() {
      carbon.forget();
      await child.restart();
    },
    async stop() {
      await child.stop();
      carbon.close();
    },
  };
}

class CarbonSink {
  #lines: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    createInterface(socket).on('line', (line) => this.#lines.push(line));
  });

  async listen(): Promise<void> {
    await once(this.#server.listen(0, HOST), 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get isConnected(): boolean {
    return this.#sockets.size > 0;
  }

  forget(): void {
    this.#lines = [];
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  text(): string {
    return this.#lines.join('\n');
  }

  report(complaints: readonly string[]): Report {
    const counters: Record<string, number> = {};
    const gauges: Record<string, number> = {};
    const timers = new Map<string, Map<string, Record<string, number>>>();
    const points = this.#lines.map((line) => line.split(' ')).filter(([name = '']) => !OWN.test(name));
    const names = new Set(points.map(([name]) => name));
    for (const [name = '', text, second = ''] of points) {
      const value = Number(text);
      const [, timer, figure = ''] = TIMER.exec(name) ?? [];
      if (timer === undefined || !names.has(`${timer}.median`)) {
        counters[name] = (counters[name] ?? 0) + value;
        gauges[name] = value;
        continue;
      }
      const seconds = timers.get(timer) ?? new Map<string, Record<string, number>>();
      timers.set(timer, seconds.set(second, { ...seconds.get(second), [figure]: value }));
    }
    const rows = [...timers].map(
      ([timer, seconds]) => [timer, [...seconds.values()].flatMap(toFigures)] as const,
    );
    return {
      counters,
      gauges,
      timers: Object.fromEntries(rows.filter(([, all]) => all.length > 0)),
      complaints,
    };
  }
}

/** None for a second without values, which is reported as zeros, and for metrics that only look like a timer's. */
function toFigures(row: Readonly<Record<string, number>>): TimerFigures[] {
  if (row['median'] === undefined || row['count'] === undefined || row['count'] === 0) return [];
  const { count, sum, mean, min, max } = row as Record<'count' | 'sum' | 'mean' | 'min' | 'max', number>;
  const percentiles = { 50: row['median'], 95: row['percentile.95']!, 99: row['percentile.99']! };
  return [{ count, sum, mean, min, max, percentiles }];
}

// A host's app → a Collector on that host → a gateway Collector → a file.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../../examples/many-hosts/hosts.js';
import type { ChildServer } from '../harness/child-server.js';
import { IntervalReport } from '../harness/interval-report.js';
import { poll } from '../harness/poll.js';
import { seriesText } from '../harness/series-text.js';
import { readLines } from '../readers/lines.js';
import { addOtlpLines } from '../readers/otlp-json.js';
import { udpSocketState } from '../readers/udp-socket.js';
import { POLL, startApps, stopLater, stopServersAfterAll } from './apps.js';
import { gatewayFile, type HostCollectorOptions, startGateway, startHostCollector } from './collectors.js';
import {
  figuresFor,
  interval,
  isReported,
  type Naming,
  requestTags,
  type Totals,
  totalsOf,
} from './measured.js';

/** Every host has series of its own: a backend takes the points of two senders with one series for one series whose value alternates. */
const naming: Naming = {
  series: seriesText,
  count: seriesText,
  requests: (method, status, tags) =>
    seriesText('shop.http.server.request.duration', [...requestTags(method, status), ...tags]),
  tags: (host) => [['instance', host]],
};

const deathClaims = {
  tcp: 'every series is exact when the Collector of a host is killed and comes back',
  udp: 'a Collector that is killed costs its host at most what was measured in its absence, and no other host',
};

interface Route {
  readonly protocol: 'udp' | 'tcp';
  readonly gateway: ChildServer;
  readonly collectors: readonly ChildServer[];
  /** Everything that the gateway has written so far. */
  reported(): Totals;
}

async function startRoute(options: HostCollectorOptions): Promise<Route> {
  const gateway = stopLater(await startGateway());
  const collectors = await Promise.all(
    [0, 1, 2].map(async () => stopLater(await startHostCollector(gateway.ports[0]!, options))),
  );
  const newLines = readLines(gatewayFile(gateway));
  const lines: string[] = [];
  return {
    protocol: options.protocol,
    gateway,
    collectors,
    reported() {
      lines.push(...newLines());
      const report = new IntervalReport();
      // Batches that had to wait come in any order; it is their time that says which gauge is the newest.
      addOtlpLines(
        lines.toSorted((a, b) => timeOf(a) - timeOf(b)),
        report,
      );
      const { counters, gauges, timers } = report.toReport([]);
      const total = (figure: 'count' | 'sum', name: (series: string) => string) =>
        Object.fromEntries(
          Object.entries(timers).map(([series, intervals]) => [
            name(series),
            // Sums of binary fractions.
            Math.round(intervals.reduce((all, figures) => all + figures[figure]!, 0) * 1e6) / 1e6,
          ]),
        );
      return {
        // The sum is the histogram's own; the exporter sends no counter beside it.
        counters: { ...counters, ...total('sum', (series) => series.replace('{', '.sum{')) },
        gauges,
        counts: total('count', (series) => series),
      };
    },
  };
}

const startAppsAt = ({ collectors, protocol }: Route): Promise<Host[]> =>
  startApps((host, index) => ({
    OTEL_EXPORTER_STATSD_ENDPOINT: `${protocol}://127.0.0.1:${collectors[index]!.ports[0]}`,
    OTEL_EXPORTER_STATSD_DIALECT: 'otel-collector',
    OTEL_EXPORTER_STATSD_TAGS: `instance=${host}`,
    // While its Collector is away a flush takes this long.
    OTEL_EXPORTER_STATSD_TIMEOUT: '1000',
  }));

/** Of a batch; all its points have the same. In milliseconds, which are exact. */
function timeOf(line: string): number {
  return Number(/"timeUnixNano":"(\d+)\d{6}"/.exec(line)?.[1]);
}

describe.each(['tcp', 'udp'] as const)(
  'hosts → a Collector each → gateway Collector, over %s',
  (protocol) => {
    stopServersAfterAll();
    let route: Route;
    let hosts: readonly Host[];
    beforeAll(async () => {
      route = await startRoute({ protocol });
      hosts = await startAppsAt(route);
    });
    // Since the start, so that each test also sees that nothing comes twice later on.
    const measure = async () => totalsOf(await interval(hosts), naming);

    it('every series of three intervals is exact', async () => {
      for (let count = 0; count < 3; count++) await isReported(route, await measure());
      expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
    });

    it('every series is exact when the gateway is killed and comes back', async () => {
      await isReported(route, await measure());
      await route.gateway.kill();
      await measure();
      await measure();
      await route.gateway.restart();
      await isReported(route, await measure());
    });

    it(deathClaims[protocol], async () => {
      const first = await measure();
      await isReported(route, first);
      await route.collectors[1]!.kill();
      await measure();
      const away = await measure();
      await route.collectors[1]!.restart();
      const last = await measure();
      if (protocol === 'tcp') return isReported(route, last);
      const wrong = () => {
        const reported = figuresFor(last, route.reported());
        return (['counters', 'counts', 'gauges'] as const).flatMap((kind) =>
          Object.entries(last[kind]).filter(([series, most]) => {
            const isExact = kind === 'gauges' || !series.includes('instance="host2"');
            const least = isExact ? most : first[kind][series]! + most - away[kind][series]!;
            const figure = reported[kind][series] ?? Number.NaN;
            return !(least <= figure && figure <= most);
          }),
        );
      };
      await expect.poll(wrong, POLL).toEqual([]);
    });
  },
);

describe('a Collector of a host that ends', () => {
  stopServersAfterAll();

  it.each([
    ['SIGKILL', 'kill', false],
    ['SIGTERM', 'terminate', true],
  ] as const)(
    'a Collector that ends by %s loses what it read since its last report',
    async (_, end, isOrderly) => {
      // So long that it reports nothing by itself.
      const route = await startRoute({ protocol: 'udp', aggregationSeconds: 3_600 });
      const hosts = await startAppsAt(route);
      await interval(hosts);
      for (const { ports } of route.collectors)
        await poll(
          'the datagrams to be read',
          () => udpSocketState(ports[0]!)?.waitingBytes === 0 || undefined,
        );
      await Promise.all(route.collectors.map((collector) => collector[end]()));
      const hasEnded = route.collectors.map(({ output }) => output.includes('Shutdown complete'));
      expect(hasEnded).toEqual([isOrderly, isOrderly, isOrderly]);
      // At its own end the gateway writes all that it got.
      await route.gateway.terminate();
      expect(route.reported()).toEqual({ counters: {}, gauges: {}, counts: {} });
      expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
    },
  );
});

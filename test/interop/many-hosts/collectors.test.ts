// A host's app → a Collector on that host → a gateway Collector → a file.
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../examples/many-hosts/hosts.js';
import type { ChildServer } from '../harness/child-server.js';
import { IntervalReport } from '../harness/interval-report.js';
import { poll } from '../harness/poll.js';
import { seriesText } from '../harness/series-text.js';
import { readLines } from '../readers/lines.js';
import { addOtlpLines } from '../readers/otlp-json.js';
import { udpSocketState } from '../readers/udp-socket.js';
import { startApps, stopAfterTest, stopServersAfterEach } from './apps.js';
import { gatewayFile, type HostCollectorOptions, startGateway, startHostCollector } from './collectors.js';
import { figuresFor, interval, type Naming, type Totals, totalsOf } from './measured.js';

/** Every host has series of its own: a backend takes points of one series by two senders for one that goes to and fro. */
const naming: Naming = {
  series: seriesText,
  requests: (method, status, tags) =>
    seriesText('shop.http.server.request.duration', [
      ['http.request.method', method],
      ['http.response.status_code', status],
      ['network.protocol.version', '1.1'],
      ['url.scheme', 'http'],
      ...tags,
    ]),
  tags: (host) => [['instance', host]],
};

/** Each Collector reports once a second. */
const POLL = { timeout: 20_000, interval: 50 };

stopServersAfterEach();

interface Route {
  readonly protocol: 'udp' | 'tcp';
  readonly gateway: ChildServer;
  readonly collectors: readonly ChildServer[];
  /** Everything that the gateway has written so far. */
  reported(): Totals;
}

async function startRoute(options: HostCollectorOptions): Promise<Route> {
  const gateway = stopAfterTest(await startGateway());
  const collectors = await Promise.all(
    [0, 1, 2].map(async () => stopAfterTest(await startHostCollector(gateway.ports[0]!, options))),
  );
  const lines = readLines(gatewayFile(gateway));
  const report = new IntervalReport();
  return {
    protocol: options.protocol,
    gateway,
    collectors,
    reported() {
      addOtlpLines(lines(), report);
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

const isReported = (route: Route, expected: Totals): Promise<void> =>
  expect.poll(() => figuresFor(expected, route.reported()), POLL).toEqual(expected);

describe('hosts → a Collector each → gateway Collector', () => {
  it.each(['udp', 'tcp'] as const)('every series of three intervals is exact over %s', async (protocol) => {
    const route = await startRoute({ protocol });
    const hosts = await startAppsAt(route);
    for (let count = 0; count < 3; count++) await isReported(route, totalsOf(await interval(hosts), naming));
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });

  it('over tcp every series is exact when the Collector of a host is killed and comes back', async () => {
    const route = await startRoute({ protocol: 'tcp' });
    const hosts = await startAppsAt(route);
    const { last } = await dieAndComeBack(route, route.collectors[1]!, hosts);
    await isReported(route, last);
    expect(hosts.map((host) => host.said())).toEqual(['', expect.stringContaining('ECONNREFUSED'), '']);
  });

  it('over udp a killed Collector costs its host at most what was measured in its absence, and no other host', async () => {
    const route = await startRoute({ protocol: 'udp' });
    const hosts = await startAppsAt(route);
    const { first, away, last } = await dieAndComeBack(route, route.collectors[1]!, hosts);
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

  it('every series is exact when the gateway is killed and comes back', async () => {
    const route = await startRoute({ protocol: 'udp' });
    const hosts = await startAppsAt(route);
    const { last } = await dieAndComeBack(route, route.gateway, hosts);
    await isReported(route, last);
  });

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

/** What was measured before the server died, while it was away, and when it was back; all since the start. */
async function dieAndComeBack(
  route: Route,
  server: ChildServer,
  hosts: readonly Host[],
): Promise<Readonly<Record<'first' | 'away' | 'last', Totals>>> {
  const measure = async () => totalsOf(await interval(hosts), naming);
  const first = await measure();
  await isReported(route, first);
  await server.kill();
  await measure();
  const away = await measure();
  await server.restart();
  return { first, away, last: await measure() };
}

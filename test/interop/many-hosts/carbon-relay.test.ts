// Several hosts → carbon-relay → two carbon-caches, by consistent hashing.
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../examples/many-hosts/hosts.js';
import { canonicalPath } from '../../support/server-models/carbon.js';
import { ChildServer } from '../harness/child-server.js';
import { HOST } from '../harness/ports.js';
import { graphitePath } from '../harness/series-text.js';
import { cacheSection, carbonFolders, carbonReader, prepareCarbon } from '../servers/carbon.js';
import { startApps, stopAfterTest, stopServersAfterEach } from './apps.js';
import { figuresFor, interval, type Naming, type Totals, totalsOf } from './measured.js';

/** Every host has series of its own: of two values for one second and series a cache keeps the later one. */
const naming: Naming = {
  series: (name, tags) => canonicalPath(graphitePath(name, tags)),
  requests: (method, status, tags) =>
    naming.series('shop.http.server.request.duration', [
      ['http.request.method', method],
      ['http.response.status_code', status],
      ['network.protocol.version', '1.1'],
      ['url.scheme', 'http'],
      ...tags,
    ]),
  tags: (host) => [['instance', host]],
};

const POLL = { timeout: 20_000, interval: 50 };

stopServersAfterEach();

interface Route {
  readonly relay: ChildServer;
  readonly caches: readonly ChildServer[];
  reported(): Totals;
  /** The series of one cache. */
  seriesOf(cache: ChildServer): readonly string[];
}

async function startRoute(relaySettings: readonly string[] = []): Promise<Route> {
  const caches = await Promise.all(['a', 'b'].map(async () => stopAfterTest(await startCache())));
  const relay = stopAfterTest(await startRelay(caches, relaySettings));
  const readers = new Map(caches.map((cache) => [cache, carbonReader(cache)]));
  return {
    relay,
    caches,
    reported() {
      const reports = [...readers.values()].map((read) => read());
      const counters: Record<string, number> = Object.assign({}, ...reports.map((report) => report.counters));
      const counts = Object.entries(counters).filter(([series]) => /\.count(?:;|$)/.test(series));
      return {
        counters,
        gauges: Object.assign({}, ...reports.map(({ gauges }) => gauges)),
        counts: Object.fromEntries(
          counts.map(([series, value]) => [series.replace(/\.count(?=;|$)/, ''), value]),
        ),
      };
    },
    seriesOf: (cache) => Object.keys(readers.get(cache)!().counters),
  };
}

/** Its ports: lines, queries, pickle. */
function startCache(): Promise<ChildServer> {
  return new ChildServer({
    name: 'carbon-cache',
    ports: 3,
    tcpPorts: [0, 1, 2],
    prepare: ({ directory, ports: [line, query, pickle] }) =>
      prepareCarbon(
        'carbon-cache',
        directory,
        cacheSection(directory, { line: line!, query: query! }, [
          `PICKLE_RECEIVER_INTERFACE = ${HOST}`,
          `PICKLE_RECEIVER_PORT = ${pickle}`,
        ]),
      ),
  }).start();
}

function startRelay(caches: readonly ChildServer[], settings: readonly string[]): Promise<ChildServer> {
  const destinations = caches.map(({ ports }, index) => `${HOST}:${ports[2]}:${'ab'[index]}`);
  return new ChildServer({
    name: 'carbon-relay',
    ports: 2,
    tcpPorts: [0],
    prepare: ({ directory, ports: [line, pickle] }) =>
      prepareCarbon(
        'carbon-relay',
        directory,
        `[relay]
${carbonFolders(directory)}
LINE_RECEIVER_INTERFACE = ${HOST}
LINE_RECEIVER_PORT = ${line}
PICKLE_RECEIVER_INTERFACE = ${HOST}
PICKLE_RECEIVER_PORT = ${pickle}
RELAY_METHOD = consistent-hashing
REPLICATION_FACTOR = 1
DESTINATIONS = ${destinations.join(', ')}
TAG_RELAY_NORMALIZED = True
CARBON_METRIC_INTERVAL = 0
${settings.join('\n')}
`,
      ),
  }).start();
}

const startAppsAt = ({ relay }: Route): Promise<Host[]> =>
  startApps((host) => ({
    OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://${HOST}:${relay.ports[0]}`,
    OTEL_EXPORTER_STATSD_DIALECT: 'carbon',
    OTEL_EXPORTER_STATSD_TAGS: `instance=${host}`,
    OTEL_EXPORTER_STATSD_TIMEOUT: '1000',
  }));

const isReported = (route: Route, expected: Totals): Promise<void> =>
  expect.poll(() => figuresFor(expected, route.reported()), POLL).toEqual(expected);

describe('hosts → carbon-relay → two carbon-caches', () => {
  it('every series of three intervals is exact and in one cache', async () => {
    const route = await startRoute();
    const hosts = await startAppsAt(route);
    for (let count = 0; count < 3; count++) await isReported(route, totalsOf(await interval(hosts), naming));
    const [a, b] = route.caches.map((cache) => route.seriesOf(cache));
    expect([a!.length > 0, b!.length > 0, a!.filter((series) => b!.includes(series))]).toEqual([
      true,
      true,
      [],
    ]);
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });

  it('every series is exact when a cache is killed and comes back', async () => {
    const route = await startRoute();
    const hosts = await startAppsAt(route);
    const measure = async () => totalsOf(await interval(hosts), naming);
    await isReported(route, await measure());
    await route.caches[0]!.kill();
    await measure();
    await measure();
    await route.caches[0]!.restart();
    await isReported(route, await measure());
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });

  it('every series is exact when the relay is killed and comes back', async () => {
    const route = await startRoute();
    const hosts = await startAppsAt(route);
    const measure = async () => totalsOf(await interval(hosts), naming);
    await isReported(route, await measure());
    await route.relay.kill();
    await measure();
    await measure();
    await route.relay.restart();
    await isReported(route, await measure());
  });
  it('small queue', async () => {
    const route = await startRoute(['MAX_QUEUE_SIZE = 20']);
    const hosts = await startAppsAt(route);
    const measure = async () => totalsOf(await interval(hosts), naming);
    await isReported(route, await measure());
    await route.caches[0]!.kill();
    await measure();
    await measure();
    await measure();
    await route.caches[0]!.restart();
    await isReported(route, await measure());
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });
});

// Several hosts → carbon-relay → two carbon-caches, by consistent hashing.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../../examples/many-hosts/hosts.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { canonicalPath } from '../../support/server-models/carbon.js';
import { ChildServer } from '../harness/child-server.js';
import { poll } from '../harness/poll.js';
import { HOST } from '../harness/ports.js';
import { graphitePath } from '../harness/series-text.js';
import { cacheSection, carbonFolders, carbonReader, prepareCarbon } from '../servers/carbon.js';
import { startApps, stopLater, stopServersAfterAll } from './apps.js';
import {
  figuresFor,
  interval,
  isReported,
  mapTotals,
  type Naming,
  onlySeries,
  requestTags,
  type Totals,
  totalsOf,
} from './measured.js';

/** Every host has series of its own: of two values for one second and series a cache keeps the later one. */
const naming: Naming = {
  series: seriesOf,
  count: (name, tags) => seriesOf(`${name}.count`, tags),
  requests: (method, status, tags) =>
    seriesOf('shop.http.server.request.duration.count', [...requestTags(method, status), ...tags]),
  tags: (host) => [['instance', host]],
};

function seriesOf(name: string, tags: readonly Tag[]): string {
  return canonicalPath(graphitePath(name, tags));
}

interface Route {
  readonly relay: ChildServer;
  readonly caches: readonly ChildServer[];
  reported(): Totals;
  /** The series of one cache. */
  seriesOf(cache: ChildServer): readonly string[];
}

async function startRoute(relaySettings: readonly string[] = []): Promise<Route> {
  const caches = await Promise.all(['a', 'b'].map(async () => stopLater(await startCache())));
  const relay = stopLater(await startRelay(caches, relaySettings));
  const readers = new Map(caches.map((cache) => [cache, carbonReader(cache)]));
  return {
    relay,
    caches,
    reported() {
      const reports = [...readers.values()].map((read) => read());
      const counters: Record<string, number> = Object.assign({}, ...reports.map((report) => report.counters));
      return {
        counters,
        gauges: Object.assign({}, ...reports.map(({ gauges }) => gauges)),
        counts: counters,
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

describe('hosts → carbon-relay → two carbon-caches', () => {
  stopServersAfterAll();
  let route: Route;
  let hosts: readonly Host[];
  beforeAll(async () => {
    route = await startRoute();
    hosts = await startAppsAt(route);
  });
  // Since the start, so that each test also sees that nothing comes twice later on.
  const measure = async () => totalsOf(await interval(hosts), naming);

  it('every series of three intervals is exact and in one cache', async () => {
    for (let count = 0; count < 3; count++) await isReported(route, await measure());
    const [a, b] = route.caches.map((cache) => route.seriesOf(cache));
    expect([a!.length > 0, b!.length > 0, a!.filter((series) => b!.includes(series))]).toEqual([
      true,
      true,
      [],
    ]);
  });

  it('every series is exact when a cache is killed and comes back', async () => {
    await isReported(route, await measure());
    await route.caches[0]!.kill();
    await measure();
    await measure();
    await route.caches[0]!.restart();
    await isReported(route, await measure());
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });

  it('every series is exact when the relay is killed and comes back', async () => {
    await isReported(route, await measure());
    await route.relay.kill();
    await measure();
    await measure();
    await route.relay.restart();
    await isReported(route, await measure());
  });

  it('a relay that is killed while a cache is away loses what it held for the cache', async () => {
    const before = await measure();
    await isReported(route, before);
    const [dead] = route.caches;
    const ofDead = new Set(route.seriesOf(dead!));
    await dead!.kill();
    const held = await measure();
    // The other cache has its part of it: what the relay has not sent on would be lost, too.
    await isReported(
      route,
      onlySeries(held, (series) => !ofDead.has(series)),
    );
    await route.relay.kill();
    await dead!.restart();
    await route.relay.restart();
    const last = await measure();
    const least = mapTotals(last, (kind, series, value) => {
      return kind !== 'gauges' && ofDead.has(series)
        ? value - held[kind][series]! + before[kind][series]!
        : value;
    });
    await isReported(route, least);
    expect(least).not.toEqual(last);
  });
});

describe('carbon-relay with a queue shorter than an export', () => {
  stopServersAfterAll();

  it('loses points that it has confirmed, though flow control is on and both caches are there', async () => {
    const route = await startRoute(['MAX_QUEUE_SIZE = 4', 'USE_FLOW_CONTROL = True']);
    const hosts = await startAppsAt(route);
    const measured = totalsOf(await interval(hosts), naming);
    await poll(
      () => `the queue to be full ${route.relay.output}`,
      () => route.relay.output.includes('send queue is full (4 datapoints)') || undefined,
    );
    // What can arrive has arrived when all have ended, the relay first.
    await route.relay.terminate();
    await Promise.all(route.caches.map((cache) => cache.terminate()));
    const reported = figuresFor(measured, route.reported());
    expect(Object.keys(reported.counts).length).toBeLessThan(Object.keys(measured.counts).length);
    expect(measured).toMatchObject(reported);
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });
});

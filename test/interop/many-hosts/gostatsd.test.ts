// A host's app → a gostatsd on that host, which forwards → a central gostatsd, which aggregates.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../../examples/many-hosts/hosts.js';
import { ChildServer } from '../harness/child-server.js';
import { poll } from '../harness/poll.js';
import { HOST } from '../harness/ports.js';
import { seriesText } from '../harness/series-text.js';
import { udpSocketState } from '../readers/udp-socket.js';
import { aggregatorSettings, type Influx, prepareGostatsd, startInflux } from '../servers/gostatsd.js';
import { POLL, startApps, stopLater, stopServersAfterAll } from './apps.js';
import {
  figuresFor,
  interval,
  isReported,
  type Naming,
  requestTags,
  type Totals,
  totalsOf,
} from './measured.js';

/** Counters and histograms are one series for all hosts; gauges have the host as a tag. */
const naming: Naming = {
  series: seriesText,
  count: seriesText,
  requests: (method, status) => seriesText('shop.http.server.request.duration', requestTags(method, status)),
  tags: () => [],
};

interface Route {
  readonly central: ChildServer;
  readonly forwarders: readonly ChildServer[];
  /** Everything that the central one has reported. */
  reported(): Totals;
}

async function startRoute(flushInterval = '1s'): Promise<Route> {
  const influx = stopLater(await startInflux());
  const central = stopLater(await startCentral(influx));
  const forwarders = await Promise.all(
    [0, 1, 2].map(async () => stopLater(await startForwarder(central.ports[1]!, flushInterval))),
  );
  return {
    central,
    forwarders,
    reported() {
      const { counters, gauges, timers } = influx.report().toReport([]);
      const counts = Object.entries(timers).map(([series, intervals]) => [
        series,
        Math.round(intervals.reduce((all, { count }) => all + count!, 0)),
      ]);
      return { counters, gauges, counts: Object.fromEntries(counts) };
    },
  };
}

/** Its ports: UDP, HTTP. */
function startCentral({ backend }: Influx): Promise<ChildServer> {
  return new ChildServer({
    name: 'gostatsd-central',
    ports: 2,
    tcpPorts: [1],
    prepare: ({ directory, ports: [udp, http] }) =>
      prepareGostatsd(
        directory,
        aggregatorSettings(
          udp!,
          `http-servers = 'receiver'
${backend}
[http.receiver]
address = '${HOST}:${http}'
enable-ingestion = true
`,
        ),
      ),
  }).start();
}

/**
 * Datagrams that are read in one batch have one time (pkg/statsd/receiver.go), and of two values of a gauge with one time the
 * first stays (metric_map.go): after an outage that is the old one.
 */
function startForwarder(central: number, flushInterval: string): Promise<ChildServer> {
  return new ChildServer({
    name: 'gostatsd-forwarder',
    ports: 1,
    tcpPorts: [],
    prepare: ({ directory, ports: [udp] }) =>
      prepareGostatsd(
        directory,
        `server-mode = 'forwarder'
metrics-addr = '${HOST}:${udp}'
ignore-host = true
hostname = ''
receive-batch-size = 1
[http-transport]
api-endpoint = 'http://${HOST}:${central}'
flush-interval = '${flushInterval}'
`,
      ),
    isReady: ({ ports: [udp] }) => udpSocketState(udp!) !== undefined,
  }).start();
}

const startAppsAt = ({ forwarders }: Route): Promise<Host[]> =>
  startApps((_, index) => ({
    OTEL_EXPORTER_STATSD_ENDPOINT: `udp://${HOST}:${forwarders[index]!.ports[0]}`,
    OTEL_EXPORTER_STATSD_DIALECT: 'gostatsd',
    OTEL_EXPORTER_STATSD_TIMEOUT: '1000',
  }));

describe('hosts → a forwarding gostatsd each → central gostatsd', () => {
  stopServersAfterAll();
  let route: Route;
  let hosts: readonly Host[];
  beforeAll(async () => {
    route = await startRoute();
    hosts = await startAppsAt(route);
  });
  // Since the start, so that each test also sees that nothing comes twice later on.
  const measure = async () => totalsOf(await interval(hosts), naming);

  it('every series of three intervals is exact', async () => {
    for (let count = 0; count < 3; count++) await isReported(route, await measure());
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });

  it('every total is exact when the central one is killed and comes back, gauges from the next export on', async () => {
    await isReported(route, await measure());
    await route.central.kill();
    await measure();
    await measure();
    await route.central.restart();
    // What was sent again may come after what was sent first, and gauges have the time of their arrival.
    const { counters, counts } = await measure();
    await isReported(route, { counters, counts, gauges: {} });
    await isReported(route, await measure());
  });

  it('a forwarder that is killed costs its host at most what was measured in its absence', async () => {
    await isReported(route, await measure());
    const ofDead = async () =>
      totalsOf([{ host: hosts[1]!.name, measured: await hosts[1]!.report() }], naming);
    await route.forwarders[1]!.kill();
    const before = await ofDead();
    await measure();
    await measure();
    const after = await ofDead();
    await route.forwarders[1]!.restart();
    const last = await measure();
    const wrong = () => {
      const reported = figuresFor(last, route.reported());
      return (['counters', 'counts', 'gauges'] as const).flatMap((kind) =>
        Object.entries(last[kind]).filter(([series, most]) => {
          const lost = kind === 'gauges' ? 0 : after[kind][series]! - before[kind][series]!;
          const figure = reported[kind][series] ?? Number.NaN;
          return !(most - lost <= figure && figure <= most);
        }),
      );
    };
    await expect.poll(wrong, POLL).toEqual([]);
  });
});

describe('a forwarding gostatsd that ends', () => {
  stopServersAfterAll();

  it('by SIGKILL loses what it read since it last forwarded', async () => {
    const route = await startRoute('1h');
    const hosts = await startAppsAt(route);
    await interval(hosts);
    for (const { ports } of route.forwarders)
      await poll(
        'the datagrams to be read',
        () => udpSocketState(ports[0]!)?.waitingBytes === 0 || undefined,
      );
    await Promise.all(route.forwarders.map((forwarder) => forwarder.kill()));
    await route.central.terminate();
    expect(route.reported()).toEqual({ counters: {}, gauges: {}, counts: {} });
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });
});

// Several hosts → statsd's proxy.js → three statsd daemons. A daemon flushes when the test asks for it, and the proxy checks
// the daemons' health when the test asks for that; both otherwise do so by the clock.
import { createSocket } from 'node:dgram';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import {
  type StatsdDaemon,
  type StatsdFlush,
  startStatsdDaemon,
} from '../../../examples/demo/statsd-daemon.js';
import type { Host } from '../../../examples/many-hosts/hosts.js';
import { type StatsdProxy, startStatsdProxy } from '../../../examples/many-hosts/statsd-proxy.js';
import { StatsdExporter } from '../../../src/index.js';
import { foldedText } from '../harness/series-text.js';
import { startApps, stopLater, stopServersAfterEach } from './apps.js';
import {
  type HostTotals,
  interval,
  mapTotals,
  type Naming,
  onlySeries,
  type Totals,
  totalsOf,
} from './measured.js';

/** Counters and histograms are one series for all hosts; gauges have the host in their names. */
const naming: Naming = {
  series: foldedText,
  count: foldedText,
  requests: (method, status) => `shop.http.server.request.duration.${method}.none.${status}`,
  tags: () => [],
};
/** As docs/operations.md has it. */
const DAEMON = { config: { deleteIdleStats: true } };

stopServersAfterEach();

interface Route {
  readonly daemons: readonly StatsdDaemon[];
  readonly proxy: StatsdProxy;
}

async function startRoute(
  daemonOptions: Parameters<typeof startStatsdDaemon>[0] = DAEMON,
  proxyConfig: Readonly<Record<string, unknown>> = {},
): Promise<Route> {
  const daemons = await Promise.all([0, 1, 2].map(() => startStatsdDaemon(daemonOptions)));
  daemons.forEach(stopLater);
  const proxy = await startStatsdProxy(daemons, proxyConfig);
  stopLater(proxy);
  return { daemons, proxy };
}

const startAppsAt = ({ proxy }: Route): Promise<Host[]> =>
  startApps(() => ({
    OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${proxy.port}`,
    OTEL_EXPORTER_STATSD_DIALECT: 'statsd',
  }));

/** What the daemons reported in one interval, and which of them each series. */
interface Interval {
  readonly totals: Totals;
  readonly timerData: StatsdFlush['timerData'];
  readonly daemonsOf: Readonly<Record<string, readonly StatsdDaemon[]>>;
  readonly bySource: ReadonlyMap<StatsdDaemon, StatsdFlush>;
}

async function flushDaemons({ proxy, daemons }: Route): Promise<Interval> {
  const alive = daemons.filter((daemon) => daemon.running);
  await proxy.settle(alive);
  const flushes = await Promise.all(alive.map((daemon) => daemon.flush()));
  const daemonsOf: Record<string, StatsdDaemon[]> = {};
  const totals = { counters: {}, gauges: {}, counts: {} } as Record<keyof Totals, Record<string, number>>;
  const timerData: StatsdFlush['timerData'] = {};
  for (const [index, flush] of flushes.entries()) {
    const counts = Object.entries(flush.timerData).map(([name, { count }]) => [name, count!] as const);
    const add = (kind: keyof Totals, name: string, value: number) => {
      if (!name.startsWith('shop.')) return;
      totals[kind][name] = (totals[kind][name] ?? 0) + value;
      daemonsOf[name] = [...(daemonsOf[name] ?? []), alive[index]!];
    };
    for (const [name, value] of Object.entries(flush.counters)) add('counters', name, value);
    for (const [name, value] of Object.entries(flush.gauges)) add('gauges', name, value);
    for (const [name, value] of counts) add('counts', name, value);
    Object.assign(timerData, flush.timerData);
  }
  return {
    totals,
    timerData,
    daemonsOf,
    bySource: new Map(alive.map((daemon, index) => [daemon, flushes[index]!])),
  };
}

/** Counters and histograms of an interval, by name. */
function increase(after: Totals, before: Totals | undefined): Totals {
  return mapTotals(after, (kind, series, value) =>
    kind === 'gauges' ? value : value - (before?.[kind][series] ?? 0),
  );
}

/** Of requests the counts are known, the times are not. */
function withoutTimes(totals: Totals): Totals {
  return onlySeries(totals, (name) => !/\.http\..*\.sum$/.test(name));
}

/**
 * Within a bucket of the SDK's histogram: 160 of them at most for values from 1 to 193, of which 8 powers of two with 16
 * each make the finest scale that fits.
 */
function expectPercentiles(data: Readonly<Record<string, number>>, hosts: readonly HostTotals[]): void {
  const values = hosts.flatMap(({ measured }) => measured.orderValues).sort((a, b) => a - b);
  for (const percentile of [50, 90, 99]) {
    const true_ = values[Math.round((percentile / 100) * values.length) - 1]!;
    expect(Math.abs(Math.log2(data[`upper_${percentile}`]! / true_))).toBeLessThanOrEqual(1 / 16);
  }
}

const measuredBy = (hosts: readonly HostTotals[]): Totals => totalsOf(hosts, naming);

describe('hosts → statsd proxy → three statsd daemons', () => {
  it('every series of three intervals is exact and at one daemon, percentiles are those of all hosts', async () => {
    const route = await startRoute();
    const hosts = await startAppsAt(route);
    let before: Totals | undefined;
    for (let count = 0; count < 3; count++) {
      const measured = await interval(hosts);
      const { totals, timerData, daemonsOf } = await flushDaemons(route);
      expect(withoutTimes(totals)).toEqual(increase(measuredBy(measured), before));
      if (count === 0) expectPercentiles(timerData['shop.order.value']!, measured);
      expect(Object.values(daemonsOf).filter((daemons) => daemons.length !== 1)).toEqual([]);
      before = measuredBy(measured);
    }
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });

  it('a daemon that dies loses its interval and what is sent until the next check, and nothing else', async () => {
    const route = await startRoute();
    const hosts = await startAppsAt(route);
    const first = measuredBy(await interval(hosts));
    const { totals, daemonsOf } = await flushDaemons(route);
    expect(withoutTimes(totals)).toEqual(first);
    const dead = daemonsOf['shop.orders.kind.book']![0]!;
    const isLost = (name: string) => daemonsOf[name]![0] === dead;
    const kept = (totals: Totals) => onlySeries(totals, (name) => !isLost(name));

    // Read by the daemon, and gone with it.
    await interval(hosts);
    await route.proxy.settle(route.daemons);
    await dead.kill();
    // Sent to it by the proxy, which has not noticed.
    const third = measuredBy(await interval(hosts));
    expect(withoutTimes((await flushDaemons(route)).totals)).toEqual(kept(increase(third, first)));

    // The other two take its series over.
    await route.proxy.checkUntil('Removing', dead);
    const fourth = measuredBy(await interval(hosts));
    const away = await flushDaemons(route);
    expect(withoutTimes(away.totals)).toEqual(increase(fourth, third));
    expect(
      Object.keys(daemonsOf).filter(
        (name) => !isLost(name) && away.daemonsOf[name]![0] !== daemonsOf[name]![0],
      ),
    ).toEqual([]);

    // They go back to it.
    await dead.restart();
    await route.proxy.checkUntil('Adding', dead);
    const fifth = measuredBy(await interval(hosts));
    const back = await flushDaemons(route);
    expect(withoutTimes(back.totals)).toEqual(increase(fifth, fourth));
    expect(back.daemonsOf).toEqual(daemonsOf);
    // No app logged anything.
    expect(hosts.map((host) => host.said())).toEqual(['', '', '']);
  });

  it('what the apps measured last arrives when they are ended', async () => {
    const route = await startRoute();
    const hosts = await startAppsAt(route);
    await Promise.all(hosts.map((host) => host.sendTraffic(50)));
    const measured = await Promise.all(
      hosts.map(async (host) => ({ host: host.name, measured: await host.report() })),
    );
    await Promise.all(hosts.map((host) => host.end()));
    expect(withoutTimes((await flushDaemons(route)).totals)).toEqual(measuredBy(measured));
  });

  it.each([
    ['goes on to report the gauge and 0 of the counter', {}, { gauge: 2, counter: 0 }],
    ['reports neither with deleteIdleStats', DAEMON, { gauge: undefined, counter: undefined }],
  ])('the daemon that stood in for another %s', async (_, options, expected) => {
    const route = await startRoute(options);
    const socket = createSocket('udp4');
    stopLater({ stop: async () => void socket.close() });
    // Of one name, so that both are at one daemon.
    const send = (value: number) =>
      new Promise<Interval>((resolve, reject) => {
        socket.send(
          `shop.stock:${value}|g\nshop.stock:${value}|c`,
          route.proxy.port,
          route.proxy.host,
          () => {
            flushDaemons(route).then(resolve, reject);
          },
        );
      });
    const home = (await send(1)).daemonsOf['shop.stock']![0]!;
    await home.kill();
    await route.proxy.checkUntil('Removing', home);
    const away = await send(2);
    expect(away.totals).toMatchObject({ gauges: { 'shop.stock': 2 }, counters: { 'shop.stock': 2 } });
    await home.restart();
    await route.proxy.checkUntil('Adding', home);
    const { bySource } = await send(3);
    const figures = (daemon: StatsdDaemon) => {
      const { gauges, counters } = bySource.get(daemon)!;
      return { gauge: gauges['shop.stock'], counter: counters['shop.stock'] };
    };
    expect(figures(home)).toEqual({ gauge: 3, counter: 3 });
    expect(figures(away.daemonsOf['shop.stock']![0]!)).toEqual(expected);
  });

  it('over TCP the proxy confirms what it has read: lines for a dead daemon are lost without notice', async () => {
    const route = await startRoute(DAEMON, { server: './servers/tcp' });
    const { exporter, provider } = smallApp(`tcp://127.0.0.1:${route.proxy.port}`);
    const counter = provider.getMeter('interop').createCounter('shop.orders');
    const exportNext = async (value: number) => {
      counter.add(value);
      await provider.forceFlush();
    };
    const home = async () => {
      for (;;) {
        for (const daemon of route.daemons)
          if (daemon.running && 'shop.orders' in (await daemon.counters())) return daemon;
      }
    };
    await exportNext(1);
    const first = await home();
    await first.kill();
    await exportNext(2);
    await route.proxy.checkUntil('Removing', first);
    await exportNext(4);
    const second = await home();
    expect(await second.counters()).toEqual({ 'shop.orders': 4 });
    const { droppedLines, queuedLines, inFlightLines } = exporter.stats();
    expect([droppedLines, queuedLines, inFlightLines]).toEqual([{}, 0, 0]);
  });
});

function smallApp(endpoint: string): { exporter: StatsdExporter; provider: MeterProvider } {
  const exporter = new StatsdExporter({ endpoint, dialect: 'statsd' });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  stopLater({ stop: () => provider.shutdown() });
  return { exporter, provider };
}

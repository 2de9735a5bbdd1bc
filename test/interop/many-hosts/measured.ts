// What the apps of several hosts measured, as the series that the far end of a route should report.
import type { Host, Measured } from '../../../examples/many-hosts/hosts.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';

export interface Naming {
  /** The text by which the far end knows a series with this name and these tags. */
  series(name: string, tags: readonly Tag[]): string;
  /** The series of answered requests. */
  requests(method: string, status: string, tags: readonly Tag[]): string;
  /** Tags that a host gives to all its metrics: none where counters of all hosts are one series. */
  tags(host: string): readonly Tag[];
}

export interface Totals {
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  /** Recordings by histogram. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface HostTotals {
  readonly host: string;
  readonly measured: Measured;
}

/** Has all apps export, and returns what each of them measured since its start. */
export async function flushAll(hosts: readonly Host[]): Promise<HostTotals[]> {
  return Promise.all(hosts.map(async (host) => ({ host: host.name, measured: await host.flush() })));
}

/** One interval: traffic on every host, another amount on each, then an export. */
export async function interval(hosts: readonly Host[]): Promise<HostTotals[]> {
  await Promise.all(hosts.map((host, index) => host.sendTraffic(40 + 10 * index)));
  return flushAll(hosts);
}

export function totalsOf(hosts: readonly HostTotals[], { series, requests, tags }: Naming): Totals {
  const counters: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const counts: Record<string, number> = {};
  const add = (all: Record<string, number>, key: string, value: number) => {
    all[key] = (all[key] ?? 0) + value;
  };
  for (const { host, measured } of hosts) {
    const own = tags(host);
    for (const [kind, count] of Object.entries(measured.orders))
      add(counters, series('shop.orders', [['kind', kind], ...own]), count);
    add(counters, series('shop.order.value.sum', own), sum(measured.orderValues));
    add(counts, series('shop.order.value', own), measured.orderValues.length);
    for (const [answer, count] of Object.entries(measured.requests)) {
      const [method = '', status = ''] = answer.split(' ');
      add(counts, requests(method, status, own), count);
    }
    gauges[series('shop.stock', [['instance', host]])] = measured.stock;
    gauges[series('shop.baskets.open', [['instance', host]])] = measured.baskets;
  }
  return { counters, gauges, counts };
}

/** The figures of `reported` for the series that are expected, without those that are missing. */
export function figuresFor(expected: Totals, reported: Totals): Totals {
  const pick = (wanted: Readonly<Record<string, number>>, all: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.keys(wanted)
        .filter((key) => all[key] !== undefined)
        .map((key) => [key, all[key]!]),
    );
  return {
    counters: pick(expected.counters, reported.counters),
    gauges: pick(expected.gauges, reported.gauges),
    counts: pick(expected.counts, reported.counts),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

// What the apps of several hosts measured, as the series that the far end of a route should report.
import { expect } from 'vitest';
import type { Host, Measured } from '../../../examples/many-hosts/hosts.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { POLL } from './apps.js';

export interface Naming {
  /** The text by which the far end knows a series with this name and these tags. */
  series(name: string, tags: readonly Tag[]): string;
  /** What counts the recordings of a histogram with this name and these tags. */
  count(name: string, tags: readonly Tag[]): string;
  /** What counts answered requests. */
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

/**
 * One interval: traffic on every host, another amount on each, then an export. Returns what each app measured since its
 * start.
 */
export async function interval(hosts: readonly Host[]): Promise<HostTotals[]> {
  await Promise.all(hosts.map((host, index) => host.sendTraffic(40 + 10 * index)));
  return Promise.all(hosts.map(async (host) => ({ host: host.name, measured: await host.flush() })));
}

export function totalsOf(hosts: readonly HostTotals[], { series, count, requests, tags }: Naming): Totals {
  const counters: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const counts: Record<string, number> = {};
  const add = (all: Record<string, number>, key: string, value: number) => {
    all[key] = (all[key] ?? 0) + value;
  };
  for (const { host, measured } of hosts) {
    const own = tags(host);
    for (const [kind, orders] of Object.entries(measured.orders))
      add(counters, series('shop.orders', [['kind', kind], ...own]), orders);
    add(counters, series('shop.order.value.sum', own), sum(measured.orderValues));
    add(counts, count('shop.order.value', own), measured.orderValues.length);
    for (const [answer, answers] of Object.entries(measured.requests)) {
      const [method = '', status = ''] = answer.split(' ');
      add(counts, requests(method, status, own), answers);
    }
    gauges[series('shop.stock', [['instance', host]])] = measured.stock;
    gauges[series('shop.baskets.open', [['instance', host]])] = measured.baskets;
  }
  return { counters, gauges, counts };
}

/** Waits until the far end reports just these totals for their series. */
export function isReported(route: { reported(): Totals }, expected: Totals): Promise<void> {
  return expect.poll(() => figuresFor(expected, route.reported()), POLL).toEqual(expected);
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

export function onlySeries(totals: Totals, isWanted: (series: string) => boolean): Totals {
  const pick = (all: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(all).filter(([series]) => isWanted(series)));
  return { counters: pick(totals.counters), gauges: pick(totals.gauges), counts: pick(totals.counts) };
}

/** The same series with other values. */
export function mapTotals(
  totals: Totals,
  toValue: (kind: keyof Totals, series: string, value: number) => number,
): Totals {
  const map = (kind: keyof Totals) =>
    Object.fromEntries(
      Object.entries(totals[kind]).map(([series, value]) => [series, toValue(kind, series, value)]),
    );
  return { counters: map('counters'), gauges: map('gauges'), counts: map('counts') };
}

/** Tags of answered requests, where the far end has tags. */
export function requestTags(method: string, status: string): Tag[] {
  return [
    ['http.request.method', method],
    ['http.response.status_code', status],
    ['network.protocol.version', '1.1'],
    ['url.scheme', 'http'],
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

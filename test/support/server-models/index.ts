// Which server reads which dialect, and under what name it knows a series then.
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import type { DialectName } from '../../../src/mapping/dialects/index.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import { Brubeck } from './brubeck.js';
import { Carbon, canonicalPath } from './carbon.js';
import { CloudWatchAgent } from './cloudwatch.js';
import { Collectd } from './collectd.js';
import { DatadogAgent } from './dogstatsd.js';
import { Gostatsd } from './gostatsd.js';
import { LibratoStatsd } from './librato.js';
import { chartOf, Netdata } from './netdata.js';
import { OtelCollector } from './otel-collector.js';
import { type Server, seriesOf } from './server.js';
import { SignalfxAgent } from './signalfx.js';
import { StatsdServer } from './statsd.js';
import { escapeMetricName, StatsdExporterServer } from './statsd-exporter.js';
import { Statsite } from './statsite.js';
import { SysdigAgent } from './sysdig.js';
import { Telegraf } from './telegraf.js';
import { Vector } from './vector.js';
import { Veneur } from './veneur.js';

export interface DialectServer {
  start(): Server;
  /** The series of a name and tags that are meant to arrive as they are. */
  series(name: string, tags: readonly Tag[]): string;
}

const tagged = (name: string, tags: readonly Tag[]): string => seriesOf(name, new Map(tags));
const folded = (name: string, tags: readonly Tag[]): string => [name, ...tags.flat()].join('.');
const graphitePath = (name: string, tags: readonly Tag[]): string =>
  [name, ...tags.map(([key, value]) => `${key}=${value}`)].join(';');
const underscored = (name: string, tags: readonly Tag[]): string => tagged(name.replaceAll('.', '_'), tags);
const prometheus = (name: string, tags: readonly Tag[]): string => tagged(escapeMetricName(name), tags);

export const dialectServers: Readonly<Record<DialectName, DialectServer>> = {
  statsd: { start: () => new StatsdServer(), series: folded },
  graphite: { start: () => new StatsdServer(), series: graphitePath },
  dogstatsd: { start: () => new DatadogAgent(), series: tagged },
  telegraf: { start: () => new Telegraf(), series: underscored },
  'statsd-exporter': { start: () => new StatsdExporterServer(), series: prometheus },
  'otel-collector': { start: () => new OtelCollector(), series: tagged },
  gostatsd: {
    start: () => new Gostatsd(),
    series: (name, tags) =>
      tags.length === 0 ? name : `${name}{${tags.map(([key, value]) => `${key}:${value}`).sort()}}`,
  },
  vector: { start: () => new Vector(), series: tagged },
  netdata: { start: () => new Netdata(), series: (name, tags) => chartOf(folded(name, tags)) },
  collectd: { start: () => new Collectd(), series: folded },
  statsite: { start: () => new Statsite(), series: folded },
  brubeck: { start: () => new Brubeck(), series: folded },
  veneur: { start: () => new Veneur(), series: tagged },
  cloudwatch: { start: () => new CloudWatchAgent(), series: underscored },
  signalfx: { start: () => new SignalfxAgent(), series: tagged },
  librato: { start: () => new LibratoStatsd(), series: tagged },
  sysdig: { start: () => new SysdigAgent(), series: tagged },
  carbon: { start: () => new Carbon(), series: (name, tags) => canonicalPath(graphitePath(name, tags)) },
};

/** Groups of lines in datagrams that the server reads whole, none of them split. */
export function datagramsOf(groups: readonly { readonly text: string }[], { limits }: Dialect): string[] {
  const most = Math.min(1432, limits.datagramBytes);
  const datagrams: string[] = [];
  let datagram = '';
  for (const { text } of groups) {
    if (datagram !== '' && Buffer.byteLength(datagram + text) > most) {
      datagrams.push(datagram);
      datagram = '';
    }
    datagram += text;
  }
  return datagram === '' ? datagrams : [...datagrams, datagram];
}

import { brubeck } from './brubeck.js';
import { carbon } from './carbon.js';
import { cloudwatch } from './cloudwatch.js';
import { collectd } from './collectd.js';
import type { Dialect } from './dialect.js';
import { dogstatsd } from './dogstatsd.js';
import { gostatsd } from './gostatsd.js';
import { graphite } from './graphite.js';
import { librato } from './librato.js';
import { netdata } from './netdata.js';
import { otelCollector } from './otel-collector.js';
import { signalfx } from './signalfx.js';
import { statsd } from './statsd.js';
import { statsdExporter } from './statsd-exporter.js';
import { statsite } from './statsite.js';
import { sysdig } from './sysdig.js';
import { telegraf } from './telegraf.js';
import { vector } from './vector.js';
import { veneur } from './veneur.js';

/** All built-in dialects by the name of the server they describe. */
export const dialects = {
  statsd,
  graphite,
  dogstatsd,
  telegraf,
  'statsd-exporter': statsdExporter,
  'otel-collector': otelCollector,
  gostatsd,
  vector,
  netdata,
  collectd,
  statsite,
  brubeck,
  veneur,
  cloudwatch,
  signalfx,
  librato,
  sysdig,
  carbon,
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;

export function isDialectName(text: string): text is DialectName {
  return Object.hasOwn(dialects, text);
}

/** The record of a name, or the record itself. Throws a TypeError for a name that there is not. */
export function dialectOf(dialect: string | Dialect): Dialect {
  if (typeof dialect !== 'string') return dialect;
  if (isDialectName(dialect)) return dialects[dialect];
  throw new TypeError(`there is no dialect "${dialect}"; there are ${Object.keys(dialects).join(', ')}`);
}

// Types that a server accepts but does not mean, or does not accept, although others of its kind do. Only what
// goes wrong is listed; sources are those of the dialect records.

import type { DialectName } from '../../mapping/dialects/index.js';

const COUNTED = 'is taken for a counter';
const DROPPED = 'is not known there, and the line is dropped';

export const TYPE_TROUBLE: Readonly<Partial<Record<string, Readonly<Record<string, string>>>>> = {
  statsd: { h: COUNTED, d: COUNTED },
  graphite: { h: COUNTED, d: COUNTED },
  telegraf: { d: 'is read only with datadog_extensions and datadog_distributions' },
  cloudwatch: { d: DROPPED },
  'statsd-exporter': { s: DROPPED },
  signalfx: { s: DROPPED },
  librato: { s: DROPPED },
  'otel-collector': { s: DROPPED },
  gostatsd: { d: DROPPED },
  netdata: { d: 'is a dictionary of texts there' },
  collectd: { h: DROPPED, d: DROPPED },
  statsite: { d: DROPPED },
  brubeck: { s: DROPPED, d: DROPPED },
} satisfies Partial<Record<DialectName, Readonly<Record<string, string>>>>;

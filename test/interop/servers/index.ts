// All servers of the interop tests, in the order of their rows.

import { dialects } from '../../../src/mapping/dialects/index.js';
import { foldedText, graphitePath, libratoName } from '../harness/series-text.js';
import type { InteropServer } from '../harness/server.js';
import { brubeck } from './brubeck.js';
import { carbon } from './carbon.js';
import { cloudwatch } from './cloudwatch.js';
import { collectd } from './collectd.js';
import { gostatsd } from './gostatsd.js';
import { netdata } from './netdata.js';
import { otelCollector } from './otel-collector.js';
import { statsdServer } from './statsd.js';
import { statsdExporterServer } from './statsd-exporter.js';
import { statsite } from './statsite.js';
import { telegrafServer } from './telegraf.js';
import { vector } from './vector.js';
import { veneur } from './veneur.js';
import { victoriaMetrics } from './victoria-metrics.js';

export const servers = {
  statsd: statsdServer('statsd', 'statsd', 'statsd', foldedText),
  graphite: statsdServer('graphite', 'statsd, Graphite tags', 'graphite', graphitePath),
  'statsd-exporter': statsdExporterServer('statsd-exporter', 'statsd_exporter', 'statsd-exporter'),
  // The agent's collectd has sets; statsd_exporter only reads the same tags.
  signalfx: statsdExporterServer('signalfx', 'statsd_exporter, SignalFx tags', 'signalfx', {
    dialect: { ...dialects.signalfx, sets: undefined },
  }),
  // Its backend runs in the daemon and takes the tags out of the names, which the daemon has to leave as they are.
  librato: statsdServer('librato', 'statsd, Librato tags', 'librato', libratoName, {
    keyNameSanitize: false,
  }),
  telegraf: telegrafServer({ name: 'telegraf', title: 'Telegraf' }),
  'telegraf-samples': telegrafServer({
    name: 'telegraf-samples',
    title: 'Telegraf, percentile_limit raised',
    options: { histograms: 'samples' },
    settings: 'percentile_limit = 1000000',
  }),
  cloudwatch,
  'otel-collector': otelCollector,
  gostatsd,
  netdata,
  collectd,
  statsite,
  brubeck,
  veneur,
  vector,
  carbon,
  'victoria-metrics': victoriaMetrics,
} as const satisfies Record<string, InteropServer>;

export type InteropName = keyof typeof servers;

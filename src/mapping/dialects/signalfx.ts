import type { Dialect } from './dialect.js';
import { statsdExporter } from './statsd-exporter.js';

/** SignalFx tags, as statsd_exporter reads them: `name[key=value,key2=value2]:1|c`. */
export const signalfx: Dialect = {
  ...statsdExporter,
  name: 'signalfx',
  // SignalFx agents listen where StatsD does.
  defaultPort: 8125,
  // pkg/line/line.go parseNameAndTags: from the first `[` to the first `]`.
  tags: { place: 'name', open: '[', assign: '=', separator: ',', close: ']' },
  illegal: {
    ...statsdExporter.illegal,
    // The brackets end the tags, `,` one of them, and `:` the name; `#` is for agents that know Librato's tags.
    tagValue: /[[\],=:|#@\s\p{Cc}\p{Cs}]/gu,
  },
};

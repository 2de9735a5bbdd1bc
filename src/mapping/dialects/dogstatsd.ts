import { SEPARATORS_AND_CONTROLS } from './characters.js';
import type { Dialect } from './dialect.js';
import { PLAIN_MEMBER } from './limits.js';

/**
 * The Datadog agent: `name:1|c|#key:value,key2:value2`. Sources as of its main branch in 2026, where no
 * version is named.
 */
export const dogstatsd: Dialect = {
  name: 'dogstatsd',
  // The agent has no TCP listener.
  defaultProtocol: 'udp',
  // datadog-agent config: dogstatsd_port 8125.
  defaultPort: 8125,
  line: 'statsd',
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // docs.datadoghq.com "custom metrics": letters, digits, underscores and periods; others become `_`. The backend makes
    // one underscore of several, so that names that differ there alone would be one.
    name: /_*[^A-Za-z0-9_.][^A-Za-z0-9.]*|_{2,}/gu,
    // The first `:` ends the key; docs.datadoghq.com "getting started with tags". Doubled underscores as in names.
    tagKey: /_*[^\p{L}\p{N}_./-][^\p{L}\p{N}./-]*|_{2,}/gu,
    // comp/dogstatsd/server/impl/parse.go parseTags splits tags at `,`, nextField fields at `|`; nothing can be escaped.
    tagValue: SEPARATORS_AND_CONTROLS,
  },
  // docs.datadoghq.com "what best practices are recommended for naming metrics and tags": both must start with a letter. The
  // backend changes others, so that `_id` and `id` could become one.
  leadingLetter: 'x',
  // comp/dogstatsd/server/impl/enrich.go extractTagsMetadata: `host:` sets the host, `dd.internal.…` is taken out of the tags.
  // pkg/serializer/internal/metrics/series.go populateDeviceField: `device:` becomes a field of counters and gauges. A key
  // must start with a letter, so they are marked at their end.
  reservedTags: { keys: /^(?:host|device|dd\.internal\..*)$/, rename: '$&_' },
  // `d` is aggregated by the backend over all hosts; the agent keeps its unit as it is.
  types: { counter: 'c', gauge: 'g', timer: 'd', histogram: 'd' },
  // A distribution has no unit, and the backend lets the user state it.
  timeUnit: 'instrument',
  // comp/dogstatsd/server/impl/parse_metrics.go parseMetricSampleMetricType.
  acceptedTypes: ['c', 'g', 'ms', 'h', 'd', 's'],
  // parse.go parseMetricSample: the sign is a part of the number.
  negativeGauge: 'absolute',
  // parse.go parseFloat64: strconv.ParseFloat.
  counterDecimals: Infinity,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // pkg/util/quantile/agent.go: a value goes into the sketch trunc(1/rate) times.
    rate: 'weighted',
    // pkg/util/quantile v0.85.4 bin.go: a bin holds 65,535, so that so many recordings take 65,537 bins and some MB of the
    // agent; 10^12 take 600 MB. Later agents have bins of 32 bits.
    maxWeight: 2 ** 32,
    maxCount: 2 ** 32,
    // docs.datadoghq.com "datagram format and shell usage": protocol v1.1 (agents 6.25 and 7.25), several values in one line.
    packed: true,
    // parse.go parseFloat64 takes the sign of any value.
    negative: true,
    // One stratum per whole percentile.
    perPoint: 100,
  },
  // parse.go parseMetricSample keeps the text as it is; pkg/metrics/set.go counts.
  sets: { members: PLAIN_MEMBER, isEstimate: false },
  // docs.datadoghq.com "datagram format and shell usage": protocol v1.3 (agents 6.40 and 7.40). Such lines skip aggregation (dogstatsd_no_aggregation_pipeline), so it is for the user to ask.
  timestamps: 'optional',
  limits: {
    // Config dogstatsd_buffer_size: 8192 by default; comp/dogstatsd/listeners/udp.go cuts what is longer.
    datagramBytes: 8192,
    lineBytes: 8192,
    // docs.datadoghq.com: names and tags of up to 200 characters; the backend cuts longer ones.
    nameLength: 200,
    tagLength: 200,
    // pkg/metrics/counter.go and gauge.go: float64.
    counter: Infinity,
    gauge: Infinity,
  },
  // datadog-go statsd/uds.go; the agent's dogstatsd_stream_socket.
  unixStreamFraming: 'length-prefixed',
  nameCollisions: {
    ignoreCase: false,
    equivalentCharacters: undefined,
    // pkg/aggregator/ckey/key.go: the key of a series is made of name, host and tags, and pkg/metrics/context_metrics.go
    // AddSample makes of each key what came first in ten seconds. Distributions (sketchMap) are apart.
    betweenTypes: [
      {
        types: ['c', 'g', 'ms', 'h', 's'],
        effect: 'where their attributes are equal, the agent reads both as the type that arrives first',
      },
    ],
    // pkg/metrics/histogram.go flush: the aggregates and percentiles of `ms` and `h`, which this record does not send.
    derivedNames: [
      {
        from: ['ms', 'h'],
        pattern: /^(.+)\.(?:max|min|median|avg|sum|count|\d+percentile)$/,
        with: ['c', 'g', 's', 'd'],
        effect: 'the agent reports both under this name',
      },
    ],
  },
  // docs.datadoghq.com "unified service tagging", from the OpenTelemetry attributes of the same meaning.
  resourceTags: {
    'service.name': 'service',
    'service.version': 'version',
    'deployment.environment.name': 'env',
  },
  // parse.go parseMetricSample: container id, external data, cardinality, if dogstatsd_origin_detection_client is on;
  // otherwise they are ignored.
  originFields: ['c', 'e', 'card'],
  readsDatadogEnvironment: true,
};

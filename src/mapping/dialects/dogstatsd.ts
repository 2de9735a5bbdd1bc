import type { Dialect } from './dialect.js';

/** The Datadog agent: `name:1|c|#key:value,key2:value2`. */
export const dogstatsd: Dialect = {
  name: 'dogstatsd',
  // The agent has no TCP listener.
  defaultProtocol: 'udp',
  // datadog-agent config: dogstatsd_port 8125.
  defaultPort: 8125,
  line: 'statsd',
  tags: { place: 'end', open: '|#', assign: ':', separator: ',', close: '' },
  illegal: {
    // docs.datadoghq.com "custom metrics": letters, digits, underscores and periods; others become `_`.
    name: /[^A-Za-z0-9_.]/gu,
    // The first `:` ends the key; docs.datadoghq.com "getting started with tags".
    tagKey: /[^\p{L}\p{N}_./-]/gu,
    // parse_metric_samples.go splits tags at `,` and fields at `|`; nothing can be escaped.
    tagValue: /[,|\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu,
  },
  // enrich.go extractTagsMetadata: `host:` sets the host, the others are taken out of the tags. A key must start
  // with a letter, so they are marked at their end.
  reservedTags: { keys: /^(?:host|dd\.internal\..*)$/, rename: '$&_' },
  // `d` is aggregated by the backend over all hosts; the agent keeps its unit as it is.
  types: { counter: 'c', gauge: 'g', timer: 'd', histogram: 'd' },
  // parse_metric_samples.go parseMetricSampleMetricType.
  acceptedTypes: ['c', 'g', 'ms', 'h', 'd', 's'],
  // The agent's parser gives the sign of a gauge no meaning.
  negativeGauge: 'absolute',
  // parse_metric_samples.go: strconv.ParseFloat.
  counterDecimals: Infinity,
  negativeCounter: true,
  histograms: 'samples',
  samples: {
    // pkg/util/quantile/agent.go: a value goes into the sketch trunc(1/rate) times.
    rate: 'weighted',
    // The same, as uint: whole numbers of a double.
    maxWeight: Number.MAX_SAFE_INTEGER,
    // Protocol v1.1 (agent 7.25 and 6.25): several values in one line.
    packed: true,
    // parse_metric_samples.go takes the sign of any value.
    negative: true,
    // One stratum per whole percentile.
    perPoint: 100,
  },
  // Protocol v1.3: such lines skip aggregation (dogstatsd_no_aggregation_pipeline), so it is for the user to ask.
  timestamps: 'optional',
  limits: {
    // Config dogstatsd_buffer_size: 8192 by default; listeners/udp.go cuts what is longer.
    datagramBytes: 8192,
    lineBytes: 8192,
    // docs.datadoghq.com: names and tags of up to 200 characters; the backend cuts longer ones.
    nameLength: 200,
    tagLength: 200,
    counter: Infinity,
    gauge: Infinity,
  },
  // datadog-go statsd/uds.go; the agent's dogstatsd_stream_socket.
  unixStreamFraming: 'length-prefixed',
  nameCollisions: { ignoreCase: false, equivalentCharacters: undefined },
  // docs.datadoghq.com "unified service tagging", from the OpenTelemetry attributes of the same meaning.
  resourceTags: {
    'service.name': 'service',
    'service.version': 'version',
    'deployment.environment.name': 'env',
  },
  // parse_metric_samples.go: container id, external data, cardinality, if dogstatsd_origin_detection_client is on;
  // otherwise they are ignored.
  originFields: ['c', 'e', 'card'],
  readsDatadogEnvironment: true,
};

import type { Dialect } from './dialect.js';

/** The Datadog agent: `name:1|c|#key:value,key2:value2`. */
export const dogstatsd: Dialect = {
  name: 'dogstatsd',
  // datadog-agent config: dogstatsd_port 8125.
  defaultPort: 8125,
  tags: { place: 'end', open: '|#', assign: ':', separator: ',' },
  illegal: {
    // docs.datadoghq.com "custom metrics": letters, digits, underscores and periods; others become `_`.
    name: /[^A-Za-z0-9_.]/gu,
    // The first `:` ends the key; docs.datadoghq.com "getting started with tags".
    tagKey: /[^\p{L}\p{N}_./-]/gu,
    // parse_metric_samples.go splits tags at `,` and fields at `|`; nothing can be escaped.
    tagValue: /[,|\p{Cc}\p{Zl}\p{Zp}]/gu,
  },
  // `d` is aggregated by the backend over all hosts; the agent keeps its unit as it is.
  types: { counter: 'c', gauge: 'g', timer: 'd', histogram: 'd' },
  // The agent's parser gives the sign of a gauge no meaning.
  negativeGauge: 'absolute',
  samples: {
    // pkg/util/quantile/agent.go: a value goes into the sketch trunc(1/rate) times.
    rate: 'weighted',
    // Protocol v1.1 (agent 7.25 and 6.25): several values in one line.
    packed: true,
    negative: true,
    // One stratum per whole percentile.
    perPoint: 100,
  },
  // docs.datadoghq.com "unified service tagging", from the OpenTelemetry attributes of the same meaning.
  resourceTags: {
    'service.name': 'service',
    'service.version': 'version',
    'deployment.environment.name': 'env',
  },
  readsDatadogEnvironment: true,
};

// What each example needs to run: a receiver, variables, requests to answer.

const REQUESTS_OF_A_SHOP = [
  { method: 'GET', path: '/users/7' },
  { method: 'GET', path: '/users/8' },
  { method: 'POST', path: '/orders' },
];

/** By folder name; the receiver is UDP and reads the `statsd` dialect unless said otherwise. */
export const catalogue = {
  'plain-udp': { about: 'counter, up-down counter, gauge and histogram over UDP' },
  'dogstatsd-unix-socket': {
    about: "to the Datadog agent's unix stream socket, with unified service tags",
    receiver: { protocol: 'unix', dialect: 'dogstatsd' },
  },
  telegraf: { about: "to Telegraf's statsd input", receiver: { dialect: 'telegraf' } },
  carbon: {
    about: 'straight to Graphite, without a StatsD server',
    receiver: { protocol: 'tcp', dialect: 'carbon' },
  },
  tls: { about: 'over TLS, with proof of delivery', receiver: { protocol: 'tls' } },
  register: {
    about: 'an app without OpenTelemetry code, its names in a configuration file',
    nodeOptions: ['--import', 'opentelemetry-exporter-statsd/register'],
    endpointVariable: 'OTEL_EXPORTER_STATSD_ENDPOINT',
    env: {
      OTEL_SERVICE_NAME: 'shop',
      // From the folder of examples, in which they run.
      OTEL_EXPORTER_STATSD_CONFIG: './register/statsd.config.mjs',
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
    },
    requests: [
      { method: 'GET', path: '/' },
      { method: 'GET', path: '/nowhere' },
    ],
  },
  'naming-templates': { about: 'names by templates, globs and functions' },
  sets: { about: 'distinct users, counted by the server' },
  views: {
    about: 'fewer attributes, metrics left out or renamed, own buckets',
    receiver: { dialect: 'graphite' },
  },
  lambda: {
    about: 'a handler that flushes once per invocation',
    receiver: { protocol: 'tcp' },
    program: '../support/invoke-lambda.js',
  },
  'short-lived': { about: 'a script that records and ends', receiver: { protocol: 'tcp' } },
  fastify: { about: 'timers by route, method and status, from a hook', requests: REQUESTS_OF_A_SHOP },
  express: {
    about: 'the same for Express, from the automatic instrumentations',
    env: { OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,express' },
    requests: REQUESTS_OF_A_SHOP,
  },
  prometheus: { about: 'push to StatsD and pull by Prometheus from one provider' },
  writable: { about: 'lines into a custom stream', receiver: 'none' },
  'service-discovery': { about: 'the address from Consul', receiver: 'consul' },
  'hot-shots-migration': {
    about: 'from hot-shots, with the same lines on the wire',
    receiver: { dialect: 'dogstatsd' },
  },
  cluster: { about: 'one set of metrics for all workers of a cluster' },
};

/** Examples of several files that bring servers and a screen of their own, by folder name; `program` is in the folder. */
export const shows = {
  'many-hosts': {
    about: "three hosts, statsd's proxy, three daemons of which one dies",
    program: 'many-hosts.js',
  },
};

import { describe, expect, it } from 'vitest';
import { type Environment, readEnvironment } from '../../../src/exporter/options/environment.js';
import { resourceAttributes } from '../../../src/exporter/options/resource-env.js';
import { pretendPlatform } from '../../support/platform.js';

pretendPlatform('linux');

function read(environment: Environment): {
  settings: ReturnType<typeof readEnvironment>;
  warnings: string[];
} {
  const warnings: string[] = [];
  return { settings: readEnvironment(environment, (message) => warnings.push(message)), warnings };
}

const NOTHING = read({}).settings;

/** One value of one variable. */
function from<T>(variable: string, value: T) {
  return [{ variable, value }];
}

describe('the environment', () => {
  it('sets nothing when it is empty, and an empty variable counts as unset', () => {
    expect(NOTHING).toEqual({
      endpoint: [],
      host: [],
      port: [],
      protocol: [],
      dialect: [],
      prefix: [],
      names: [],
      tags: [],
      resourceTags: [],
      histograms: [],
      originDetection: [],
      delivery: [],
      flushTimeoutMillis: [],
      shutdownTimeoutMillis: [],
      enabled: [],
      datadogTags: [],
    });
    expect(read({ OTEL_EXPORTER_STATSD_PREFIX: '', STATSD_PORT: ' ', DD_AGENT_HOST: '' })).toEqual({
      settings: NOTHING,
      warnings: [],
    });
  });

  it('sets options by the OTEL_EXPORTER_STATSD_* variables', () => {
    const result = read({
      OTEL_EXPORTER_STATSD_ENDPOINT: 'tcp://statsd.example:9125',
      OTEL_EXPORTER_STATSD_DIALECT: 'DogStatsD',
      OTEL_EXPORTER_STATSD_PREFIX: 'app',
      OTEL_EXPORTER_STATSD_TAGS: 'region=eu, zone = a=b ,',
      OTEL_EXPORTER_STATSD_RESOURCE_TAGS: 'service.name, host.name',
      OTEL_EXPORTER_STATSD_HISTOGRAMS: 'summary',
      OTEL_EXPORTER_STATSD_DELIVERY: 'Persistent',
      OTEL_EXPORTER_STATSD_TIMEOUT: '2500',
    });
    expect(result).toEqual({
      settings: {
        ...NOTHING,
        endpoint: from('OTEL_EXPORTER_STATSD_ENDPOINT', 'tcp://statsd.example:9125'),
        dialect: from('OTEL_EXPORTER_STATSD_DIALECT', 'dogstatsd'),
        prefix: from('OTEL_EXPORTER_STATSD_PREFIX', 'app'),
        tags: from('OTEL_EXPORTER_STATSD_TAGS', { region: 'eu', zone: 'a=b' }),
        resourceTags: from('OTEL_EXPORTER_STATSD_RESOURCE_TAGS', ['service.name', 'host.name']),
        histograms: from('OTEL_EXPORTER_STATSD_HISTOGRAMS', 'summary'),
        delivery: from('OTEL_EXPORTER_STATSD_DELIVERY', 'persistent'),
        flushTimeoutMillis: from('OTEL_EXPORTER_STATSD_TIMEOUT', 2500),
        shutdownTimeoutMillis: from('OTEL_EXPORTER_STATSD_TIMEOUT', 2500),
      },
      warnings: [],
    });
  });

  it('sets options by the variables of StatsD clients, which are weaker', () => {
    const result = read({
      STATSD_HOST: 'statsd.example',
      STATSD_PORT: '8126',
      STATSD_PROTOCOL: 'TCP',
      STATSD_PREFIX: 'legacy',
      OTEL_EXPORTER_STATSD_PREFIX: 'app',
    });
    expect(result).toEqual({
      settings: {
        ...NOTHING,
        host: from('STATSD_HOST', 'statsd.example'),
        port: from('STATSD_PORT', 8126),
        protocol: from('STATSD_PROTOCOL', 'tcp'),
        prefix: [...from('OTEL_EXPORTER_STATSD_PREFIX', 'app'), ...from('STATSD_PREFIX', 'legacy')],
      },
      warnings: [],
    });
  });

  it.each([
    ['1', true],
    ['2', true],
    ['0', false],
    ['-0', false],
    ['yes', true],
    ['Y', true],
    ['TRUE', true],
    ['t', true],
    ['on', true],
    ['off', false],
    ['False', false],
    ['N', false],
  ])('reads STATSD_ENABLED=%s as %s', (text, enabled) => {
    expect(read({ STATSD_ENABLED: text })).toEqual({
      settings: { ...NOTHING, enabled: from('STATSD_ENABLED', enabled) },
      warnings: [],
    });
  });

  it('sets options by the variables of Datadog clients, and tags of its own', () => {
    const result = read({
      DD_AGENT_HOST: 'agent.local',
      DD_DOGSTATSD_PORT: '8225',
      DD_DOGSTATSD_URL: 'unix:///dsd.socket',
      DD_DOGSTATSD_SOCKET: '/other.socket',
      DD_ENV: 'prod',
      DD_SERVICE: 'shop',
      DD_VERSION: '1.2',
      DD_TAGS: 'team:web,layer:front end:x',
      DD_ENTITY_ID: 'pod-1',
    });
    expect(result).toEqual({
      settings: {
        ...NOTHING,
        endpoint: [
          ...from('DD_DOGSTATSD_SOCKET', 'unixgram:///other.socket'),
          ...from('DD_DOGSTATSD_URL', 'unixgram:///dsd.socket'),
        ],
        host: from('DD_AGENT_HOST', 'agent.local'),
        port: from('DD_DOGSTATSD_PORT', 8225),
        datadogTags: [
          ...from('DD_TAGS', { team: 'web', layer: 'front', end: 'x' }),
          ...from('DD_ENV', { env: 'prod' }),
          ...from('DD_SERVICE', { service: 'shop' }),
          ...from('DD_VERSION', { version: '1.2' }),
          ...from('DD_ENTITY_ID', { 'dd.internal.entity_id': 'pod-1' }),
        ],
      },
      warnings: [],
    });
  });

  it('names a server by the URL of Datadog clients, whose words for unix sockets are others', () => {
    const urls = ['unixstream:///a', 'UNIX:///a', 'udp://unix:1', 'tcp://unixstream:1'];
    expect(urls.map((url) => read({ DD_DOGSTATSD_URL: url }))).toEqual(
      ['unix:///a', 'unixgram:///a', 'udp://unix:1', 'tcp://unixstream:1'].map((url) => ({
        settings: { ...NOTHING, endpoint: from('DD_DOGSTATSD_URL', url) },
        warnings: [],
      })),
    );
  });

  it('says where the metrics of a pod come from', () => {
    const result = read({
      DD_ORIGIN_DETECTION_ENABLED: 'true',
      DD_EXTERNAL_ENV: 'it-false,cn-app',
      DATADOG_CARDINALITY: 'Low',
    });
    expect(result).toEqual({
      settings: {
        ...NOTHING,
        originDetection: [
          ...from('DD_ORIGIN_DETECTION_ENABLED', true),
          ...from('DD_EXTERNAL_ENV', { externalData: 'it-false,cn-app' }),
          ...from('DATADOG_CARDINALITY', { cardinality: 'low' }),
        ],
      },
      warnings: [],
    });
  });
});

describe('a bad variable', () => {
  it.each<[Environment, string]>([
    [
      { OTEL_EXPORTER_STATSD_ENDPOINT: 'localhost:8125' },
      'OTEL_EXPORTER_STATSD_ENDPOINT is ignored: expected a URL that begins with udp://, tcp://, tls://, unix://, unixgram://, got "localhost:8125"',
    ],
    [
      { OTEL_EXPORTER_STATSD_TIMEOUT: '5s' },
      'OTEL_EXPORTER_STATSD_TIMEOUT is ignored: expected a whole number of milliseconds from 1 to 2147483647, got "5s"',
    ],
    [{ STATSD_PORT: '81z25' }, 'STATSD_PORT is ignored: expected a port number from 1 to 65535, got "81z25"'],
    [{ STATSD_PORT: '0' }, 'STATSD_PORT is ignored: expected a port number from 1 to 65535, got "0"'],
    [{ STATSD_PORT: '0x1F' }, 'STATSD_PORT is ignored: expected a port number from 1 to 65535, got "0x1F"'],
    [
      { OTEL_EXPORTER_STATSD_TAGS: 'region' },
      'an item of OTEL_EXPORTER_STATSD_TAGS is ignored: expected key=value, got "region"',
    ],
    [
      { OTEL_EXPORTER_STATSD_PREFIX: 'a{b' },
      'OTEL_EXPORTER_STATSD_PREFIX is ignored: expected a name whose placeholders look like {http.route} or ' +
        '{http.route|none}, got "a{b"',
    ],
    [
      { OTEL_EXPORTER_STATSD_NAMES: 'semantic' },
      'OTEL_EXPORTER_STATSD_NAMES is ignored: expected "semconv" or "sprockets" or "plain", got "semantic"',
    ],
    [{ STATSD_ENABLED: 'maybe' }, 'STATSD_ENABLED is ignored: expected true or false, got "maybe"'],
    [{ STATSD_PROTOCOL: 'unix' }, 'STATSD_PROTOCOL is ignored: expected "udp" or "tcp" or "tls", got "unix"'],
    [
      { DD_CARDINALITY: 'all' },
      'DD_CARDINALITY is ignored: expected "none" or "low" or "orchestrator" or "high", got "all"',
    ],
    [
      { DD_DOGSTATSD_URL: 'http://agent' },
      'DD_DOGSTATSD_URL is ignored: expected a URL such as "udp://127.0.0.1:8125" or "unix:///var/run/datadog/dsd.socket", got "http://agent"',
    ],
    [
      { OTEL_EXPORTER_STATSD_ENDPOINT: 'tcp://user:hunter2@statsd.example?token=hunter2' },
      'OTEL_EXPORTER_STATSD_ENDPOINT is ignored: expected a URL without user name and password, got "tcp://…@statsd.example?…"',
    ],
    [
      { DD_DOGSTATSD_SOCKET: 'dsd.socket' },
      'DD_DOGSTATSD_SOCKET is ignored: expected an absolute path, got "dsd.socket"',
    ],
  ])('%j is warned about once and ignored', (environment, warning) => {
    expect(read(environment).warnings).toEqual([warning]);
  });

  it('does not take valid items of its list with it', () => {
    expect(read({ DD_TAGS: 'a:b,c,d:e' })).toEqual({
      settings: { ...NOTHING, datadogTags: from('DD_TAGS', { a: 'b', d: 'e' }) },
      warnings: ['an item of DD_TAGS is ignored: expected key:value, got "c"'],
    });
  });
});

it('tags and resource attributes named like members of every object are kept', () => {
  const environment = {
    OTEL_EXPORTER_STATSD_TAGS: '__proto__=a,constructor=b',
    OTEL_RESOURCE_ATTRIBUTES: '__proto__=c,toString=d',
  };
  expect([
    Object.entries(readEnvironment(environment, () => {}).tags[0]?.value ?? {}),
    Object.entries(resourceAttributes(environment)),
  ]).toEqual([
    [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ],
    [
      ['__proto__', 'c'],
      ['toString', 'd'],
    ],
  ]);
});

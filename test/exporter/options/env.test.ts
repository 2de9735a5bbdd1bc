import { describe, expect, it } from 'vitest';
import { type Environment, readEnvironment } from '../../../src/exporter/options/env.js';
import { resourceAttributes } from '../../../src/exporter/options/resource-env.js';

function read(environment: Environment): {
  settings: ReturnType<typeof readEnvironment>;
  warnings: string[];
} {
  const warnings: string[] = [];
  return { settings: readEnvironment(environment, (message) => warnings.push(message)), warnings };
}

const NOTHING = read({}).settings;

describe('the environment', () => {
  it('says nothing when it is empty, and an empty variable counts as unset', () => {
    expect(NOTHING).toEqual({
      endpoints: [
        {},
        { host: undefined, port: undefined, protocol: undefined },
        {},
        { host: undefined, port: undefined },
      ],
      dialect: undefined,
      prefix: undefined,
      tags: undefined,
      datadogTags: {},
      datadogOrigin: {},
      resourceTags: undefined,
      histograms: undefined,
      timeoutMillis: undefined,
      enabled: undefined,
    });
    expect(read({ OTEL_EXPORTER_STATSD_PREFIX: '', STATSD_PORT: ' ', DD_AGENT_HOST: '' })).toEqual({
      settings: NOTHING,
      warnings: [],
    });
  });

  it('holds all of our own variables', () => {
    const { settings, warnings } = read({
      OTEL_EXPORTER_STATSD_ENDPOINT: 'tcp://statsd.example:9125',
      OTEL_EXPORTER_STATSD_DIALECT: 'DogStatsD',
      OTEL_EXPORTER_STATSD_PREFIX: 'app',
      OTEL_EXPORTER_STATSD_TAGS: 'region=eu, zone = a=b ,',
      OTEL_EXPORTER_STATSD_RESOURCE_TAGS: 'service.name, host.name',
      OTEL_EXPORTER_STATSD_HISTOGRAMS: 'summary',
      OTEL_EXPORTER_STATSD_TIMEOUT: '2500',
    });
    expect(settings).toEqual({
      ...NOTHING,
      endpoints: [
        { isWhole: true, protocol: 'tcp', host: 'statsd.example', port: 9125 },
        ...NOTHING.endpoints.slice(1),
      ],
      dialect: 'dogstatsd',
      prefix: 'app',
      tags: { region: 'eu', zone: 'a=b' },
      resourceTags: ['service.name', 'host.name'],
      histograms: 'summary',
      timeoutMillis: 2500,
    });
    expect(warnings).toEqual([]);
  });

  it('holds the variables of StatsD clients', () => {
    const { settings } = read({
      STATSD_HOST: 'statsd.example',
      STATSD_PORT: '8126',
      STATSD_PROTOCOL: 'TCP',
      STATSD_PREFIX: 'legacy',
    });
    expect(settings).toEqual({
      ...NOTHING,
      endpoints: [{}, { host: 'statsd.example', port: 8126, protocol: 'tcp' }, ...NOTHING.endpoints.slice(2)],
      prefix: 'legacy',
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
    ['false', false],
    ['anything', false],
  ])('takes STATSD_ENABLED=%s for %s', (text, enabled) => {
    expect(read({ STATSD_ENABLED: text }).settings.enabled).toBe(enabled);
  });

  it('holds the variables of Datadog clients, which also choose the dialect', () => {
    const { settings, warnings } = read({
      DD_AGENT_HOST: 'agent.local',
      DD_DOGSTATSD_PORT: '8225',
      DD_ENV: 'prod',
      DD_SERVICE: 'shop',
      DD_VERSION: '1.2',
      DD_TAGS: 'team:web,layer:front end:x',
      DD_ENTITY_ID: 'pod-1',
    });
    expect(settings).toEqual({
      ...NOTHING,
      endpoints: [...NOTHING.endpoints.slice(0, 3), { host: 'agent.local', port: 8225 }],
      dialect: 'dogstatsd',
      datadogTags: {
        env: 'prod',
        service: 'shop',
        version: '1.2',
        team: 'web',
        layer: 'front',
        end: 'x',
        'dd.internal.entity_id': 'pod-1',
      },
    });
    expect(warnings).toEqual([]);
  });

  it('says where the metrics of a pod come from', () => {
    expect(
      read({
        DD_ORIGIN_DETECTION_ENABLED: 'true',
        DD_EXTERNAL_ENV: 'it-false,cn-app',
        DATADOG_CARDINALITY: 'Low',
      }).settings.datadogOrigin,
    ).toEqual({ isEnabled: true, externalData: 'it-false,cn-app', cardinality: 'low' });
  });
});

describe('a bad variable', () => {
  it.each<[Environment, string]>([
    [
      { OTEL_EXPORTER_STATSD_ENDPOINT: 'localhost:8125' },
      'OTEL_EXPORTER_STATSD_ENDPOINT is ignored: expected a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125", got "localhost:8125"',
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
      'OTEL_EXPORTER_STATSD_TAGS is ignored: expected key=value pairs, got "region"',
    ],
  ])('%j is warned about once and ignored', (environment, warning) => {
    const { warnings } = read(environment);
    expect(warnings).toEqual([warning]);
  });
});

it('tags and resource attributes named like members of every object are kept', () => {
  const environment = {
    OTEL_EXPORTER_STATSD_TAGS: '__proto__=a,constructor=b',
    OTEL_RESOURCE_ATTRIBUTES: '__proto__=c,toString=d',
  };
  expect([
    Object.entries(readEnvironment(environment, () => {}).tags ?? {}),
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

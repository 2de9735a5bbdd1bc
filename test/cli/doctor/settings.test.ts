import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Setting, settingsOf } from '../../../src/cli/doctor/settings.js';
import { configurationOf } from '../../../src/cli/shared/configuration.js';
import type { Environment } from '../../../src/exporter/options/environment.js';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';
import { pretendPlatform } from '../../support/platform.js';

pretendPlatform('linux');

async function setting(
  name: string,
  environment: Environment,
  flags: StatsdExporterOptions = {},
): Promise<Setting | undefined> {
  return settingsOf(await configurationOf(flags, environment)).find((each) => each.name === name);
}

describe('the source of the endpoint', () => {
  it.each<[string, string, Environment, StatsdExporterOptions?]>([
    ['udp://127.0.0.1:8125', 'default', {}],
    ['udp://127.0.0.1:8125', 'STATSD_HOST (host)', { STATSD_HOST: '127.0.0.1' }],
    [
      'tcp://a:1',
      'STATSD_PROTOCOL (protocol), STATSD_HOST (host), STATSD_PORT (port)',
      { STATSD_HOST: 'a', STATSD_PORT: '1', STATSD_PROTOCOL: 'tcp' },
    ],
    [
      'udp://a:2',
      'STATSD_HOST (host), DD_DOGSTATSD_PORT (port)',
      { STATSD_HOST: 'a', DD_AGENT_HOST: 'b', DD_DOGSTATSD_PORT: '2' },
    ],
    [
      'udp://c:8125',
      'DD_DOGSTATSD_URL (protocol, host)',
      { DD_DOGSTATSD_URL: 'udp://c', DD_AGENT_HOST: 'd' },
    ],
    ['unixgram:///s', 'DD_DOGSTATSD_SOCKET', { DD_DOGSTATSD_SOCKET: '/s', DD_DOGSTATSD_URL: 'udp://c' }],
    [
      'tcp://e:3',
      'OTEL_EXPORTER_STATSD_ENDPOINT',
      { OTEL_EXPORTER_STATSD_ENDPOINT: 'tcp://e:3', STATSD_HOST: 'a' },
    ],
    ['udp://a:8125', 'STATSD_HOST (host)', { STATSD_HOST: 'a', STATSD_PORT: 'x' }],
    ['tcp://f:4', '--endpoint', { OTEL_EXPORTER_STATSD_ENDPOINT: 'tcp://e:3' }, { endpoint: 'tcp://f:4' }],
    ['unix:///u', '--endpoint', { STATSD_HOST: 'a' }, { endpoint: 'unix:///u' }],
    ['tcp://f:8125', '--endpoint (protocol, host)', { STATSD_PORT: '9' }, { endpoint: 'tcp://f' }],
  ])('%s: %s', async (value, source, environment, flags) => {
    expect(await setting('endpoint', environment, flags)).toEqual({ name: 'endpoint', value, source });
  });
});

describe('the source of the other settings', () => {
  it.each<[string, string, string, Environment]>([
    ['dialect', 'statsd', 'default', {}],
    ['dialect', 'dogstatsd', 'DD_AGENT_HOST', { DD_AGENT_HOST: 'a' }],
    [
      'dialect',
      'telegraf',
      'OTEL_EXPORTER_STATSD_DIALECT',
      { OTEL_EXPORTER_STATSD_DIALECT: 'telegraf', DD_AGENT_HOST: 'a' },
    ],
    ['dialect', 'statsd', 'default', { OTEL_EXPORTER_STATSD_DIALECT: 'nonsense' }],
    ['prefix', 'a', 'OTEL_EXPORTER_STATSD_PREFIX', { OTEL_EXPORTER_STATSD_PREFIX: 'a', STATSD_PREFIX: 'b' }],
    ['names', 'semconv', 'default', {}],
    ['names', 'plain', 'default', { OTEL_EXPORTER_STATSD_DIALECT: 'telegraf' }],
    ['names', 'sprockets', 'OTEL_EXPORTER_STATSD_NAMES', { OTEL_EXPORTER_STATSD_NAMES: 'Sprockets' }],
    ['tags', 'k=v', 'OTEL_EXPORTER_STATSD_TAGS', { OTEL_EXPORTER_STATSD_TAGS: 'k=v', DD_ENV: 'x' }],
    [
      'tags',
      'a=b, env=x, k=v',
      'OTEL_EXPORTER_STATSD_TAGS, DD_TAGS, DD_ENV',
      {
        OTEL_EXPORTER_STATSD_TAGS: 'k=v',
        DD_TAGS: 'a:b',
        DD_ENV: 'x',
        OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
      },
    ],
    [
      'resource tags',
      'host.name',
      'OTEL_EXPORTER_STATSD_RESOURCE_TAGS',
      { OTEL_EXPORTER_STATSD_RESOURCE_TAGS: 'host.name' },
    ],
    [
      'resource tags',
      'service.name as service, service.version as version, deployment.environment.name as env',
      'default',
      { OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd' },
    ],
    ['origin', 'none', 'default', { OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd' }],
    [
      'origin',
      '|card:low',
      'DD_CARDINALITY',
      { OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd', DD_CARDINALITY: 'low' },
    ],
    [
      'histograms',
      'buckets',
      'OTEL_EXPORTER_STATSD_HISTOGRAMS',
      { OTEL_EXPORTER_STATSD_HISTOGRAMS: 'buckets' },
    ],
    [
      'delivery',
      'persistent',
      'OTEL_EXPORTER_STATSD_DELIVERY',
      { OTEL_EXPORTER_STATSD_DELIVERY: 'persistent', STATSD_PROTOCOL: 'tcp' },
    ],
    ['flush', 'within 7 ms', 'OTEL_EXPORTER_STATSD_TIMEOUT', { OTEL_EXPORTER_STATSD_TIMEOUT: '7' }],
    ['shutdown', 'within 7 ms', 'OTEL_EXPORTER_STATSD_TIMEOUT', { OTEL_EXPORTER_STATSD_TIMEOUT: '7' }],
    ['enabled', 'no', 'STATSD_ENABLED', { STATSD_ENABLED: 'off' }],
  ])('%s is %s: %s', async (name, value, source, environment) => {
    expect(await setting(name, environment)).toEqual({ name, value, source });
  });

  it('omits settings without effect', async () => {
    expect([
      await setting('delivery', {}),
      await setting('enabled', {}),
      await setting('origin', {}),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('is the configuration file where it sets them, below flags and above variables', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'statsd-config-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'statsd.json');
    writeFileSync(
      path,
      '{ "host": "f", "protocol": "tcp", "prefix": "file", "dialect": "telegraf", "tags": { "k": "v" } }',
    );
    const environment = {
      OTEL_EXPORTER_STATSD_CONFIG: path,
      OTEL_EXPORTER_STATSD_PREFIX: 'variable',
      OTEL_EXPORTER_STATSD_HISTOGRAMS: 'buckets',
      STATSD_HOST: 'variable',
    };
    const all = async (flags: StatsdExporterOptions) =>
      settingsOf(await configurationOf(flags, environment))
        .map(({ name, value, source }) => `${name} ${value} (${source})`)
        .filter((text) => /^(endpoint|dialect|prefix|tags|histograms)/.test(text));
    expect([await all({}), await all({ endpoint: 'udp://flag:1', dialect: 'statsd' })]).toEqual([
      [
        `endpoint tcp://f:8125 (${path} (protocol, host))`,
        `dialect telegraf (${path})`,
        `prefix file (${path})`,
        `tags k=v (${path})`,
        'histograms buckets (OTEL_EXPORTER_STATSD_HISTOGRAMS)',
      ],
      [
        'endpoint udp://flag:1 (--endpoint)',
        'dialect statsd (--dialect)',
        `prefix file (${path})`,
        `tags k=v (${path})`,
        'histograms buckets (OTEL_EXPORTER_STATSD_HISTOGRAMS)',
      ],
    ]);
  });
});

it('names that are no preset are custom', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'statsd.json');
  writeFileSync(path, '{ "names": { "a": "b" } }');
  expect(await setting('names', { OTEL_EXPORTER_STATSD_CONFIG: path })).toEqual({
    name: 'names',
    value: 'custom',
    source: path,
  });
});

it('a prefix that is no template is ignored with a warning, as the exporter ignores it', async () => {
  const { resolved, warnings } = await configurationOf(
    {},
    { OTEL_EXPORTER_STATSD_PREFIX: 'a{b', STATSD_PREFIX: 'c' },
  );
  expect([resolved.mapping.prefix, warnings]).toEqual([
    'c',
    [
      'OTEL_EXPORTER_STATSD_PREFIX is ignored: expected a name whose placeholders look like {http.route} or {http.route|none}, got "a{b"',
    ],
  ]);
});

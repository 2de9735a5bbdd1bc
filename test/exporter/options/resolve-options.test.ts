import { PassThrough } from 'node:stream';
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectHost } from '../../../src/exporter/options/checks.js';
import { type Environment, readEnvironment } from '../../../src/exporter/options/environment.js';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';
import { type ResolvedOptions, resolveOptions } from '../../../src/exporter/options/resolve-options.js';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { namePresets, presetOf } from '../../../src/mapping/naming/presets/index.js';
import { formatDestination } from '../../../src/transport/endpoint/destination.js';
import { systemLookup } from '../../../src/transport/endpoint/resolver.js';
import { pretendPlatform } from '../../support/platform.js';

pretendPlatform('linux');

function resolve(options: StatsdExporterOptions, environment: Environment = {}): ResolvedOptions {
  return resolveOptions(
    options,
    readEnvironment(environment, () => {}),
  );
}

describe('the endpoint', () => {
  it.each<[StatsdExporterOptions, Environment, string, string, number]>([
    [{}, {}, 'udp', '127.0.0.1', 8125],
    [{ endpoint: 'tcp://a' }, {}, 'tcp', 'a', 8125],
    [{ endpoint: 'udp://[::1]:9000' }, {}, 'udp', '::1', 9000],
    [{ host: '[::1]' }, {}, 'udp', '::1', 8125],
    [{}, { STATSD_HOST: 'b', STATSD_PORT: '1234', STATSD_PROTOCOL: 'tcp' }, 'tcp', 'b', 1234],
    // Parts complete one another across sources ...
    [{ port: 9999 }, { DD_AGENT_HOST: 'agent' }, 'udp', 'agent', 9999],
    [{}, { STATSD_HOST: 'b', DD_DOGSTATSD_PORT: '77' }, 'udp', 'b', 77],
    // ... but a URL is whole: nothing weaker adds to it.
    [{ endpoint: 'udp://a' }, { STATSD_PORT: '1234' }, 'udp', 'a', 8125],
    [{}, { OTEL_EXPORTER_STATSD_ENDPOINT: 'tcp://c', STATSD_PORT: '1234' }, 'tcp', 'c', 8125],
    [{ host: 'd' }, { OTEL_EXPORTER_STATSD_ENDPOINT: 'tcp://c:1' }, 'tcp', 'd', 1],
    [{}, { DD_DOGSTATSD_URL: 'udp://e:5', DD_AGENT_HOST: 'f' }, 'udp', 'e', 5],
    // The dialect has the defaults.
    [{ dialect: 'carbon' }, {}, 'tcp', '127.0.0.1', 2003],
    [{ dialect: 'statsd-exporter' }, { STATSD_HOST: 'b' }, 'udp', 'b', 9125],
  ])('of %j with %j is %s %s %i', (options, environment, protocol, host, port) => {
    expect(resolve(options, environment).delivery.destination).toEqual({ protocol, host, port });
  });
});

describe('precedence', () => {
  it('an option, also an empty one, beats every variable', () => {
    const environment = {
      OTEL_EXPORTER_STATSD_PREFIX: 'env',
      OTEL_EXPORTER_STATSD_TAGS: 'a=b',
      OTEL_EXPORTER_STATSD_RESOURCE_TAGS: 'service.name',
      OTEL_EXPORTER_STATSD_HISTOGRAMS: 'summary',
      OTEL_EXPORTER_STATSD_TIMEOUT: '1',
      STATSD_ENABLED: 'no',
    };
    const resolved = resolve(
      { prefix: '', tags: {}, resourceTags: [], histograms: 'samples', flushTimeoutMillis: 2, enabled: true },
      environment,
    );
    expect({ ...resolved.mapping, flush: resolved.flushTimeoutMillis, enabled: resolved.enabled }).toEqual({
      ...resolve({}).mapping,
      flush: 2,
      enabled: true,
    });
  });

  it('variables of this package beat StatsD’s', () => {
    const environment = { OTEL_EXPORTER_STATSD_PREFIX: 'ours', STATSD_PREFIX: 'theirs' };
    expect(resolve({}, environment).mapping.prefix).toBe('ours');
  });

  it('the option tags beats Datadog’s variables, which only Datadog dialects read', () => {
    const environment = { DD_ENV: 'prod', DD_SERVICE: 'shop', OTEL_EXPORTER_STATSD_TAGS: 'env=test' };
    expect(resolve({ dialect: 'dogstatsd' }, environment).mapping.tags).toEqual({
      env: 'test',
      service: 'shop',
    });
    expect(resolve({ dialect: 'statsd' }, environment).mapping.tags).toEqual({ env: 'test' });
  });

  it('the timeout variable is the deadline of flush and shutdown', () => {
    const { flushTimeoutMillis, shutdownTimeoutMillis } = resolve(
      {},
      { OTEL_EXPORTER_STATSD_TIMEOUT: '1500' },
    );
    expect({ flushTimeoutMillis, shutdownTimeoutMillis }).toEqual({
      flushTimeoutMillis: 1500,
      shutdownTimeoutMillis: 1500,
    });
  });

  it('the shutdown timeout is the deadline of flush, too, unless that has its own', () => {
    const deadlines = [
      resolve({ shutdownTimeoutMillis: 700 }),
      resolve({ shutdownTimeoutMillis: 700, flushTimeoutMillis: 900 }),
    ].map(({ flushTimeoutMillis, shutdownTimeoutMillis }) => [flushTimeoutMillis, shutdownTimeoutMillis]);
    expect(deadlines).toEqual([
      [700, 700],
      [900, 700],
    ]);
  });
});

describe('defaults', () => {
  it('send to a StatsD daemon on this host', () => {
    const { temporality: _, mapping, delivery, sources, ...rest } = resolve({});
    expect(rest).toEqual({
      enabled: true,
      payloads: { maxPayloadBytes: 65_507, targetPayloadBytes: 1432 },
      backlog: { maxSeries: 100_000, maxBytes: 67_108_864 },
      flushTimeoutMillis: 5000,
      shutdownTimeoutMillis: 5000,
    });
    expect(sources).toEqual({ tags: [] });
    expect(delivery).toEqual({
      destination: { protocol: 'udp', host: '127.0.0.1', port: 8125 },
      softQueueBytes: 16_777_216,
      maxQueueBytes: 67_108_864,
      delivery: 'confirmed',
      onUnconfirmed: 'resend',
      framing: 'newline',
      abortWith: 'fin',
      pacing: { bytesPerSecond: undefined, datagramsPerSecond: undefined },
      tls: {},
      connectTimeoutMillis: 5000,
      stallTimeoutMillis: 30_000,
      confirmTimeoutMillis: 60_000,
      lookup: systemLookup,
    });
    expect(mapping).toEqual({
      dialect: dialects.statsd,
      prefix: '',
      fields: '',
      names: namePresets.semconv,
      attributes: {},
      tags: {},
      resourceTags: {},
      scopeTags: false,
      sets: {},
      timeUnit: 'ms',
      histograms: { mode: 'samples', exactSum: true, exactMax: false, percentiles: [] },
      timestamps: false,
      maxLineBytes: 1432,
      maxSeries: 100_000,
    });
  });

  it('send times in the unit of the dialect, unless another is asked for', () => {
    const units = [
      resolve({ dialect: 'vector' }),
      resolve({ dialect: 'carbon' }),
      resolve({ dialect: 'carbon', timeUnit: 'ms' }),
      resolve({ dialect: 'statsd', timeUnit: 'instrument' }),
    ].map(({ mapping }) => mapping.timeUnit);
    expect(units).toEqual(['s', 'instrument', 'ms', 'instrument']);
  });

  it('leave out the sum counter where the server would confuse it with its own', () => {
    expect(resolve({ dialect: 'brubeck' }).mapping.histograms.exactSum).toBe(false);
    expect(resolve({ dialect: 'brubeck', histograms: { exactSum: true } }).mapping.histograms.exactSum).toBe(
      true,
    );
  });

  it('are those of dogstatsd when a Datadog variable decides the destination', () => {
    const { mapping } = resolve({}, { DD_AGENT_HOST: 'agent' });
    expect({ dialect: mapping.dialect, resourceTags: mapping.resourceTags }).toEqual({
      dialect: dialects.dogstatsd,
      resourceTags: {
        'service.name': 'service',
        'service.version': 'version',
        'deployment.environment.name': 'env',
      },
    });
  });

  it.each<[StatsdExporterOptions, Environment]>([
    [{ endpoint: 'udp://statsd' }, {}],
    [{ host: 'statsd' }, {}],
    [{ path: '/statsd.sock' }, {}],
    [{ stream: new PassThrough() }, {}],
    [{ lines: () => {} }, {}],
    [{ port: 9125 }, { STATSD_HOST: 'statsd' }],
    [{}, { OTEL_EXPORTER_STATSD_ENDPOINT: 'udp://statsd' }],
    [{}, { STATSD_HOST: 'statsd' }],
    [{}, { STATSD_HOST: 'statsd', DD_DOGSTATSD_PORT: '8225' }],
  ])(
    'of %o with %j are those of statsd, although a Datadog agent is in the environment',
    (options, variables) => {
      const environment = { DD_AGENT_HOST: 'agent', ...variables };
      expect(resolve(options, environment).mapping.dialect).toBe(dialects.statsd);
    },
  );

  it.each<Environment>([
    { DD_AGENT_HOST: 'agent' },
    { DD_DOGSTATSD_URL: 'udp://agent' },
    { DD_DOGSTATSD_SOCKET: '/dsd.socket' },
    { DD_DOGSTATSD_PORT: '8225' },
    { DD_AGENT_HOST: 'agent', STATSD_PORT: '9125' },
  ])('of %j are those of dogstatsd', (environment) => {
    expect(resolve({}, environment).mapping.dialect).toBe(dialects.dogstatsd);
  });

  it('request delta temporality for sums and histograms, cumulative for gauges', () => {
    const { temporality } = resolve({});
    const byInstrument = Object.values(InstrumentType).map((type) => [
      type,
      AggregationTemporality[temporality(type)],
    ]);
    expect(Object.fromEntries(byInstrument)).toEqual({
      COUNTER: 'DELTA',
      GAUGE: 'CUMULATIVE',
      HISTOGRAM: 'DELTA',
      UP_DOWN_COUNTER: 'CUMULATIVE',
      OBSERVABLE_COUNTER: 'DELTA',
      OBSERVABLE_GAUGE: 'CUMULATIVE',
      OBSERVABLE_UP_DOWN_COUNTER: 'CUMULATIVE',
    });
  });
});

describe('sources', () => {
  const NONE = resolve({}).sources;

  it('are the options that are given', () => {
    const options: StatsdExporterOptions = {
      host: 'a',
      port: 1,
      protocol: 'tcp',
      dialect: 'telegraf',
      prefix: '',
      names: 'plain',
      tags: {},
      resourceTags: [],
      histograms: 'samples',
      originDetection: false,
      delivery: 'confirmed',
      flushTimeoutMillis: 1,
      shutdownTimeoutMillis: 1,
      enabled: true,
    };
    const given = Object.fromEntries(Object.keys(options).map((option) => [option, 'options']));
    expect([
      resolve(options, { STATSD_HOST: 'b', OTEL_EXPORTER_STATSD_TAGS: 'a=b', DD_ENV: 'prod' }).sources,
      resolve({ path: '/a' }, { STATSD_HOST: 'b', STATSD_PROTOCOL: 'tcp' }).sources,
      resolve({ endpoint: 'tcp://a:1' }, { STATSD_HOST: 'b' }).sources,
      resolve({ shutdownTimeoutMillis: 1 }).sources,
    ]).toEqual([
      { ...given, tags: ['options'], path: undefined },
      { ...NONE, path: 'options' },
      { ...NONE, protocol: 'options', host: 'options', port: 'options' },
      { ...NONE, flushTimeoutMillis: 'options', shutdownTimeoutMillis: 'options' },
    ]);
  });

  it('are the variables that set something', () => {
    const statsd = {
      STATSD_HOST: 'b',
      STATSD_PORT: '1',
      STATSD_PREFIX: 'a',
      OTEL_EXPORTER_STATSD_TAGS: 'a=b',
      OTEL_EXPORTER_STATSD_TIMEOUT: '1',
      DD_ENV: 'prod',
    };
    const datadog = { DD_DOGSTATSD_SOCKET: '/a', DD_ENV: 'prod', DD_TAGS: 'a:b', DD_EXTERNAL_ENV: 'c' };
    expect([resolve({}, statsd).sources, resolve({}, datadog).sources]).toEqual([
      {
        ...NONE,
        host: 'STATSD_HOST',
        port: 'STATSD_PORT',
        prefix: 'STATSD_PREFIX',
        tags: ['OTEL_EXPORTER_STATSD_TAGS'],
        flushTimeoutMillis: 'OTEL_EXPORTER_STATSD_TIMEOUT',
        shutdownTimeoutMillis: 'OTEL_EXPORTER_STATSD_TIMEOUT',
      },
      {
        ...NONE,
        protocol: 'DD_DOGSTATSD_SOCKET',
        path: 'DD_DOGSTATSD_SOCKET',
        dialect: 'DD_DOGSTATSD_SOCKET',
        tags: ['DD_TAGS', 'DD_ENV'],
        originDetection: 'DD_EXTERNAL_ENV',
      },
    ]);
  });

  it('do not name a socket that a host replaces', () => {
    const { delivery, sources } = resolve({ host: 'a' }, { DD_DOGSTATSD_SOCKET: '/a' });
    expect([delivery.destination, sources]).toEqual([
      { protocol: 'udp', host: 'a', port: 8125 },
      { ...NONE, host: 'options' },
    ]);
  });
});

describe('the mapping', () => {
  it('names the origin of the environment', () => {
    expect(resolve({ dialect: 'dogstatsd' }, { DD_EXTERNAL_ENV: 'it-false' }).mapping.fields).toBe(
      '|e:it-false',
    );
  });

  it('names tags after the attributes of a list', () => {
    expect(resolve({ resourceTags: ['service.name', 'host.name'] }).mapping.resourceTags).toEqual({
      'service.name': 'service.name',
      'host.name': 'host.name',
    });
  });
});

it('the temporality is chosen by the option, if that is a function', () => {
  const temporality = () => AggregationTemporality.CUMULATIVE;
  expect(resolve({ temporality }).temporality).toBe(temporality);
});

describe('the dialect decides', () => {
  it.each<[StatsdExporterOptions, number]>([
    [{ dialect: 'collectd', maxPayloadBytes: 9000 }, 4095],
    [{ dialect: 'veneur', maxPayloadBytes: 9000 }, 4096],
    [{ dialect: 'netdata', maxPayloadBytes: 9000 }, 8999],
    [{ dialect: 'statsd', maxPayloadBytes: 9000 }, 9000],
  ])('the largest datagram, whatever the option: with %j %i bytes', (options, bytes) => {
    const { mapping, payloads } = resolve(options);
    expect({ maxPayloadBytes: payloads.maxPayloadBytes, maxLineBytes: mapping.maxLineBytes }).toEqual({
      maxPayloadBytes: bytes,
      maxLineBytes: Math.min(bytes, mapping.dialect.limits.lineBytes),
    });
  });

  it('the longest line by itself where no payload size is given; packed lines keep the usual size', () => {
    const { mapping, payloads } = resolve({ dialect: 'collectd' });
    expect({ payloads, maxLineBytes: mapping.maxLineBytes }).toEqual({
      payloads: { maxPayloadBytes: 4095, targetPayloadBytes: 1432 },
      maxLineBytes: 1432,
    });
  });

  it('the longest line where payloads are longer', () => {
    expect(resolve({ dialect: 'statsd-exporter', protocol: 'tcp' }).mapping.maxLineBytes).toBe(4095);
  });

  it.each<[StatsdExporterOptions, string]>([
    [{ dialect: 'telegraf' }, 'summary'],
    [{ dialect: 'telegraf', histograms: 'samples' }, 'samples'],
    [{ dialect: 'statsd', histograms: 'summary' }, 'summary'],
    [{ dialect: 'collectd', histograms: 'samples' }, 'summary'],
    [{ dialect: 'carbon', histograms: { mode: 'samples' } }, 'summary'],
    [{ dialect: 'carbon', histograms: 'buckets' }, 'buckets'],
  ])('the mode of histograms, and whether the option is followed: with %j %s', (options, mode) => {
    expect(resolve(options).mapping.histograms.mode).toBe(mode);
  });
});

describe('timestamps', () => {
  it('are sent when the option asks for them', () => {
    expect([resolve({ timestamps: true }), resolve({})].map(({ mapping }) => mapping.timestamps)).toEqual([
      true,
      false,
    ]);
  });
});

describe('names', () => {
  const withoutTags: Dialect = { ...dialects.carbon, tags: dialects.statsd.tags };

  it('are those of the preset semconv where the server has no tags, else those of the metrics', () => {
    const presets = [...Object.values(dialects), withoutTags].map((dialect) => [
      dialect.tags.place,
      presetOf(resolve({ dialect }).mapping.names),
    ]);
    expect(presets).toEqual(presets.map(([place]) => [place, place === 'folded' ? 'semconv' : 'plain']));
    expect(presets.at(-1)).toEqual(['folded', 'semconv']);
  });

  it('are those of the option, then those of the variable', () => {
    const environment = { OTEL_EXPORTER_STATSD_NAMES: 'plain' };
    const table = { a: 'b' };
    expect([
      resolve({}, environment).mapping.names,
      resolve({ names: 'sprockets' }, environment).mapping.names,
      resolve({ names: table }, environment).mapping.names,
    ]).toEqual([namePresets.plain, namePresets.sprockets, table]);
  });

  it('of sprockets have a prefix of their own, unless another is given', () => {
    expect([
      resolve({ names: 'sprockets' }).mapping.prefix,
      resolve({ names: 'sprockets', prefix: '' }).mapping.prefix,
      resolve({ names: 'sprockets' }, { STATSD_PREFIX: 'shop' }).mapping.prefix,
      resolve({ names: 'semconv' }).mapping.prefix,
    ]).toEqual(['applications.{service.name}.{deployment.environment.name|}', '', 'shop', '']);
  });
});

describe('a host that is valid', () => {
  const zone = fc.string({ unit: fc.constantFrom(...'lo0eth1.-_'), minLength: 1, maxLength: 6 });
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.ipV6(), zone).map(([address, name]) => `${address}%${name}`),
    fc.ipV6().map((address) => `[${address}]`),
    fc.string(),
  );

  it('is read again from the endpoint that messages print', () => {
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (text, port) => {
        fc.pre(expectHost(text) === undefined);
        const { destination } = resolve({ host: text, port }).delivery;
        const printed = formatDestination(destination);
        expect(resolve({ endpoint: printed }).delivery.destination).toEqual(destination);
        expect(
          resolve({}, { DD_AGENT_HOST: text, DD_DOGSTATSD_PORT: String(port) }).delivery.destination,
        ).toEqual(destination);
      }),
    );
  });

  it.each(['localhost', '127.0.0.1', '::1', '[::1]', '::1%lo', 'fe80::1%eth0'])('can be %s', (text) => {
    expect(expectHost(text)).toBeUndefined();
  });

  it.each(['', 'a:1', 'a b', 'udp://a', '[a', 'a/b', 'a@b', '::1%', '1::2%a b'])('cannot be %s', (text) => {
    expect(expectHost(text)).toBe('a host name or IP address without protocol or port');
  });
});

import { describe, expect, it } from 'vitest';
import {
  expectedOf,
  type OptionRow,
  type OptionTable,
  withDefaults,
} from '../../../src/exporter/options/check-options.js';
import { DATADOG_TAGS, OPTION_TABLES, OPTIONS } from '../../../src/exporter/options/option-table.js';
import { pretendPlatform } from '../../support/platform.js';

pretendPlatform('linux');

/** What each row expects of a value that no row accepts. */
function expectedBy(table: Readonly<Record<string, OptionRow>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(table).map(([option, row]) => [option, expectedOf(Number.NaN, row)]),
  );
}

function defaultsOf(table: OptionTable<object>): object {
  return withDefaults({}, table);
}

const PRESETS = '"semconv" or "sprockets" or "plain"';
const TIMEOUT = 'a whole number of milliseconds from 1 to 2147483647';
const EVENTS = 'a list of beforeExit, SIGTERM, SIGINT, SIGHUP';

describe('an option of another type is refused', () => {
  it('by the exporter', () => {
    expect(expectedBy(OPTIONS)).toEqual({
      endpoint: 'a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125"',
      host: 'a host name or IP address without protocol or port',
      port: 'a port number from 1 to 65535',
      protocol: '"udp" or "tcp" or "tls" or "unix" or "unixgram"',
      path: 'an absolute path of at most 107 bytes, which is all that a socket address holds',
      stream: 'a Writable stream',
      lines: 'a function',
      dialect: expect.stringMatching(/^the name of a dialect \(statsd, .*\) or an object$/),
      prefix: 'a string',
      names: `${PRESETS}, a function, or an object from metric name to template or function`,
      attributes: 'an object from metric name to attributes',
      tags: 'an object from tag name to value',
      resourceTags: 'a list of attribute names, or an object from attribute name to tag name',
      histograms: '"samples" or "summary" or "buckets" or an object',
      sets: 'an object from metric name to attribute name',
      scopeTags: 'true or false',
      timeUnit: '"ms" or "s" or "instrument"',
      originDetection: 'true or false or an object',
      timestamps: 'true or false',
      temporality: '"delta" or a function of the instrument type',
      delivery: '"confirmed" or "persistent"',
      onUnconfirmed: '"resend" or "drop"',
      tls: 'an object',
      pacing: 'false or an object',
      maxPayloadBytes: 'a whole number of bytes from 64 to 65507',
      queue: 'an object',
      connectTimeoutMillis: TIMEOUT,
      stallTimeoutMillis: TIMEOUT,
      confirmTimeoutMillis: TIMEOUT,
      flushTimeoutMillis: TIMEOUT,
      shutdownTimeoutMillis: TIMEOUT,
      flushOn: `${EVENTS} or an object`,
      selfObsMeterProvider: 'a MeterProvider',
      onEvent: 'a function',
      lookup: 'a function',
      enabled: 'true or false',
    });
  });

  it('by the parts of an option', () => {
    const { StatsdExporterOptions: _, ...parts } = OPTION_TABLES;
    expect(
      Object.fromEntries(Object.entries(parts).map(([name, table]) => [name, expectedBy(table)])),
    ).toEqual({
      HistogramOptions: {
        mode: '"samples" or "summary" or "buckets"',
        maxSamples: expect.stringMatching(/^a whole number of samples from 2 to \d+$/),
        sampleWeight: 'a whole number of recordings of at least 1',
        boundaries: 'a list of finite numbers, each above the one before',
        exactSum: 'true or false',
        exactMax: 'true or false',
        percentiles: 'a list of percentiles such as [50, 99]',
      },
      QueueOptions: {
        softBytes: 'a whole number of bytes of at least 0',
        maxBytes: 'a whole number of bytes of at least 65536',
        maxSeries: 'a whole number of series of at least 0',
      },
      PacingOptions: {
        bytesPerSecond: 'a whole number of bytes of at least 1000',
        datagramsPerSecond: 'a whole number of datagrams of at least 1',
      },
      FlushOnOptions: { events: EVENTS, collect: 'a function' },
      OriginOptions: {
        containerId: 'a string',
        externalData: 'a string',
        cardinality: '"none" or "low" or "orchestrator" or "high"',
      },
    });
  });

  it('by the tags of Datadog’s variables', () => {
    expect(expectedOf(['a'], DATADOG_TAGS)).toBe('an object from tag name to value');
  });
});

it('the parts of an option have the defaults that their documentation shows', () => {
  const { StatsdExporterOptions: _, ...parts } = OPTION_TABLES;
  expect(Object.fromEntries(Object.entries(parts).map(([name, table]) => [name, defaultsOf(table)]))).toEqual(
    {
      HistogramOptions: { exactMax: false, percentiles: [] },
      QueueOptions: { softBytes: 16_777_216, maxBytes: 67_108_864, maxSeries: 100_000 },
      PacingOptions: {},
      FlushOnOptions: { events: ['beforeExit', 'SIGTERM', 'SIGINT', 'SIGHUP'] },
      OriginOptions: {},
    },
  );
});

it('variables are described by how they are written', () => {
  const rows: [string, OptionRow][] = Object.entries({ ...OPTIONS, datadogTags: DATADOG_TAGS });
  const formats = rows.flatMap(([, { variables = {} }]) =>
    Object.entries(variables).flatMap(([variable, { format }]) =>
      format === undefined ? [] : [[variable, format]],
    ),
  );
  expect(Object.fromEntries(formats)).toEqual({
    DD_DOGSTATSD_SOCKET: '(the path of a datagram socket)',
    OTEL_EXPORTER_STATSD_NAMES: '(a preset)',
    OTEL_EXPORTER_STATSD_TAGS: 'as `key=value,key2=value2`',
    OTEL_EXPORTER_STATSD_RESOURCE_TAGS: 'as a list with commas',
    OTEL_EXPORTER_STATSD_HISTOGRAMS: '(the mode)',
    DD_TAGS: 'as `key:value,key2:value2`',
  });
});

const TEMPLATE = 'a name whose placeholders look like {http.route} or {http.route|none}';
const SELECTION = 'a list of attribute names to keep, or { except: [...] } with those to remove';

it.each<[string, OptionRow, accepted: unknown[], refused: [value: unknown, expected: string][]]>([
  [
    'temporality',
    OPTIONS.temporality,
    ['delta', () => 0],
    [['cumulative', '"delta" or a function of the instrument type']],
  ],
  [
    'names',
    OPTIONS.names,
    ['plain', () => 'a', {}, { a: 'b' }],
    [
      ['none', PRESETS],
      [['a'], `${PRESETS}, a function, or an object from metric name to template or function`],
    ],
  ],
  [
    'an item of names',
    { check: OPTIONS.names.items },
    ['b', '{http.route|none}.b', () => 'b', { name: 'b', attributes: ['c'] }],
    [
      ['a{b', `a function or ${TEMPLATE}`],
      [1, 'a function or a string'],
      [{ name: 'a{b', attributes: ['c'] }, `an object with, as its name, ${TEMPLATE}`],
      [{ attributes: ['c'] }, 'an object with, as its name, a string'],
      [{ name: 'b', attributes: 'c' }, 'an object with, as its attributes, a list of attribute names'],
    ],
  ],
  [
    'an item of attributes',
    { check: OPTIONS.attributes.items },
    [[], ['a'], { except: ['a'] }],
    [
      ['a', SELECTION],
      [null, SELECTION],
      [{ except: 'a' }, SELECTION],
      [{ only: ['a'] }, SELECTION],
      [{ except: ['a'], only: ['b'] }, SELECTION],
    ],
  ],
  [
    'resourceTags',
    OPTIONS.resourceTags,
    [[], ['a'], {}, { a: 'b' }],
    [['a', 'a list of attribute names, or an object from attribute name to tag name']],
  ],
  [
    'histograms',
    OPTIONS.histograms,
    ['buckets', { mode: 'buckets', boundaries: [1, 2], maxSamples: 2, sampleWeight: 1 }],
    [],
  ],
  [
    'selfObsMeterProvider',
    OPTIONS.selfObsMeterProvider,
    [{ getMeter: () => undefined }],
    [
      [{ getMeter: 1 }, 'a MeterProvider'],
      [null, 'a MeterProvider'],
    ],
  ],
  [
    'flushOn',
    OPTIONS.flushOn,
    [[], ['SIGHUP'], {}, { events: [] }],
    [[{ events: ['SIGKILL'] }, '"beforeExit" or "SIGTERM" or "SIGINT" or "SIGHUP"']],
  ],
])('%s accepts what fits and tells what is expected of the rest', (_, row, accepted, refused) => {
  expect([
    accepted.map((value) => expectedOf(value, row)),
    refused.map(([value]) => [value, expectedOf(value, row)]),
  ]).toEqual([accepted.map(() => undefined), refused]);
});

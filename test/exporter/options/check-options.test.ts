import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/exporter/options/check-options.js';
import { ConfigError } from '../../../src/exporter/options/config-error.js';
import { FOREIGN_OPTIONS } from '../../../src/exporter/options/foreign-options.js';
import { OPTIONS } from '../../../src/exporter/options/option-table.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { namePresets } from '../../../src/mapping/naming/presets/index.js';
import { pretendPlatform } from '../../support/platform.js';

pretendPlatform('linux');

function faultsOf(options: unknown): string[] {
  try {
    checkOptions('StatsdExporter', options, OPTIONS, FOREIGN_OPTIONS);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('valid options', () => {
  it.each<[string, object]>([
    ['none at all', {}],
    ['undefined values', { endpoint: undefined, queue: { maxBytes: undefined } }],
    ['an endpoint without a port', { endpoint: 'tcp://statsd.example' }],
    ['an IPv6 endpoint', { endpoint: 'udp://[::1]:8125' }],
    ['an IPv6 host', { host: '::1' }],
    ['a host with port and protocol', { host: 'statsd.example', port: 65_535, protocol: 'tcp' }],
    ['a user’s own dialect', { dialect: { ...dialects.statsd, name: 'mine' } }],
    ['a histogram mode as text', { histograms: 'summary' }],
    [
      'a histogram mode with more',
      { histograms: { mode: 'samples', exactSum: false, exactMax: true, percentiles: [50, 99.9] } },
    ],
    ['resource tags as a list', { resourceTags: ['service.name'] }],
    ['resource tags with names', { resourceTags: { 'service.name': 'service' } }],
    ['what ends a process as a list', { flushOn: ['SIGTERM', 'beforeExit'] }],
    ['what to collect before the process ends', { flushOn: { collect: () => Promise.resolve() } }],
    ['a provider for self-observation', { selfObsMeterProvider: { getMeter: () => undefined } }],
    ['a prefix with placeholders', { prefix: 'applications.{service.name}.{deployment.environment.name|}' }],
    ['a preset of names', { names: 'sprockets' }],
    [
      'presets of names, changed',
      { names: { ...namePresets.semconv, 'http.*': '{type}.{name}', jobs: () => 'a' } },
    ],
    [
      'attributes to keep and to remove',
      { attributes: { 'http.*': ['http.route'], '*': { except: ['host'] } } },
    ],
  ])('are accepted: %s', (_, options) => {
    expect(faultsOf(options)).toEqual([]);
  });
});

it.each(Object.values(dialects))('a record made from the dialect $name is valid', (dialect) => {
  expect(faultsOf({ dialect: { ...dialect, name: 'mine' } })).toEqual([]);
});

describe('invalid options', () => {
  it.each<[string, unknown, string[]]>([
    ['null', null, ['  - options: expected an object, got null']],
    [
      'an endpoint that is no URL',
      { endpoint: 'udp:/127.0.0.1' },
      [
        '  - endpoint: expected a URL that begins with udp://, tcp://, tls://, unix://, unixgram://, got "udp:/127.0.0.1" (string)',
      ],
    ],
    [
      'an endpoint with port 70000',
      { endpoint: 'udp://localhost:70000' },
      [
        '  - endpoint: expected a URL whose port is a number from 1 to 65535, got "udp://localhost:70000" (string)',
      ],
    ],
    [
      'an endpoint with port 0',
      { endpoint: 'tcp://localhost:0' },
      [
        '  - endpoint: expected a URL whose port is a number from 1 to 65535, got "tcp://localhost:0" (string)',
      ],
    ],
    [
      'an event that does not end a process',
      { flushOn: ['SIGKILL'] },
      ['  - flushOn[0]: expected "beforeExit" or "SIGTERM" or "SIGINT" or "SIGHUP", got "SIGKILL" (string)'],
    ],
    [
      'a provider without meters',
      { selfObsMeterProvider: {} },
      ['  - selfObsMeterProvider: expected a MeterProvider, got an object'],
    ],
    ['port 0', { port: 0 }, ['  - port: expected a port number from 1 to 65535, got 0 (number)']],
    [
      'port 70000',
      { port: 70_000 },
      ['  - port: expected a port number from 1 to 65535, got 70000 (number)'],
    ],
    [
      'a port as text',
      { port: '8125' },
      ['  - port: expected a port number from 1 to 65535, got "8125" (string)'],
    ],
    [
      'a host with a port',
      { host: 'localhost:8125' },
      [
        '  - host: expected a host name or IP address without protocol or port, got "localhost:8125" (string)',
      ],
    ],
    [
      'an endpoint and its parts at once',
      { endpoint: 'udp://localhost', host: 'localhost', port: 1 },
      [
        '  - host: cannot be combined with endpoint, which names the destination already',
        '  - port: cannot be combined with endpoint, which names the destination already',
      ],
    ],
    [
      'an unknown preset of names',
      { names: 'semantic' },
      ['  - names: expected "semconv" or "sprockets" or "plain", got "semantic" (string)'],
    ],
    [
      'a name without attributes',
      { names: { 'http.*': { name: 'a' } } },
      [
        '  - names.http.*: expected an object with, as its attributes, a list of attribute names, got an object',
      ],
    ],
    [
      'attributes that are no list',
      { attributes: { jobs: 'queue', all: { except: ['a'], only: ['b'] } } },
      [
        '  - attributes.jobs: expected a list of attribute names to keep, or { except: [...] } with those to remove, ' +
          'got "queue" (string)',
        '  - attributes.all: expected a list of attribute names to keep, or { except: [...] } with those to remove, ' +
          'got an object',
      ],
    ],
    [
      'a mistyped option',
      { endpiont: 'udp://localhost' },
      ['  - endpiont: unknown option (did you mean "endpoint"?)'],
    ],
    ['a foreign option', { constructor: 1 }, ['  - constructor: unknown option']],
    [
      'a mistyped nested option',
      { queue: { maxByte: 1e6 } },
      ['  - queue.maxByte: unknown option (did you mean "queue.maxBytes"?)'],
    ],
    ['a queue that is no object', { queue: 5 }, ['  - queue: expected an object, got 5 (number)']],
    [
      'a set without an attribute, and a unit that is none',
      { sets: { visitors: '' }, timeUnit: 'seconds', scopeTags: 'yes' },
      [
        '  - sets.visitors: expected a string that is not empty, got "" (string)',
        '  - timeUnit: expected "ms" or "s" or "instrument", got "seconds" (string)',
        '  - scopeTags: expected true or false, got "yes" (string)',
      ],
    ],
    ['a tag that is no text', { tags: { shard: 3 } }, ['  - tags.shard: expected a string, got 3 (number)']],
    [
      'percentiles out of range',
      { histograms: { percentiles: [0.5, 101] } },
      [
        '  - histograms.percentiles[0]: expected a percentile from 1 to 100, got 0.5 (number)',
        '  - histograms.percentiles[1]: expected a percentile from 1 to 100, got 101 (number)',
      ],
    ],
    ['enabled as text', { enabled: 'yes' }, ['  - enabled: expected true or false, got "yes" (string)']],
    [
      'a timeout of zero',
      { flushTimeoutMillis: 0 },
      [
        '  - flushTimeoutMillis: expected a whole number of milliseconds from 1 to 2147483647, got 0 (number)',
      ],
    ],
    [
      'a temporality as number',
      { temporality: 1 },
      ['  - temporality: expected "delta" or a function of the instrument type, got 1 (number)'],
    ],
    ['a look-up that is no function', { lookup: {} }, ['  - lookup: expected a function, got an object']],
  ])('are reported: %s', (_, options, faults) => {
    expect(faultsOf(options)).toEqual(faults);
  });

  it('are reported all at once', () => {
    expect(faultsOf({ port: -1, enabled: 0, prefix: null })).toEqual([
      '  - port: expected a port number from 1 to 65535, got -1 (number)',
      '  - enabled: expected true or false, got 0 (number)',
      '  - prefix: expected a string, got null',
    ]);
  });

  it('are reported even if a value cannot be printed', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(faultsOf({ tags: cycle, prefix: () => '', port: 1n, host: 'x y'.repeat(100) })).toEqual([
      '  - tags.self: expected a string, got an object',
      '  - prefix: expected a string, got a function',
      '  - port: expected a port number from 1 to 65535, got 1 (bigint)',
      `  - host: expected a host name or IP address without protocol or port, got "${'x y'.repeat(100).slice(0, 76)}... (string)`,
    ]);
  });

  it.each<[string, string]>([
    ['http://localhost', 'a URL that begins with udp://, tcp://, tls://, unix://, unixgram://'],
    ['localhost:8125', 'a URL that begins with udp://, tcp://, tls://, unix://, unixgram://'],
    ['udp://localhost:8125x', 'a URL whose port is a number from 1 to 65535'],
    ['udp://:8125', 'a URL whose host is a name or an address, IPv6 addresses in brackets'],
    ['udp://::1', 'a URL whose host is a name or an address, IPv6 addresses in brackets'],
    ['udp://[1:2]:8125', 'a URL whose host is a name or an address, IPv6 addresses in brackets'],
    ['udp://a b', 'a URL whose host is a name or an address, IPv6 addresses in brackets'],
    ['tcp://localhost:8125/metrics', 'a URL without path, query and fragment'],
    [
      'unix://relative',
      'unix:// and an absolute path of at most 107 bytes, which is all that a socket address holds',
    ],
  ])('of the endpoint %s name the part that is wrong', (endpoint, expected) => {
    expect(faultsOf({ endpoint })).toEqual([
      `  - endpoint: expected ${expected}, got ${JSON.stringify(endpoint)} (string)`,
    ]);
  });

  it.each<[string, string]>([
    ['datadog', 'dogstatsd'],
    ['DogStatsD', 'dogstatsd'],
    ['etsy', 'statsd'],
    ['influx', 'telegraf'],
    ['Prometheus', 'statsd-exporter'],
    ['statds', 'statsd'],
  ])('suggest a dialect for %s: %s', (name, dialect) => {
    const names = Object.keys(dialects).join(', ');
    expect(faultsOf({ dialect: name })).toEqual([
      `  - dialect: expected the name of a dialect (${names}; did you mean "${dialect}"?) or an object, got "${name}" (string)`,
    ]);
  });

  it('say what to use instead of options of other StatsD clients', () => {
    const options = {
      globalTags: {},
      sampleRate: 1,
      maxBufferSize: 1,
      cacheDns: true,
      errorHandler: () => {},
    };
    expect(faultsOf(options)).toEqual([
      '  - globalTags: unknown option; use tags',
      '  - sampleRate: unknown option; counters and histograms are aggregated, so no sampling is needed',
      '  - maxBufferSize: unknown option; use maxPayloadBytes',
      '  - cacheDns: unknown option; addresses are cached and refreshed',
      '  - errorHandler: unknown option; use onEvent',
    ]);
  });

  it('never hold what may be secret', () => {
    const secret = 'hunter2';
    const options = {
      endpoint: `tcp://user:${secret}@statsd.example?token=${secret}`,
      host: `user:${secret}@statsd.example`,
      tls: `-----BEGIN PRIVATE KEY-----${secret}`,
      queue: [secret],
      dialect: { name: { secret } },
      apiKey: secret,
      lookup: { toJSON: () => secret },
    };
    const texts: string[] = [];
    try {
      checkOptions('StatsdExporter', options, OPTIONS, FOREIGN_OPTIONS);
    } catch (thrown) {
      texts.push(inspect(thrown, { depth: 10 }), JSON.stringify(thrown));
    }
    expect(texts).toHaveLength(2);
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  });
});

/** What is expected of each field that the faults call missing. */
function missingFields(faults: readonly string[]): Record<string, string> {
  return Object.fromEntries(faults.map((fault) => fault.slice('  - '.length).split(': missing; expected ')));
}

const MISSING_BESIDE_PARTS = {
  'dialect.name': 'a string that is not empty',
  'dialect.defaultProtocol': '"udp" or "tcp"',
  'dialect.defaultPort': 'a port number from 1 to 65535',
  'dialect.line': '"statsd" or "plaintext"',
  'dialect.timeUnit': '"ms" or "s" or "instrument"',
  'dialect.acceptedTypes': 'a list of c, g, ms, h, d, s',
  'dialect.negativeGauge': '"zero-first" or "absolute" or "single-line"',
  'dialect.counterDecimals': 'a whole number of at least 0, or Infinity',
  'dialect.negativeCounter': 'true or false',
  'dialect.histograms': '"samples" or "summary"',
  'dialect.timestamps': '"never" or "optional" or "required"',
  'dialect.resourceTags': 'an object from attribute name to tag name',
  'dialect.readsDatadogEnvironment': 'true or false',
};

describe('a dialect of the user', () => {
  it('is checked in every field, with all faults at once', () => {
    const dialect = {
      ...dialects.dogstatsd,
      name: '',
      types: { histogram: 'h' },
      tags: { ...dialects.dogstatsd.tags, place: 'middle', open: '\n' },
      samples: {},
      limits: { ...dialects.dogstatsd.limits, lineBytes: 0 },
      histograms: 'foo',
      negativeGauges: 'absolute',
      illegal: { ...dialects.dogstatsd.illegal, name: /[^a-z]/, tagValue: /[,|]/g },
      leadingLetter: '_',
      acceptedTypes: ['c', 'x'],
      nameCollisions: {
        ignoreCase: 1,
        betweenTypes: [{ types: ['c', 'x'], effect: 'they are added up' }, { effect: 'they are mixed' }],
        derivedNames: [{ from: ['ms'], pattern: /^(.+)_sum$/g, with: ['c'], effect: 'both are lost' }],
      },
      resourceTags: { 'service.name': '' },
    };
    expect(faultsOf({ dialect })).toEqual([
      '  - dialect.name: expected a string that is not empty, got "" (string)',
      '  - dialect.tags.place: expected "folded" or "name" or "end", got "middle" (string)',
      '  - dialect.tags.open: expected a string without line breaks, got "\\n" (string)',
      '  - dialect.illegal.name: expected a RegExp with the flag g that matches line breaks, too, got an object',
      '  - dialect.illegal.tagValue: expected a RegExp with the flag g that matches line breaks, too, got an object',
      '  - dialect.leadingLetter: expected a letter from A to Z, got "_" (string)',
      '  - dialect.types.counter: missing; expected a StatsD type such as "c", "g", "ms", "h" or "d"',
      '  - dialect.types.gauge: missing; expected a StatsD type such as "c", "g", "ms", "h" or "d"',
      '  - dialect.types.timer: missing; expected a StatsD type such as "c", "g", "ms", "h" or "d"',
      '  - dialect.acceptedTypes[1]: expected "c" or "g" or "ms" or "h" or "d" or "s", got "x" (string)',
      '  - dialect.histograms: expected "samples" or "summary", got "foo" (string)',
      '  - dialect.samples.rate: missing; expected "weighted" or "count-only" or "none"',
      '  - dialect.samples.maxWeight: missing; expected a number above 0, or Infinity',
      '  - dialect.samples.packed: missing; expected true or false',
      '  - dialect.samples.negative: missing; expected true or false',
      '  - dialect.samples.perPoint: missing; expected a whole number of samples of at least 1',
      '  - dialect.limits.lineBytes: expected a number above 0, or Infinity, got 0 (number)',
      '  - dialect.nameCollisions.ignoreCase: expected true or false, got 1 (number)',
      '  - dialect.nameCollisions.betweenTypes[0]: expected { types?, effect }, got an object',
      '  - dialect.nameCollisions.derivedNames[0]: expected { from, pattern, with, effect }, got an object',
      '  - dialect.resourceTags.service.name: expected a string that is not empty, got "" (string)',
      '  - dialect.negativeGauges: unknown option (did you mean "dialect.negativeGauge"?)',
    ]);
  });

  it('needs every field of every part', () => {
    const dialect = {
      tags: {},
      illegal: {},
      reservedTags: {},
      types: {},
      samples: {},
      sets: {},
      limits: {},
      nameCollisions: {},
    };
    const string = 'a string without line breaks';
    const regExp = 'a RegExp with the flag g that matches line breaks, too';
    const type = 'a StatsD type such as "c", "g", "ms", "h" or "d"';
    const limit = 'a number above 0, or Infinity';
    expect([faultsOf({ dialect }), faultsOf({ dialect: {} })].map(missingFields)).toEqual([
      {
        'dialect.tags.place': '"folded" or "name" or "end"',
        'dialect.tags.open': string,
        'dialect.tags.assign': string,
        'dialect.tags.separator': string,
        'dialect.tags.close': string,
        'dialect.illegal.name': regExp,
        'dialect.illegal.tagKey': regExp,
        'dialect.illegal.tagValue': regExp,
        'dialect.reservedTags.keys': 'a RegExp',
        'dialect.reservedTags.rename': 'a string',
        'dialect.types.counter': type,
        'dialect.types.gauge': type,
        'dialect.types.timer': type,
        'dialect.types.histogram': type,
        'dialect.samples.rate': '"weighted" or "count-only" or "none"',
        'dialect.samples.maxWeight': limit,
        'dialect.samples.packed': 'true or false',
        'dialect.samples.negative': 'true or false',
        'dialect.samples.perPoint': 'a whole number of samples of at least 1',
        'dialect.sets.members':
          'a RegExp without the flags g and y that matches no text with a line break or "|"',
        'dialect.sets.isEstimate': 'true or false',
        'dialect.limits.datagramBytes': limit,
        'dialect.limits.lineBytes': limit,
        'dialect.limits.nameLength': limit,
        'dialect.limits.tagLength': limit,
        'dialect.limits.counter': limit,
        'dialect.limits.gauge': limit,
        'dialect.nameCollisions.ignoreCase': 'true or false',
        ...MISSING_BESIDE_PARTS,
      },
      {
        ...MISSING_BESIDE_PARTS,
        'dialect.tags': 'an object',
        'dialect.illegal': 'an object',
        'dialect.types': 'an object',
        'dialect.samples': 'an object',
        'dialect.limits': 'an object',
        'dialect.nameCollisions': 'an object',
      },
    ]);
  });

  it('has members of sets that are no other lines, matched without a memory', () => {
    const expected =
      'expected a RegExp without the flags g and y that matches no text with a line break or "|"';
    const faults = [/^\w+$/, /^[\w|]+$/, /^\w+$/g].map((members) =>
      faultsOf({ dialect: { ...dialects.statsd, sets: { members, isEstimate: false } } }),
    );
    expect(faults).toEqual([[], ...Array(2).fill([expect.stringContaining(`sets.members: ${expected}`)])]);
  });

  it('has types unless its lines have none', () => {
    const types = { counter: '', gauge: '', timer: '', histogram: '' };
    expect([
      faultsOf({ dialect: { ...dialects.statsd, types } }),
      faultsOf({ dialect: { ...dialects.carbon, types } }),
    ]).toEqual([['  - dialect.types: must not be empty when line is "statsd"'], []]);
  });

  it('is not complete with one field missing', () => {
    const required = Object.keys(dialects.statsd).filter((field) =>
      Object.values(dialects).every((dialect) => Reflect.get(dialect, field) !== undefined),
    );
    for (const field of required) {
      const { [field]: _, ...dialect } = { ...dialects.statsd } as Record<string, unknown>;
      expect(faultsOf({ dialect }), field).toEqual([
        expect.stringMatching(`^  - dialect.${field}: missing;`),
      ]);
    }
  });
});

it('items of a value that is neither a list nor an object are not checked', () => {
  const table = { names: { check: () => undefined, items: () => 'an item' } };
  const faults = ['text', null, ['a'], { a: 1 }].map((names) => {
    try {
      checkOptions('StatsdExporter', { names }, table);
      return [];
    } catch (error) {
      return error instanceof ConfigError ? error.faults : error;
    }
  });
  expect(faults).toEqual([
    [],
    [],
    [{ option: 'names[0]', expected: 'an item', message: 'expected an item, got "a" (string)' }],
    [{ option: 'names.a', expected: 'an item', message: 'expected an item, got 1 (number)' }],
  ]);
});

import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/exporter/options/check-options.js';
import { ConfigError } from '../../../src/exporter/options/config-error.js';
import { OPTIONS } from '../../../src/exporter/options/option-table.js';
import { dialects } from '../../../src/mapping/dialects/index.js';

function faultsOf(options: unknown): string[] {
  try {
    checkOptions('StatsdExporter', options, OPTIONS);
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
      { histograms: { mode: 'samples', exactSum: false, percentiles: [50, 99.9] } },
    ],
    ['resource tags as a list', { resourceTags: ['service.name'] }],
    ['resource tags with names', { resourceTags: { 'service.name': 'service' } }],
    ['what ends a process as a list', { flushOn: ['SIGTERM', 'beforeExit'] }],
    ['what to collect before the process ends', { flushOn: { collect: () => Promise.resolve() } }],
    ['a provider for self-observation', { selfObsMeterProvider: { getMeter: () => undefined } }],
    ['a prefix with placeholders', { prefix: 'applications.{service.name}' }],
  ])('%s', (_, options) => {
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
        '  - endpoint: expected a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125", got "udp:/127.0.0.1" (string)',
      ],
    ],
    [
      'an endpoint with port 70000',
      { endpoint: 'udp://localhost:70000' },
      [
        '  - endpoint: expected a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125", got "udp://localhost:70000" (string)',
      ],
    ],
    [
      'an endpoint with port 0',
      { endpoint: 'tcp://localhost:0' },
      [
        '  - endpoint: expected a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125", got "tcp://localhost:0" (string)',
      ],
    ],
    [
      'an event that does not end a process',
      { flushOn: ['SIGKILL'] },
      ['  - flushOn: expected a list of beforeExit, SIGTERM, SIGINT, SIGHUP or an object, got ["SIGKILL"]'],
    ],
    [
      'a provider without meters',
      { selfObsMeterProvider: {} },
      ['  - selfObsMeterProvider: expected a MeterProvider, got {}'],
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
        '  - host: expected nothing beside endpoint, which names it already, got "localhost" (string)',
        '  - port: expected nothing beside endpoint, which names it already, got 1 (number)',
      ],
    ],
    [
      'a mistyped option',
      { endpiont: 'udp://localhost' },
      [
        '  - endpiont: expected no option of this name (did you mean "endpoint"?), got "udp://localhost" (string)',
      ],
    ],
    [
      'a foreign option',
      { constructor: 1 },
      ['  - constructor: expected no option of this name, got 1 (number)'],
    ],
    [
      'a mistyped nested option',
      { queue: { maxByte: 1e6 } },
      [
        '  - queue.maxByte: expected no option of this name (did you mean "queue.maxBytes"?), got 1000000 (number)',
      ],
    ],
    ['a queue that is no object', { queue: 5 }, ['  - queue: expected an object, got 5 (number)']],
    [
      'a tag that is no text',
      { tags: { shard: 3 } },
      ['  - tags: expected an object with string values, got {"shard":3}'],
    ],
    [
      'percentiles out of range',
      { histograms: { percentiles: [0, 101] } },
      ['  - histograms.percentiles: expected a list of numbers above 0 and up to 100, got [0,101]'],
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
    ['a look-up that is no function', { lookup: {} }, ['  - lookup: expected a function, got {}']],
  ])('%s', (_, options, faults) => {
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
      '  - tags: expected an object with string values, got an object',
      '  - prefix: expected a string, got a function',
      '  - port: expected a port number from 1 to 65535, got 1 (bigint)',
      `  - host: expected a host name or IP address without protocol or port, got "${'x y'.repeat(100).slice(0, 76)}... (string)`,
    ]);
  });
});

// The options that say where lines go and how, from what a user writes to what a transport gets.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/exporter/options/check-options.js';
import { ConfigError } from '../../../src/exporter/options/config-error.js';
import { type Environment, readEnvironment } from '../../../src/exporter/options/environment.js';
import { OPTIONS } from '../../../src/exporter/options/option-table.js';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';
import { type ResolvedOptions, resolveOptions } from '../../../src/exporter/options/resolve-options.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import type { Destination } from '../../../src/transport/endpoint/destination.js';
import { pretendPlatform } from '../../support/platform.js';

pretendPlatform('linux');

function resolve(
  options: StatsdExporterOptions,
  environment: Environment = {},
): { resolved: ResolvedOptions; warnings: string[] } {
  const warnings: string[] = [];
  checkOptions('StatsdExporter', options, OPTIONS);
  const resolved = resolveOptions(
    options,
    readEnvironment(environment, (message) => warnings.push(message)),
  );
  return { resolved, warnings };
}

function faultsOf(options: unknown): string[] {
  try {
    checkOptions('StatsdExporter', options, OPTIONS);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

const stream = new PassThrough();
const sink = (): void => {};

describe('the destination', () => {
  it.each<[StatsdExporterOptions, Environment, Destination]>([
    [{ endpoint: 'tls://a' }, {}, { protocol: 'tls', host: 'a', port: 8125 }],
    [{ endpoint: 'unix:///run/a.sock' }, {}, { protocol: 'unix', path: '/run/a.sock' }],
    [{ endpoint: 'unixgram:///run/a.sock' }, {}, { protocol: 'unixgram', path: '/run/a.sock' }],
    [{ path: '/run/a.sock' }, {}, { protocol: 'unix', path: '/run/a.sock' }],
    [{ path: '/run/a.sock', protocol: 'unixgram' }, {}, { protocol: 'unixgram', path: '/run/a.sock' }],
    [{ protocol: 'tls', host: 'a' }, {}, { protocol: 'tls', host: 'a', port: 8125 }],
    [{}, { OTEL_EXPORTER_STATSD_ENDPOINT: 'unix:///run/a.sock' }, { protocol: 'unix', path: '/run/a.sock' }],
    // A host is stronger than a weaker source's path, and the reverse.
    [
      { host: 'b' },
      { OTEL_EXPORTER_STATSD_ENDPOINT: 'unix:///run/a.sock' },
      { protocol: 'udp', host: 'b', port: 8125 },
    ],
    [{ path: '/run/a.sock' }, { STATSD_HOST: 'b' }, { protocol: 'unix', path: '/run/a.sock' }],
    [
      {},
      { STATSD_HOST: 'b', DD_DOGSTATSD_SOCKET: '/run/a.sock' },
      { protocol: 'udp', host: 'b', port: 8125 },
    ],
    // Datadog's unix:// is a datagram socket.
    [
      {},
      { DD_DOGSTATSD_URL: 'unix:///var/run/datadog/dsd.socket' },
      { protocol: 'unixgram', path: '/var/run/datadog/dsd.socket' },
    ],
    [
      {},
      { DD_DOGSTATSD_URL: 'unixstream:///var/run/datadog/dsd.socket' },
      { protocol: 'unix', path: '/var/run/datadog/dsd.socket' },
    ],
    [{}, { DD_DOGSTATSD_SOCKET: '/run/dsd.socket' }, { protocol: 'unixgram', path: '/run/dsd.socket' }],
    [
      {},
      { DD_DOGSTATSD_SOCKET: '/run/dsd.socket', DD_DOGSTATSD_URL: 'udp://e:5', DD_AGENT_HOST: 'f' },
      { protocol: 'unixgram', path: '/run/dsd.socket' },
    ],
    [{ stream }, { STATSD_HOST: 'b' }, { protocol: 'stream', stream }],
    [{ lines: sink }, { DD_AGENT_HOST: 'b' }, { protocol: 'lines', sink }],
  ])('of %o with %j is %o', (options, environment, destination) => {
    const { resolved, warnings } = resolve(options, environment);
    expect({ destination: resolved.delivery.destination, warnings }).toEqual({ destination, warnings: [] });
  });

  it.each<[Environment, string]>([
    [
      { DD_DOGSTATSD_SOCKET: 'run/a' },
      'DD_DOGSTATSD_SOCKET is ignored: expected an absolute path, got "run/a"',
    ],
    [
      { DD_DOGSTATSD_URL: 'pipe:///a' },
      'DD_DOGSTATSD_URL is ignored: expected a URL such as "udp://127.0.0.1:8125" or ' +
        '"unix:///var/run/datadog/dsd.socket", got "pipe:///a"',
    ],
    [{ STATSD_PROTOCOL: 'unix' }, 'STATSD_PROTOCOL is ignored: expected "udp" or "tcp" or "tls", got "unix"'],
    [
      { OTEL_EXPORTER_STATSD_DELIVERY: 'maybe' },
      'OTEL_EXPORTER_STATSD_DELIVERY is ignored: expected "confirmed" or "persistent", got "maybe"',
    ],
  ])('%j is warned about and ignored', (environment, warning) => {
    const { resolved, warnings } = resolve({ dialect: 'statsd' }, environment);
    expect({ delivery: resolved.delivery, warnings }).toEqual({
      delivery: resolve({ dialect: 'statsd' }).resolved.delivery,
      warnings: [warning],
    });
  });
});

describe('payloads', () => {
  it.each<[StatsdExporterOptions, ResolvedOptions['payloads']]>([
    [{}, { maxPayloadBytes: 65_507, targetPayloadBytes: 1_432 }],
    [{ dialect: 'collectd' }, { maxPayloadBytes: 4_095, targetPayloadBytes: 1_432 }],
    [{ maxPayloadBytes: 512 }, { maxPayloadBytes: 512 }],
    [{ endpoint: 'unixgram:///a' }, { maxPayloadBytes: 65_507, targetPayloadBytes: 8_192 }],
    [{ endpoint: 'unixgram:///a', maxPayloadBytes: 1_000 }, { maxPayloadBytes: 1_000 }],
    [{ endpoint: 'unix:///a' }, { maxPayloadBytes: 65_536, targetPayloadBytes: 4_096 }],
    [
      { endpoint: 'unix:///a', dialect: 'dogstatsd' },
      { maxPayloadBytes: 8_192, targetPayloadBytes: 8_192 },
    ],
    [
      { endpoint: 'tcp://a', maxPayloadBytes: 512 },
      { maxPayloadBytes: 65_536, targetPayloadBytes: 4_096 },
    ],
    [{ lines: sink }, { maxPayloadBytes: 65_536, targetPayloadBytes: 4_096 }],
  ])('of %o are %o', (options, payloads) => {
    expect(resolve(options).resolved.payloads).toEqual(payloads);
  });

  it.each<[StatsdExporterOptions, string]>([
    [{ endpoint: 'unix:///a', dialect: 'dogstatsd' }, 'length-prefixed'],
    [{ endpoint: 'unix:///a', dialect: 'statsd' }, 'newline'],
    [{ endpoint: 'tcp://a', dialect: 'dogstatsd' }, 'newline'],
    [{ endpoint: 'unixgram:///a', dialect: 'dogstatsd' }, 'newline'],
  ])('of %o are framed by %s', (options, framing) => {
    expect(resolve(options).resolved.delivery.framing).toBe(framing);
  });
});

describe('how lines are delivered', () => {
  it('follows the options', () => {
    const { delivery } = resolve({
      endpoint: 'tls://a',
      delivery: 'persistent',
      onUnconfirmed: 'drop',
      pacing: { bytesPerSecond: 1_000_000, datagramsPerSecond: 500 },
      tls: { servername: 'b' },
      queue: { softBytes: 100_000, maxBytes: 200_000 },
    }).resolved;
    expect({ ...delivery, lookup: undefined }).toEqual({
      destination: { protocol: 'tls', host: 'a', port: 8125 },
      delivery: 'persistent',
      onUnconfirmed: 'drop',
      framing: 'newline',
      abortWith: 'fin',
      pacing: { bytesPerSecond: 1_000_000, datagramsPerSecond: 500 },
      tls: { servername: 'b' },
      softQueueBytes: 100_000,
      maxQueueBytes: 200_000,
      connectTimeoutMillis: 5_000,
      stallTimeoutMillis: 30_000,
      confirmTimeoutMillis: 60_000,
      lookup: undefined,
    });
  });

  it('follows the environment where the options set nothing', () => {
    const environment = { OTEL_EXPORTER_STATSD_DELIVERY: 'Persistent' };
    expect([
      resolve({}, environment).resolved.delivery.delivery,
      resolve({ delivery: 'confirmed' }, environment).resolved.delivery.delivery,
    ]).toEqual(['persistent', 'confirmed']);
  });

  it('can be without pacing', () => {
    expect(resolve({ pacing: false }).resolved.delivery.pacing).toBe(false);
  });

  it('has a soft limit no higher than the hard limit of the queue', () => {
    const queue = { softBytes: 200_000, maxBytes: 100_000 };
    expect(resolve({ queue }).resolved.delivery.softQueueBytes).toBe(100_000);
  });

  it.each([
    [100_000, 25_000],
    [2 ** 26, 2 ** 24],
    [2 ** 30, 2 ** 24],
  ])('has a soft limit of a quarter of %i bytes, up to 16 MiB: %i', (maxBytes, softBytes) => {
    const { maxQueueBytes, softQueueBytes } = resolve({ queue: { maxBytes } }).resolved.delivery;
    expect({ maxQueueBytes, softQueueBytes }).toEqual({
      maxQueueBytes: maxBytes,
      softQueueBytes: softBytes,
    });
  });

  it('resets connections of servers that tolerate it', () => {
    const abortWith = ([undefined, true, false] as const).map(
      (toleratesConnectionReset) =>
        resolve({ dialect: { ...dialects.statsd, toleratesConnectionReset } }).resolved.delivery.abortWith,
    );
    expect(abortWith).toEqual(['rst', 'rst', 'fin']);
  });
});

describe('invalid delivery options', () => {
  it.each<[unknown, string[]]>([
    [
      { endpoint: 'unix://relative' },
      [
        '  - endpoint: expected unix:// and an absolute path of at most 107 bytes, which is all that a socket address holds, got "unix://relative" (string)',
      ],
    ],
    [
      { path: 'relative' },
      [
        '  - path: expected an absolute path of at most 107 bytes, which is all that a socket address holds, got "relative" (string)',
      ],
    ],
    [
      { endpoint: 'udp://a', path: '/a', lines: sink },
      [
        '  - path: cannot be combined with endpoint, which names the destination already',
        '  - lines: cannot be combined with endpoint, which names the destination already',
      ],
    ],
    [
      { lines: sink, host: 'a' },
      ['  - host: cannot be combined with lines, which names the destination already'],
    ],
    [
      { path: '/a', port: 1 },
      ['  - port: cannot be combined with path, which names the destination already'],
    ],
    [
      { path: '/a', protocol: 'tcp' },
      ['  - protocol: tcp cannot be combined with path; expected "unix" or "unixgram"'],
    ],
    [{ protocol: 'unix' }, ['  - protocol: unix needs the option path']],
    [{ stream: {} }, ['  - stream: expected a Writable stream, got an object']],
    [{ lines: [] }, ['  - lines: expected a function, got an array']],
    [{ delivery: 'fast' }, ['  - delivery: expected "confirmed" or "persistent", got "fast" (string)']],
    [{ onUnconfirmed: 'keep' }, ['  - onUnconfirmed: expected "resend" or "drop", got "keep" (string)']],
    [{ tls: true }, ['  - tls: expected an object, got a value of type boolean']],
    [{ pacing: true }, ['  - pacing: expected false or an object, got true (boolean)']],
    [
      { pacing: { bytesPerSecond: 10, datagramsPerSecond: 0 } },
      [
        '  - pacing.bytesPerSecond: expected a whole number of bytes of at least 1000, got 10 (number)',
        '  - pacing.datagramsPerSecond: expected a whole number of datagrams of at least 1, got 0 (number)',
      ],
    ],
    [
      { queue: { softBytes: -1 } },
      ['  - queue.softBytes: expected a whole number of bytes of at least 0, got -1 (number)'],
    ],
  ])('are reported: %o', (options, faults) => {
    expect(faultsOf(options)).toEqual(faults);
  });
});

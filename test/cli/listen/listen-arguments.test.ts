import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type ListenSettings, readListenArguments } from '../../../src/cli/listen/listen-arguments.js';
import { UsageError } from '../../../src/cli/shared/io.js';
import { dialects } from '../../../src/mapping/dialects/index.js';

const DEFAULTS: ListenSettings = {
  endpoint: { protocol: 'udp', host: '127.0.0.1', port: 8125 },
  dialect: dialects.statsd,
  dialectSource: undefined,
  warnings: [],
  form: 'table',
  filter: '',
  intervalMillis: 10_000,
  durationMillis: undefined,
  count: undefined,
  isStrict: false,
  forward: undefined,
  web: undefined,
};

it.each<[string[], Partial<ListenSettings>]>([
  [[], {}],
  [['65535'], { endpoint: { protocol: 'udp', host: '127.0.0.1', port: 65_535 } }],
  [['0'], { endpoint: { protocol: 'udp', host: '127.0.0.1', port: 0 } }],
  [['tcp://0.0.0.0:0'], { endpoint: { protocol: 'tcp', host: '0.0.0.0', port: 0 } }],
  [['tcp://a:01'], { endpoint: { protocol: 'tcp', host: 'a', port: 1 } }],
  [['unix:///a:0/b'], { endpoint: { protocol: 'unix', path: '/a:0/b' } }],
  [
    ['-d', 'carbon'],
    { dialect: dialects.carbon, endpoint: { protocol: 'tcp', host: '127.0.0.1', port: 2003 } },
  ],
  [
    ['--raw', '-f', 'a', '--interval', '2.5', '--duration', '0.5', '-n', '3', '--strict'],
    { form: 'raw', filter: 'a', intervalMillis: 2_500, durationMillis: 500, count: 3, isStrict: true },
  ],
  [['--json', '--forward', 'udp://b'], { form: 'json', forward: { protocol: 'udp', host: 'b', port: 8125 } }],
  [['--forward', 'unix:///b'], { forward: { protocol: 'unix', path: '/b' } }],
  [['--web'], { web: { host: '127.0.0.1', port: 8127 } }],
])('%j is read', async (args, settings) => {
  expect(await readListenArguments(args, {})).toEqual({ ...DEFAULTS, ...settings });
});

it.each<[string[], string]>([
  [['--interval', '0'], '--interval takes a number above 0, not "0"'],
  [['--duration', 'x'], '--duration takes a number above 0, not "x"'],
  [['--count', '1.5'], '--count takes a whole number above 0, not "1.5"'],
  [['--raw', '--json'], '--raw and --json exclude each other'],
  [
    ['65536'],
    '"65536" is nothing to listen on: it takes a port, or a URL such as udp://127.0.0.1:8125, tcp://0.0.0.0:8125 or unix:///tmp/statsd.sock',
  ],
  [
    ['x1'],
    '"x1" is nothing to listen on: it takes a port, or a URL such as udp://127.0.0.1:8125, tcp://0.0.0.0:8125 or unix:///tmp/statsd.sock',
  ],
  [
    ['1x'],
    '"1x" is nothing to listen on: it takes a port, or a URL such as udp://127.0.0.1:8125, tcp://0.0.0.0:8125 or unix:///tmp/statsd.sock',
  ],
  ...['+1', ' 1', '1e3', '1.5'].map((text): [string[], string] => [
    [text],
    `"${text}" is nothing to listen on: it takes a port, or a URL such as udp://127.0.0.1:8125, tcp://0.0.0.0:8125 or unix:///tmp/statsd.sock`,
  ]),
])('%j is refused', async (args, message) => {
  await expect(readListenArguments(args, {})).rejects.toThrow(new UsageError(message));
});

it('the dialect and its source are those of the environment, with the warnings about it alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'statsd.json');
  writeFileSync(path, '{ "dialect": "telegraf" }');
  const missing = join(folder, 'missing.json');
  const facts = async (environment: Record<string, string>) => {
    const { dialect, dialectSource, warnings } = await readListenArguments([], environment);
    return [dialect.name, dialectSource, warnings];
  };
  expect([
    await facts({ OTEL_EXPORTER_STATSD_CONFIG: path }),
    await facts({ OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd', STATSD_PORT: 'x' }),
    await facts({ OTEL_EXPORTER_STATSD_CONFIG: missing, STATSD_PORT: 'x' }),
  ]).toEqual([
    ['telegraf', path, []],
    ['dogstatsd', 'OTEL_EXPORTER_STATSD_DIALECT', []],
    ['statsd', undefined, [`OTEL_EXPORTER_STATSD_CONFIG is ignored: ${missing}: there is no such file`]],
  ]);
});

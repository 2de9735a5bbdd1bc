import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { configurationOf, lineOptions } from '../../../src/cli/shared/configuration.js';
import { UsageError } from '../../../src/cli/shared/io.js';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';

/** The path of a configuration file with this content. */
function configFile(content: string, name = 'statsd.json'): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('every invalid flag is named in the usage error', async () => {
  await expect(configurationOf({ endpoint: 'a', prefix: '{' }, {})).rejects.toThrow(
    new UsageError(
      '--endpoint: expected a URL that begins with udp://, tcp://, tls://, unix://, unixgram://, got "a" (string)\n' +
        '--prefix: expected a name whose placeholders look like {http.route} or {http.route|none}, got "{" (string)',
    ),
  );
});

it('a fault of another kind is not taken for a usage error', async () => {
  const flags: StatsdExporterOptions = {
    get endpoint(): string {
      throw new RangeError('other');
    },
  };
  await expect(configurationOf(flags, {})).rejects.toThrow(new RangeError('other'));
});

it('warnings are those about the configuration file and the variables', async () => {
  const path = configFile('[');
  const environment = { OTEL_EXPORTER_STATSD_CONFIG: path, STATSD_PORT: 'x' };
  const { file, warnings } = await configurationOf({}, environment);
  expect(file.fault).toContain(path);
  expect(warnings).toEqual([
    file.fault,
    'STATSD_PORT is ignored: expected a port number from 1 to 65535, got "x"',
  ]);
  expect((await configurationOf({}, {})).warnings).toEqual([]);
});

it('flags come before the file, and those without a value do not count', async () => {
  const path = configFile(
    '{ "host": "f", "protocol": "tcp", "port": 7, "prefix": "file", "dialect": "telegraf" }',
  );
  const environment = { OTEL_EXPORTER_STATSD_CONFIG: path };
  const facts = async (flags: StatsdExporterOptions) => {
    const { resolved } = await configurationOf(flags, environment);
    const { mapping, delivery } = resolved;
    return [delivery.destination, mapping.dialect.name, mapping.prefix];
  };
  expect([
    await facts({ endpoint: undefined, dialect: undefined }),
    await facts({ endpoint: 'udp://flag:1', dialect: 'statsd' }),
  ]).toEqual([
    [{ protocol: 'tcp', host: 'f', port: 7 }, 'telegraf', 'file'],
    [{ protocol: 'udp', host: 'flag', port: 1 }, 'statsd', 'file'],
  ]);
});

it.each<StatsdExporterOptions>([
  { endpoint: 'tcp://f:1' },
  { protocol: 'unix', path: '/f' },
  { protocol: 'tcp', host: 'f', port: 1 },
])('the flag endpoint replaces the whole address of the file: %j', async (options) => {
  const environment = { OTEL_EXPORTER_STATSD_CONFIG: configFile(JSON.stringify(options)) };
  const { resolved } = await configurationOf({ endpoint: 'udp://flag:1' }, environment);
  expect(resolved.delivery.destination).toEqual({ protocol: 'udp', host: 'flag', port: 1 });
});

it('the flag endpoint replaces the function of the file that takes lines', async () => {
  const path = configFile('export default { lines() {} };', 'statsd.mjs');
  const environment = { OTEL_EXPORTER_STATSD_CONFIG: path };
  const { resolved } = await configurationOf({ endpoint: 'udp://flag:1' }, environment);
  expect(resolved.delivery.destination).toEqual({ protocol: 'udp', host: 'flag', port: 1 });
});

it('an exporter of the same lines has no options of address, events and process', async () => {
  const { resolved, file } = await configurationOf(
    { dialect: 'dogstatsd', prefix: 'p', tags: { k: 'v' }, resourceTags: ['host.name'] },
    {},
  );
  const options = {
    endpoint: 'udp://a:1',
    host: 'a',
    port: 1,
    protocol: 'tcp',
    path: '/a',
    stream: undefined,
    lines: () => {},
    flushOn: 'exit',
    onEvent: () => {},
    selfObsMeterProvider: undefined,
    queue: { maxBytes: 10_000 },
    histograms: { mode: 'buckets', boundaries: [1, 2] },
    timestamps: true,
    enabled: false,
  } as unknown as StatsdExporterOptions;
  const { dialect, prefix, names, attributes, tags, resourceTags, histograms } = resolved.mapping;
  const common = { dialect, prefix, names, attributes, tags, resourceTags, enabled: true };
  expect(lineOptions({ resolved, file: { ...file, options } })).toEqual({
    ...common,
    timestamps: true,
    histograms: { mode: histograms.mode, boundaries: [1, 2] },
  });
  expect(Object.keys(lineOptions({ resolved, file: { ...file, options } })).sort()).toEqual(
    [...Object.keys(common), 'timestamps', 'histograms'].sort(),
  );
  expect(lineOptions({ resolved, file: { ...file, options: { histograms: 'summary' } } })).toEqual({
    ...common,
    histograms: { mode: histograms.mode },
  });
});

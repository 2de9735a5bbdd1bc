// What the options take on Windows, whose local sockets are named pipes.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ClusterAggregator, ClusterWorkerExporter } from '../../../src/cluster.js';
import { readEnvironment } from '../../../src/exporter/options/environment.js';
import { resolveOptions } from '../../../src/exporter/options/resolve-options.js';
import { ConfigError, StatsdExporter, type StatsdExporterOptions } from '../../../src/index.js';
import { exportOnce, instrument, SUCCESS } from '../../support/metrics/collect.js';
import { pretendPlatform } from '../../support/platform.js';
import { startUnixServer } from '../../support/receivers/stream-server.js';

const PIPE = '\\\\.\\pipe\\statsd';

const A_PIPE = 'a named pipe such as \\\\.\\pipe\\statsd, because Windows has no socket files for Node.js';

const NO_DATAGRAMS = 'Windows has no unixgram; there are udp, tcp, and unix with a named pipe';

function faultOf(create: () => unknown): string | undefined {
  try {
    create();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n  - ')[1];
    throw error;
  }
}

function warningsOf(options: StatsdExporterOptions): string[] {
  const warnings: string[] = [];
  new StatsdExporter({ ...options, onEvent: ({ message }) => warnings.push(message) });
  return warnings;
}

describe('on Windows', () => {
  pretendPlatform('win32');

  test.each<StatsdExporterOptions>([
    { path: PIPE },
    { path: PIPE, protocol: 'unix' },
    { endpoint: `unix://${PIPE}` },
    { endpoint: 'unix://\\\\?\\pipe\\statsd' },
  ])('%j names a named pipe', (options) => {
    expect(warningsOf(options)).toEqual([]);
  });

  test.each<[StatsdExporterOptions, string]>([
    [{ path: '/run/statsd.sock' }, `path: expected ${A_PIPE}, got "/run/statsd.sock" (string)`],
    [
      { endpoint: 'unix:///run/statsd.sock' },
      `endpoint: expected unix:// and ${A_PIPE}, got "unix:///run/statsd.sock" (string)`,
    ],
    [
      { endpoint: `unixgram://${PIPE}` },
      `endpoint: expected another protocol: ${NO_DATAGRAMS}, got ${JSON.stringify(`unixgram://${PIPE}`)} (string)`,
    ],
    [{ path: PIPE, protocol: 'unixgram' }, `protocol: another protocol: ${NO_DATAGRAMS}`],
  ])('%j is refused', (options, fault) => {
    expect(faultOf(() => new StatsdExporter(options))).toBe(fault);
  });

  test('the socket of the Datadog agent is ignored, with the reason', () => {
    const warnings: string[] = [];
    const environment = { DD_DOGSTATSD_SOCKET: '/var/run/datadog/dsd.socket' };
    const { endpoint } = readEnvironment(environment, (message) => warnings.push(message));

    expect({ endpoint, warnings }).toEqual({
      endpoint: [],
      warnings: [
        `DD_DOGSTATSD_SOCKET is ignored: expected another variable: ${NO_DATAGRAMS}, got "/var/run/datadog/dsd.socket"`,
      ],
    });
  });

  test('confirmed delivery to a named pipe is warned about', () => {
    const reason = 'lines go to a named pipe, where no server confirms delivery';

    expect(warningsOf({ path: PIPE, delivery: 'confirmed' })).toEqual([`delivery has no effect: ${reason}`]);
  });

  test('delivery to a named pipe is persistent, whatever the option says', () => {
    const environment = readEnvironment({}, () => {});
    expect(
      ([undefined, 'confirmed', 'persistent'] as const).map(
        (delivery) => resolveOptions({ path: PIPE, delivery }, environment).delivery.delivery,
      ),
    ).toEqual(['persistent', 'persistent', 'persistent']);
  });

  test('lines to a named pipe count as written', async () => {
    // Here the name is that of a socket file in the working directory.
    const server = await startUnixServer(undefined, inNewFolder(PIPE));
    const exporter = new StatsdExporter({ path: server.path });
    const { meter, collect } = instrument(exporter);
    meter.createCounter('orders').add(2);

    expect(await exportOnce(exporter, await collect())).toEqual(SUCCESS);
    await exporter.shutdown();
    expect(await server.gotLines(1)).toEqual(['orders:2|c']);
    const { writtenLines, confirmedLines, droppedLines } = exporter.stats();
    expect({ writtenLines, confirmedLines, droppedLines }).toEqual({
      writtenLines: 1,
      confirmedLines: 0,
      droppedLines: {},
    });
  });

  test('the processes of a cluster meet at a named pipe, which has no group', async () => {
    const exporter = new StatsdExporter({ lines: () => {} });
    expect(faultOf(() => new ClusterWorkerExporter({ path: '/run/app.sock' }))).toBe(
      `path: expected ${A_PIPE}, got "/run/app.sock" (string)`,
    );
    expect(faultOf(() => new ClusterAggregator({ exporter, listen: { path: PIPE, group: 1 } }))).toBe(
      'listen: expected an object with path alone, because a named pipe has no group, got an object',
    );
    const listen = { path: inNewFolder(PIPE) };
    await new ClusterAggregator({ exporter, cluster: false, listen }).shutdown();
  });
});

/** The path, in a working directory that lasts as long as the test. */
function inNewFolder(path: string): string {
  const before = process.cwd();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'statsd-pipe-')));
  process.chdir(folder);
  onTestFinished(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  return path;
}

describe.each(['linux', 'darwin'] as const)('on %s', (platform) => {
  pretendPlatform(platform);

  test('a named pipe is refused', () => {
    const expected = 'an absolute path, because named pipes exist on Windows alone';

    expect([
      faultOf(() => new StatsdExporter({ path: PIPE })),
      faultOf(() => new StatsdExporter({ endpoint: `unix://${PIPE}` })),
    ]).toEqual([
      `path: expected ${expected}, got "\\\\\\\\.\\\\pipe\\\\statsd" (string)`,
      `endpoint: expected unix:// and ${expected}, got "unix://\\\\\\\\.\\\\pipe\\\\statsd" (string)`,
    ]);
  });
});

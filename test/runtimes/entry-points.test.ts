// Every other entry point of the packed package, in the runtime under test.
import { describe, expect, test } from 'vitest';
import { startUdpServer } from '../support/receivers/udp-server.js';
import { useFreshApp } from './support/fresh-app.js';
import { runtime } from './support/runtime.js';

const app = useFreshApp(['@opentelemetry/auto-instrumentations-node']);

const well = { status: 0, signal: null, stderr: '' };

describe(`on ${runtime.title}`, () => {
  test('the helpers of ./instrument measure', async () => {
    const { stdout, ...ended } = await app.start('instrument.mjs', {}).ended;

    expect(ended).toEqual(well);
    expect(JSON.parse(stdout)).toEqual({
      results: ['done', 'as asked'],
      failures: 1,
      active: 0,
      durations: 3,
    });
  });

  test('the server and the matchers of ./testing receive over UDP, TCP and unix streams', async () => {
    const { stdout, ...ended } = await app.start('test-server.mjs', {}).ended;

    expect(ended).toEqual(well);
    const received = [{ orders: 5 }, true];
    expect(JSON.parse(stdout)).toEqual({ udp: received, tcp: received, unix: received });
  });

  test.each(['threads.mjs', 'sockets.mjs'])('./cluster makes one set of metrics in %s', async (program) => {
    const server = await startUdpServer();
    const env = { OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}` };

    expect(await app.start(program, env).ended).toEqual({ ...well, stdout: '' });
    expect(await server.drain()).toEqual(['orders:20|c\n']);
  });

  test('./cluster makes one set of metrics of the workers of node:cluster', async () => {
    const server = await startUdpServer();
    const env = { OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}` };

    expect(await app.start('clustered.mjs', env).ended).toEqual({ ...well, stdout: '' });
    expect((await server.drain()).join('').split('\n').sort()).toEqual(['', 'active:3|g', 'orders:20|c']);
  });

  test('the command otel-statsd previews an export', async () => {
    const command = 'node_modules/opentelemetry-exporter-statsd/dist/esm/cli.js';
    const { stdout, ...ended } = await app.start(command, {}, [], ['preview', '--dialect', 'dogstatsd'])
      .ended;

    expect(ended).toEqual(well);
    expect(stdout).toContain('|#');
  });
});

describe(`on ${runtime.title}, register counts what the app records, and requests,`, () => {
  const settings = {
    OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
    OTEL_EXPORTER_STATSD_HISTOGRAMS: 'summary',
    // Instrumentations of packages install module hooks.
    OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,express',
    OTEL_SEMCONV_STABILITY_OPT_IN: 'http',
  };
  const counted = [
    'http.client.request.duration.count:1',
    'http.server.request.duration.count:1',
    'orders:3',
  ];

  test.each(runtime.registers.map((options) => ({ options, text: options.join(' ') })))(
    'by $text',
    async ({ options }) => {
      const server = await startUdpServer();
      const env = { ...settings, OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}` };
      const ended = await app.start('api-only.mjs', env, options).ended;

      expect(ended).toEqual({ ...well, stdout: 'ready\n' });
      expect(countersIn(await server.drain())).toEqual(counted);
    },
  );

  test('and delivers the last interval on SIGTERM', async () => {
    const server = await startUdpServer();
    const env = { ...settings, OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`, WAIT: '1' };
    const running = app.start('api-only.mjs', env, runtime.registers[0]);
    await running.said('ready');
    running.child.kill('SIGTERM');

    expect(await running.ended).toEqual({ status: null, signal: 'SIGTERM', stdout: 'ready\n', stderr: '' });
    expect(countersIn(await server.drain())).toEqual(counted);
  });
});

/** `name:value` of counts, sorted. */
function countersIn(datagrams: readonly string[]): string[] {
  return datagrams
    .flatMap((datagram) => datagram.split('\n'))
    .filter((line) => /^(orders|[^|]*\.count):[^|]*\|c/.test(line))
    .map((line) => line.slice(0, line.indexOf('|')))
    .sort();
}

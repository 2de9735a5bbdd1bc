import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../../src/cli/doctor/doctor.js';
import { startTcpServer, startUnixServer, unusedPort } from '../../support/receivers/stream-server.js';
import { startUdpServer, unusedUdpPort } from '../../support/receivers/udp-server.js';
import { FakeIo, runWith } from '../fake-io.js';

const findings = (out: string): string =>
  out.slice(out.indexOf('Findings')).replaceAll(/\n {4,6}(?=\S)/g, ' ');

describe('the doctor', () => {
  it('confirms that a TCP server read the metric, and names the source of every setting', async () => {
    const server = await startTcpServer();
    const io = new FakeIo({
      environment: {
        OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://127.0.0.1:${server.port}`,
        STATSD_PREFIX: '{service.name}',
        OTEL_SERVICE_NAME: 'shop',
      },
    });
    expect(await runWith(['doctor'], io)).toEqual({
      code: 0,
      err: '',
      out: `Configuration
  endpoint       ${`tcp://127.0.0.1:${server.port}`.padEnd(21)}  OTEL_EXPORTER_STATSD_ENDPOINT
  dialect        statsd                 default
  prefix         {service.name}         STATSD_PREFIX
  tags           none                   default
  resource tags  none                   default
  histograms     samples                default
  delivery       confirmed              default
  flush          within 5000 ms         default
  shutdown       within 5000 ms         default

Test metric
  shop.otel_statsd.doctor:1|c

Findings
  ✓ Every variable makes sense.
  ✓ The server at tcp://127.0.0.1:${server.port} read the line and closed the connection.
    Delivery is confirmed.

Healthy.
`,
    });
    expect(server.lines).toEqual(['shop.otel_statsd.doctor:1|c']);
  });

  it('states that UDP cannot confirm arrival', async () => {
    const server = await startUdpServer();
    const { code, out } = await runWith(['doctor', '--endpoint', `udp://127.0.0.1:${server.port}`]);
    expect([code, findings(out)]).toEqual([
      0,
      `Findings
  ✓ Every variable makes sense.
  ✓ The datagram was sent to udp://127.0.0.1:${server.port}, and no refusal came back. UDP can confirm no more: a firewall, or a server of another kind, drops it without a word. → Look for the metric in the server. With tcp:// its arrival would be confirmed, where the server has TCP.

Healthy.
`,
    ]);
    expect(await server.drain()).toEqual(['otel_statsd.doctor:1|c\n']);
  });

  it.each<['udp' | 'tcp', () => Promise<number>]>([
    ['udp', unusedUdpPort],
    ['tcp', unusedPort],
  ])('reports that nothing listens on %s', async (protocol, port) => {
    const endpoint = `${protocol}://127.0.0.1:${await port()}`;
    const { code, out } = await runWith(['doctor', '-e', endpoint]);
    expect([code, findings(out)]).toEqual([
      1,
      `Findings
  ✓ Every variable makes sense.
  ✗ ${endpoint}: nothing listens on the port (ECONNREFUSED). → Start the server, or correct the port. To see whether anything would arrive: otel-statsd listen ${endpoint}

1 problem.
`,
    ]);
  });

  it('prints JSON with --json', async () => {
    const server = await startUnixServer();
    const { code, out } = await runWith(['doctor', '-e', `unix://${server.path}`, '-d', 'carbon', '--json']);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        healthy: true,
        settings: [
          { name: 'endpoint', value: `unix://${server.path}`, source: '--endpoint' },
          { name: 'dialect', value: 'carbon', source: '--dialect' },
          { name: 'prefix', value: 'none', source: 'default' },
          { name: 'tags', value: 'none', source: 'default' },
          { name: 'resource tags', value: 'none', source: 'default' },
          { name: 'histograms', value: 'summary', source: 'default' },
          { name: 'delivery', value: 'confirmed', source: 'default' },
          { name: 'flush', value: 'within 5000 ms', source: 'default' },
          { name: 'shutdown', value: 'within 5000 ms', source: 'default' },
        ],
        lines: ['otel_statsd.doctor 1 1767323045'],
        findings: [
          { status: 'ok', text: 'Every variable makes sense.' },
          { status: 'note', text: 'carbon listens on tcp unless it is told otherwise.' },
          {
            status: 'ok',
            text: `The server at unix://${server.path} read the line and closed the connection. Delivery is confirmed.`,
          },
        ],
      },
    ]);
  });

  it('reports bad variables once', async () => {
    const server = await startUdpServer();
    const environment = {
      OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`,
      STATSD_PORT: '81z',
      STATSD_ENABLED: 'no',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_EXPORTER_STATSD_PREFIX: '{service.name}',
    };
    const { code, out } = await runWith(['doctor'], new FakeIo({ environment }));
    expect([
      code,
      findings(out)
        .split('\n')
        .filter((line) => /^ {2}[✗!]/.test(line)),
    ]).toEqual([
      1,
      [
        '  ✗ STATSD_PORT is ignored: expected a port number from 1 to 65535, got "81z". → Correct the variable, or unset it.',
        '  ✗ Exporting is turned off: apps count, and send nothing. → Unset STATSD_ENABLED (it is "no").',
        '  ✗ Apps that are started with opentelemetry-exporter-statsd/register measure nothing: OTEL_METRICS_EXPORTER is "none". → Unset OTEL_METRICS_EXPORTER.',
        '  ! The resource has no service.name, so the prefix "{service.name}" is sent without that segment.',
      ],
    ]);
    expect(out.split('\n').at(-2)).toBe('3 problems.');
  });

  it('looks up the host name, and sends nothing when it has no address', async () => {
    const asked: string[] = [];
    const nobody: LookupFunction = (host, _options, callback) => {
      asked.push(host);
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    };
    const report = await runChecks({ endpoint: 'tcp://statsd.invalid' }, new FakeIo(), nobody);
    expect([asked, report.findings.slice(1)]).toEqual([
      ['statsd.invalid'],
      [
        {
          status: 'problem',
          text: 'The host name statsd.invalid has no address (ENOTFOUND).',
          advice:
            'Look for a typing mistake. In a container the name must be one of its network; elsewhere ask the DNS server.',
        },
      ],
    ]);
  });

  it('reports the addresses of the host name', async () => {
    const server = await startUdpServer();
    const both: LookupFunction = (_host, _options, callback) =>
      callback(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]);
    const report = await runChecks({ endpoint: `udp://localhost:${server.port}` }, new FakeIo(), both);
    expect(report.findings[1]).toEqual({ status: 'ok', text: 'localhost is 127.0.0.1, ::1.' });
  });

  it('rejects an invalid endpoint', async () => {
    expect(await runWith(['doctor', '-e', 'statsd'])).toEqual({
      code: 2,
      out: '',
      err:
        'otel-statsd: --endpoint: expected a URL that begins with udp://, tcp://, tls://, unix://, unixgram://, got "statsd" (string)\n' +
        'See otel-statsd doctor --help\n',
    });
  });
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runChecks } from '../../../src/cli/doctor/doctor.js';
import { startTcpServer, startUnixServer, unusedPort } from '../../support/receivers/stream-server.js';
import { startUdpServer, unusedUdpPort } from '../../support/receivers/udp-server.js';
import { FakeIo, runWith } from '../fake-io.js';

const findings = (out: string): string =>
  out.slice(out.indexOf('Findings')).replaceAll(/\n {4,6}(?=\S)/g, ' ');

const noLookup: LookupFunction = () => {
  throw new Error('looked up');
};

/** The path of a configuration file with this content. */
function configFile(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const LOOK_THERE =
  'What the server made of the lines cannot be seen from here: look there for the test metrics. If one is missing, or ' +
  'its name, tag or value differs, the dialect is not that of the server.';

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
  names          semconv                default
  tags           none                   default
  resource tags  none                   default
  histograms     samples                default
  delivery       confirmed              default
  flush          within 5000 ms         default
  shutdown       within 5000 ms         default

Test metrics
  shop.otel_statsd.doctor.probe.tag:1|c
  shop.otel_statsd.doctor.duration:250|ms
  shop.otel_statsd.doctor.duration.sum:250|c
  shop.otel_statsd.doctor.gauge:1|g

Findings
  ✓ Every variable is valid.
  ✓ The server at tcp://127.0.0.1:${server.port} read the lines and closed the connection.
    Delivery is confirmed.
    → What the server made of the lines cannot be seen from here: look there for the
      test metrics. If one is missing, or its name, tag or value differs, the dialect is
      not that of the server.

Healthy.
`,
    });
    expect(server.lines).toEqual([
      'shop.otel_statsd.doctor.probe.tag:1|c',
      'shop.otel_statsd.doctor.duration:250|ms',
      'shop.otel_statsd.doctor.duration.sum:250|c',
      'shop.otel_statsd.doctor.gauge:1|g',
    ]);
  });

  it('states that UDP cannot confirm arrival', async () => {
    const server = await startUdpServer();
    const { code, out } = await runWith(['doctor', '--endpoint', `udp://127.0.0.1:${server.port}`]);
    expect([code, findings(out)]).toEqual([
      0,
      `Findings
  ✓ Every variable is valid.
  ✓ The datagrams were sent to udp://127.0.0.1:${server.port}, and no refusal came back. UDP can confirm no more: a firewall, or a server of another kind, drops them silently. → ${LOOK_THERE} With tcp:// the arrival would be confirmed, where the server has TCP.

Healthy.
`,
    ]);
    expect(await server.drain()).toEqual([
      'otel_statsd.doctor.probe.tag:1|c\notel_statsd.doctor.duration:250|ms\notel_statsd.doctor.duration.sum:250|c\n',
      'otel_statsd.doctor.gauge:1|g\n',
    ]);
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
  ✓ Every variable is valid.
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
        versions: { 'opentelemetry-exporter-statsd': '1.2.3', 'Node.js': '22.0.0' },
        settings: [
          { name: 'endpoint', value: `unix://${server.path}`, source: '--endpoint' },
          { name: 'dialect', value: 'carbon', source: '--dialect' },
          { name: 'prefix', value: 'none', source: 'default' },
          { name: 'names', value: 'plain', source: 'default' },
          { name: 'tags', value: 'none', source: 'default' },
          { name: 'resource tags', value: 'none', source: 'default' },
          { name: 'histograms', value: 'summary', source: 'default' },
          { name: 'delivery', value: 'confirmed', source: 'default' },
          { name: 'flush', value: 'within 5000 ms', source: 'default' },
          { name: 'shutdown', value: 'within 5000 ms', source: 'default' },
        ],
        lines: [
          'otel_statsd.doctor;probe=tag 1 1767323045',
          'otel_statsd.doctor.duration.count 1 1767323045',
          'otel_statsd.doctor.duration.sum 0.25 1767323045',
          'otel_statsd.doctor.duration.min 0.25 1767323045',
          'otel_statsd.doctor.duration.max 0.25 1767323045',
          'otel_statsd.doctor.gauge 1 1767323045',
        ],
        findings: [
          { status: 'ok', text: 'Every variable is valid.' },
          { status: 'note', text: 'carbon listens on tcp by default.' },
          {
            status: 'ok',
            text: `The server at unix://${server.path} read the lines and closed the connection. Delivery is confirmed.`,
            advice: LOOK_THERE,
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
        '  ✗ Exporting is turned off: apps record metrics and send nothing. → Unset STATSD_ENABLED (it is "no").',
        '  ✗ Apps started with opentelemetry-exporter-statsd/register record nothing: OTEL_METRICS_EXPORTER is "none". → Unset OTEL_METRICS_EXPORTER.',
        '  ! The resource has no service.name, so the prefix "{service.name}" is sent without that segment.',
      ],
    ]);
    expect(out.split('\n').at(-2)).toBe('3 problems.');
  });

  it('reports once what the exporter warns about, too', async () => {
    const server = await startUdpServer();
    const environment = {
      OTEL_EXPORTER_STATSD_ENDPOINT: `udp://127.0.0.1:${server.port}`,
      OTEL_EXPORTER_STATSD_TIMEOUT: 'soon',
    };
    // The exporter reads the environment of the process, which is that of the command.
    for (const [name, value] of Object.entries(environment)) process.env[name] = value;
    onTestFinished(() => {
      for (const name of Object.keys(environment)) delete process.env[name];
    });
    const { findings: found } = await runChecks({}, new FakeIo({ environment }), noLookup);
    expect(found.slice(0, -1)).toEqual([
      {
        status: 'problem',
        text: 'OTEL_EXPORTER_STATSD_TIMEOUT is ignored: expected a whole number of milliseconds from 1 to 2147483647, got "soon".',
        advice: 'Correct the variable, or unset it.',
      },
    ]);
  });

  it('takes from the configuration file what no flag sets', async () => {
    const server = await startUdpServer();
    const endpoint = `udp://127.0.0.1:${server.port}`;
    const path = configFile('statsd.json', JSON.stringify({ endpoint, dialect: 'telegraf' }));
    const io = new FakeIo({ environment: { OTEL_EXPORTER_STATSD_CONFIG: path } });
    const { out } = await runWith(['doctor', '--json'], io);
    expect(JSON.parse(out).settings.slice(0, 2)).toEqual([
      { name: 'endpoint', value: endpoint, source: path },
      { name: 'dialect', value: 'telegraf', source: path },
    ]);
  });

  it('sends nothing to a function of the configuration file', async () => {
    const path = configFile('statsd.mjs', "export default { lines() { throw new Error('called'); } };");
    const io = new FakeIo({ environment: { OTEL_EXPORTER_STATSD_CONFIG: path } });
    const { code, out } = await runWith(['doctor', '--json'], io);
    const { settings, findings: found } = JSON.parse(out);
    expect({ code, endpoint: settings[0], found }).toEqual({
      code: 0,
      endpoint: { name: 'endpoint', value: 'the lines function', source: 'default' },
      found: [
        { status: 'ok', text: 'Every variable is valid.' },
        {
          status: 'note',
          text: 'Lines go to the lines function of the configuration file, where nothing is sent from here.',
        },
      ],
    });
  });

  it('writes to a Datadog agent on a unix socket in frames', async () => {
    const server = await startUnixServer((socket) => server.readFrames(socket));
    const { code } = await runWith(['doctor', '-e', `unix://${server.path}`, '-d', 'dogstatsd']);
    expect({ code, lines: server.lines, cutLines: server.cutLines }).toEqual({
      code: 0,
      lines: [
        'otel_statsd.doctor:1|c|#probe:tag',
        'otel_statsd.doctor.duration:0.25|d',
        'otel_statsd.doctor.gauge:1|g',
      ],
      cutLines: [],
    });
  });

  it('looks up the host name, and sends nothing when it has no address', async () => {
    const asked: string[] = [];
    const failing: LookupFunction = (host, _options, callback) => {
      asked.push(host);
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    };
    const report = await runChecks({ endpoint: 'tcp://statsd.invalid' }, new FakeIo(), failing);
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

  it.each<['tcp' | 'udp', () => Promise<number>, string]>([
    [
      'tcp',
      async () => {
        const server = createHttpServer((_request, response) => response.end()).listen(0, '127.0.0.1');
        onTestFinished(() => void server.close());
        await once(server, 'listening');
        return (server.address() as AddressInfo).port;
      },
      'answered with "HTTP/1.1 400 Bad Request", and a StatsD server never answers. → An HTTP server listens there; correct the port.',
    ],
    [
      'udp',
      async () => {
        const socket = createSocket('udp4');
        onTestFinished(() => void socket.close());
        socket.on('message', (_bytes, { port, address }) => socket.send('who\x1b?', port, address));
        socket.bind(0, '127.0.0.1');
        await once(socket, 'listening');
        return socket.address().port;
      },
      'answered with "who\\u001b?", and a StatsD server never answers. → Another service listens there; correct the port.',
    ],
  ])('reports another service over %s by its answer', async (protocol, start, text) => {
    const endpoint = `${protocol}://127.0.0.1:${await start()}`;
    const { code, out } = await runWith(['doctor', '-e', endpoint]);
    expect([code, findings(out)]).toEqual([
      1,
      `Findings\n  ✓ Every variable is valid.\n  ✗ ${endpoint} ${text}\n\n1 problem.\n`,
    ]);
  });

  it('reports misspelt variables and leaves secrets out', async () => {
    const server = await startTcpServer();
    const environment = {
      OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://127.0.0.1:${server.port}`,
      OTEL_EXPORTER_STATSD_TAGS: 'api_key=5ecret,team=web',
      DD_DOGSTATSD_URL: 'udp://user:5ecret@host',
      OTEL_EXPORTER_STATSD_PREFX: '5ecret',
    };
    for (const format of [[], ['--json']]) {
      const { code, out } = await runWith(['doctor', ...format], new FakeIo({ environment }));
      expect([code, out.includes('5ecret')]).toEqual([1, false]);
      expect(out).toContain('There is no variable OTEL_EXPORTER_STATSD_PREFX');
    }
  });

  it.each([60, 80, 140])('keeps its columns in a window of %i columns', async (columns) => {
    const server = await startTcpServer();
    const environment = {
      OTEL_EXPORTER_STATSD_ENDPOINT: `tcp://127.0.0.1:${server.port}`,
      OTEL_EXPORTER_STATSD_TAGS: Array.from({ length: 9 }, (_, at) => `tag${at}=value-${at}`).join(),
      OTEL_EXPORTER_STATSD_PREFIX: 'x'.repeat(70),
    };
    const { out } = await runWith(['doctor'], new FakeIo({ environment, window: { columns, rows: 24 } }));
    expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
    const [, settings = ''] = /Configuration\n(.*?)\n\n/s.exec(out) ?? [];
    expect(settings.split('\n').filter((line) => !/^ {2}(\S.{12}|\s{13}) {2}\S/.test(line))).toEqual([]);
    expect(out.replaceAll(/\s/g, '')).toContain(`tag7=value-7,tag8=value-8`);
  });
});

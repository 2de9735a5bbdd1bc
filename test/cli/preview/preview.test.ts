import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SAMPLE_EXPORT } from '../../../src/cli/preview/sample-export.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { FakeIo, runWith } from '../fake-io.js';

function file(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'export.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const withMetrics = (...metrics: unknown[]): unknown => ({
  resourceMetrics: [{ scopeMetrics: [{ metrics }] }],
});

describe('a preview', () => {
  it('shows the lines of one dialect', async () => {
    expect(await runWith(['preview', '-d', 'statsd'])).toEqual({
      code: 0,
      err: '',
      out: `statsd
  orders.country.fi.payment_method.card:3|c
  http.server.request.duration.GET.cart.200:62.5|ms
  http.server.request.duration.GET.cart.200:250|ms
  http.server.request.duration.GET.cart.200.sum:312.5|c
  queue.length:7|g
  room.temperature.room.cold_store:0|g
  room.temperature.room.cold_store:-4.5|g
`,
    });
  });

  it('shows all dialects, those with the same lines together', async () => {
    const { out } = await runWith(['preview']);
    const heads = out.split('\n').filter((line) => /^\S/.test(line));
    expect(heads.flatMap((line) => line.split(', ')).sort()).toEqual(Object.keys(dialects).sort());
    expect(heads[0]).toBe('statsd, statsite');
  });

  it('shows the names of a preset', async () => {
    const namesOf = async (...args: string[]): Promise<string[]> => {
      const { out } = await runWith(['preview', '-d', 'statsd', ...args]);
      return out.split('\n').flatMap((line) => /^ {2}([^:]+):/.exec(line)?.[1] ?? []);
    };
    expect([(await namesOf('--names', 'sprockets'))[1], (await namesOf('-n', 'plain'))[1]]).toEqual([
      'applications.shop.timers.cart.GET.200',
      'http.server.request.duration.http_request_method.GET.http_response_status_code.200.http_route._cart',
    ]);
  });

  it('refuses names that are no preset', async () => {
    expect(await runWith(['preview', '--names', 'semantic'])).toEqual({
      code: 2,
      out: '',
      err:
        'otel-statsd: --names: expected "semconv" or "sprockets" or "plain", got "semantic" (string)\n' +
        'See otel-statsd preview --help\n',
    });
  });

  it('follows the environment, overridden by flags', async () => {
    const environment = {
      OTEL_EXPORTER_STATSD_PREFIX: '{service.name}',
      OTEL_EXPORTER_STATSD_TAGS: 'region=eu',
      OTEL_EXPORTER_STATSD_DIALECT: 'telegraf',
    };
    const first = async (...args: string[]): Promise<string | undefined> => {
      const { out } = await runWith(['preview', ...args], new FakeIo({ environment }));
      return out.split('\n')[1];
    };
    expect([await first('-d', 'graphite'), await first('-d', 'graphite', '--prefix', 'x')]).toEqual([
      '  shop.orders;country=fi;payment.method=card;region=eu:3|c',
      '  x.orders;country=fi;payment.method=card;region=eu:3|c',
    ]);
  });

  it('has no warnings about options of the configuration file that concern delivery', async () => {
    const config = file(
      '{ "delivery": "persistent", "tls": {}, "stallTimeoutMillis": 1, "maxPayloadBytes": 512 }',
    );
    renameSync(config, `${config}.json`);
    const environment = { OTEL_EXPORTER_STATSD_CONFIG: `${config}.json` };
    const { out, err } = await runWith(['preview', '-d', 'dogstatsd'], new FakeIo({ environment }));
    expect([err, out.includes('has no effect')]).toEqual(['', false]);
  });

  it('follows the configuration file, and tells that it is faulty', async () => {
    const config = file(
      '{ "prefix": "file", "names": "plain", "histograms": { "percentiles": [50], "mode": "summary" } }',
    );
    renameSync(config, `${config}.json`);
    const environment = {
      OTEL_EXPORTER_STATSD_CONFIG: `${config}.json`,
      OTEL_EXPORTER_STATSD_PREFIX: 'variable',
    };
    const { out } = await runWith(['preview', '-d', 'dogstatsd'], new FakeIo({ environment }));
    expect([out.includes('  file.orders:3|c|'), out.includes('.p50:'), out.includes('variable')]).toEqual([
      true,
      true,
      false,
    ]);
    writeFileSync(`${config}.json`, '{');
    const faulty = await runWith(['preview', '-d', 'dogstatsd'], new FakeIo({ environment }));
    expect([
      faulty.out.includes('  variable.orders:3|c|'),
      faulty.err.startsWith('OTEL_EXPORTER_STATSD_CONFIG is ignored: '),
    ]).toEqual([true, true]);
  });

  it('prints the built-in export, which it can read', async () => {
    const { out } = await runWith(['preview', '--sample']);
    expect(JSON.parse(out)).toEqual(SAMPLE_EXPORT);
    expect(await runWith(['preview', file(out)])).toEqual(await runWith(['preview']));
  });

  it('shows exports that follow one another, one on each line, as what was added', async () => {
    const at = (value: number): string =>
      JSON.stringify(
        withMetrics({
          name: 'n',
          sum: {
            aggregationTemporality: 2,
            isMonotonic: true,
            dataPoints: [{ startTimeUnixNano: '1', asInt: value }],
          },
        }),
      );
    const { out } = await runWith(['preview', '-d', 'statsd', file(`${at(5)}\n${at(7)}\n\n`)]);
    expect(out).toBe('statsd\n  n:5|c\n  n:2|c\n');
  });

  it('reports dropped points and omitted metrics', async () => {
    const path = file(
      withMetrics(
        { name: 'odd', gauge: { dataPoints: [{ asDouble: 'NaN' }] } },
        { name: 'old', summary: { dataPoints: [] } },
      ),
    );
    expect(await runWith(['preview', '-d', 'statsd', path])).toEqual({
      code: 0,
      out: 'statsd\n  no lines\n  ! metric "odd" has values that are not finite numbers; they are not sent\n',
      err: `${path}: resourceMetrics[0].scopeMetrics[0].metrics[1]: old is a summary, which the JavaScript SDK never exports; left out\n`,
    });
  });

  it('says that an export has no lines', async () => {
    expect(await runWith(['preview', '-d', 'statsd', file({ resourceMetrics: [] })])).toEqual({
      code: 0,
      out: 'statsd\n  no lines\n',
      err: '',
    });
  });

  it('shows dialects with the same lines apart where their warnings differ', async () => {
    const folder = file('').replace('export.json', '');
    writeFileSync(join(folder, 'config.json'), '{ "timestamps": true }');
    const environment = { OTEL_EXPORTER_STATSD_CONFIG: join(folder, 'config.json') };
    const { out } = await runWith(['preview'], new FakeIo({ environment }));
    const warning = (name: string): string =>
      `  ! timestamps has no effect: the server (dialect ${name}) reads no time in lines`;
    const shown = out.split('\n');
    expect([shown[0], shown.includes(warning('statsd')), shown.includes('statsite')]).toEqual([
      'statsd',
      true,
      true,
    ]);
  });

  it('has colours on a terminal', async () => {
    const path = file(withMetrics({ name: 'a', gauge: { dataPoints: [{ asInt: 1 }, { asDouble: 'NaN' }] } }));
    const io = new FakeIo({ window: { columns: 80, rows: 24 }, hasColour: true });
    expect((await runWith(['preview', '-d', 'statsd', path], io)).out).toBe(
      '\x1b[1mstatsd\x1b[22m\n  a:1|g\n' +
        '  \x1b[33m!\x1b[39m metric "a" has values that are not finite numbers; they are not sent\n',
    );
  });

  it('reports a missing file', async () => {
    expect(await runWith(['preview', '/no/such.json'])).toEqual({
      code: 1,
      out: '',
      err: '/no/such.json: there is no such file\n',
    });
    expect(await runWith(['preview', tmpdir()])).toEqual({
      code: 1,
      out: '',
      err: `${tmpdir()}: that is a folder\n`,
    });
  });

  it('rejects a file together with --sample', async () => {
    const { code, err } = await runWith(['preview', '--sample', 'x.json']);
    expect([code, err.split('\n')[0]]).toEqual([
      2,
      'otel-statsd: --sample prints the built-in export and takes no file',
    ]);
  });
});

describe('a file with faulty parts', () => {
  it('shows the points of any scope, although another is faulty', async () => {
    const path = file({
      resourceMetrics: [
        {
          scopeMetrics: [
            { metrics: [{}] },
            { metrics: [{ name: 'n', gauge: { dataPoints: [{ asInt: 1 }] } }] },
          ],
        },
      ],
    });
    expect(await runWith(['preview', '-d', 'statsd', path])).toEqual({
      code: 1,
      out: 'statsd\n  n:1|g\n',
      err: `${path}: resourceMetrics[0].scopeMetrics[0].metrics[0].name: expected a text, got nothing; the metric is left out\n`,
    });
  });

  it('lists all faults where no point can be read', async () => {
    const path = file(withMetrics({}, 1));
    const place = `${path}: resourceMetrics[0].scopeMetrics[0].metrics`;
    expect(await runWith(['preview', path])).toEqual({
      code: 1,
      out: '',
      err: `${place}[0].name: expected a text, got nothing\n${place}[1]: expected an object, got 1\n`,
    });
  });

  const point = (value: unknown) => ({ timeUnixNano: '1', asInt: value });
  const gauge = (name: string, ...values: unknown[]) => ({ name, gauge: { dataPoints: values.map(point) } });
  const PLACE = 'resourceMetrics[0].scopeMetrics[0].metrics';

  it('shows the rest, and names each part that is left out', async () => {
    const path = file(
      withMetrics(
        gauge('good', 1),
        gauge('half', 'x', 2),
        { name: 'odd' },
        {
          // As in OpenTelemetry's own example metrics.json.
          name: 'my.histogram',
          histogram: {
            aggregationTemporality: 1,
            dataPoints: [{ count: 2, sum: 2, bucketCounts: [1, 1, 0], explicitBounds: [1] }],
          },
        },
      ),
    );
    expect(await runWith(['preview', '-d', 'statsd', path])).toEqual({
      code: 1,
      out: 'statsd\n  good:1|g\n  half:2|g\n',
      err: [
        `${PLACE}[1].gauge.dataPoints[0].asInt: expected a whole number, got "x"; the point of half is left out`,
        `${PLACE}[2]: expected one of gauge, sum, histogram, exponentialHistogram, summary, got {"name":"odd"}; the metric is left out`,
        `${PLACE}[3].histogram.dataPoints[0].bucketCounts: expected 2 counts for 1 bounds, got [1,1,0]; the point of my.histogram is left out`,
      ]
        .map((text) => `${path}: ${text}\n`)
        .join(''),
    });
  });

  it('shows the exports on the other lines when one is not JSON', async () => {
    const line = JSON.stringify(withMetrics(gauge('good', 1)));
    const path = file(`${line}\n{"resourceMetrics":\n${line}\n`);
    const { code, out, err } = await runWith(['preview', '-d', 'statsd', path]);
    expect([
      code,
      out,
      err.startsWith(`${path}: line 2: the export is not JSON: `),
      err.endsWith('; the export is left out\n'),
    ]).toEqual([1, 'statsd\n  good:1|g\n  good:1|g\n', true, true]);
  });

  it('leaves out an attribute of any depth without a stack overflow', async () => {
    const text = `${'{"arrayValue":{"values":['.repeat(20_000)}{"stringValue":"v"}${']}}'.repeat(20_000)}`;
    const whole = JSON.stringify(
      withMetrics(gauge('good', 1), {
        name: 'deep',
        gauge: { dataPoints: [{ asInt: 1, attributes: [{ key: 'k', value: 'HERE' }] }] },
      }),
    ).replace('"HERE"', text);
    const { code, out, err } = await runWith(['preview', '-d', 'statsd', file(whole)]);
    expect([code, out]).toEqual([1, 'statsd\n  good:1|g\n']);
    expect(err).toContain(
      'expected at most 100 levels, got a value with too many levels; the point of deep is left out',
    );
  });

  it('prints no control character of the file, its name or an argument', async () => {
    const path = file(withMetrics(gauge('a\x9b31m', '\u202ex\x7f')));
    const outcomes = [
      await runWith(['preview', path]),
      await runWith(['preview', '/no\x9b31m']),
      await runWith(['preview', '--\x1b[31m']),
      await runWith(['\x9b31m']),
      await runWith(['preview', '-d', '\u202e']),
    ];
    const printed = outcomes.map(({ out, err }) => out + err).join('');
    expect(/[\p{Cc}\p{Cf}]/u.test(printed.replaceAll('\n', ''))).toBe(false);
  });
});

describe('a faulty export file', () => {
  const sum = (dataPoint: object, rest: object = {}): unknown =>
    withMetrics({ name: 'n', sum: { aggregationTemporality: 1, dataPoints: [dataPoint], ...rest } });
  const METRIC = 'resourceMetrics[0].scopeMetrics[0].metrics[0]';
  const POINT = `${METRIC}.sum.dataPoints[0]`;

  it.each<[unknown, string]>([
    ['[]', 'the export: expected an object, got []'],
    [{}, 'resourceMetrics: expected a list, as OTLP has it, got nothing'],
    [{ resource_metrics: [] }, "resource_metrics: OTLP's JSON calls it resourceMetrics"],
    [{ resourceMetrics: {} }, 'resourceMetrics: expected a list, got {}'],
    [withMetrics({ gauge: {} }), `${METRIC}.name: expected a text, got nothing`],
    [withMetrics({ name: 1, gauge: {} }), `${METRIC}.name: expected a text, got 1`],
    [
      withMetrics({ name: 'n' }),
      `${METRIC}: expected one of gauge, sum, histogram, exponentialHistogram, summary, got {"name":"n"}`,
    ],
    [sum({}), `${POINT}: expected asInt or asDouble, got {}`],
    [sum({ asInt: 'x' }), `${POINT}.asInt: expected a whole number, got "x"`],
    [sum({ asInt: 1.5 }), `${POINT}.asInt: expected a whole number, got 1.5`],
    [sum({ asDouble: true }), `${POINT}.asDouble: expected a number, got true`],
    [
      sum({ asInt: 1, timeUnixNano: 'now' }),
      `${POINT}.timeUnixNano: expected nanoseconds since 1970, got "now"`,
    ],
    [
      sum({ asInt: 1, attributes: [{ value: {} }] }),
      `${POINT}.attributes[0].key: expected a text, got nothing`,
    ],
    [
      sum({ asInt: 1, attributes: [{ key: 'k', value: 'v' }] }),
      `${POINT}.attributes[0].value: expected an object, got "v"`,
    ],
    [
      sum({ asInt: 1, attributes: [{ key: 'k', value: { string: 'v' } }] }),
      `${POINT}.attributes[0].value: expected one of stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue, got {"string":"v"}`,
    ],
    [
      sum({ asInt: 1 }, { aggregationTemporality: 'DELTA' }),
      `${METRIC}.sum.aggregationTemporality: expected 1 (AGGREGATION_TEMPORALITY_DELTA) or 2 (AGGREGATION_TEMPORALITY_CUMULATIVE), got "DELTA"`,
    ],
    [sum({ asInt: 1 }, { isMonotonic: 1 }), `${METRIC}.sum.isMonotonic: expected true or false, got 1`],
    [
      withMetrics({
        name: 'n',
        histogram: { aggregationTemporality: 1, dataPoints: [{ explicitBounds: [1], bucketCounts: ['1'] }] },
      }),
      `${METRIC}.histogram.dataPoints[0].bucketCounts: expected 2 counts for 1 bounds, got ["1"]`,
    ],
  ])('is reported with its place: %j', async (content, message) => {
    const path = file(content);
    expect(await runWith(['preview', path])).toEqual({ code: 1, out: '', err: `${path}: ${message}\n` });
  });

  it('that is not JSON is reported', async () => {
    const path = file('{"resourceMetrics": [}');
    const { code, err } = await runWith(['preview', path]);
    expect([code, err.startsWith(`${path}: the export is not JSON: `)]).toEqual([1, true]);
  });
});

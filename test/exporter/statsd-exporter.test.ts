import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { AggregationTemporality, AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ExporterEvent, StatsdExporter, type StatsdExporterOptions } from '../../src/index.js';
import { exportOnce, instrument, SUCCESS } from '../support/metrics/collect.js';
import { startUdpReceiver } from '../support/receivers/udp-receiver.js';

/** An exporter that is shut down when the running test ends. */
function exporterFor(options: StatsdExporterOptions): StatsdExporter {
  const exporter = new StatsdExporter({ flushTimeoutMillis: 10_000, shutdownTimeoutMillis: 200, ...options });
  onTestFinished(() => exporter.shutdown());
  return exporter;
}

/** A port of 127.0.0.1 on which nothing listens. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A TCP server that hands every connection's whole input to `received`. */
async function startTcpReceiver(onPort = 0): Promise<{ port: number; inputs: string[]; server: Server }> {
  const inputs: string[] = [];
  const server = createServer((socket) => {
    let input = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      input += text;
    });
    socket.on('end', () => inputs.push(input));
  });
  server.listen(onPort, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, inputs, server };
}

describe('construction', () => {
  it('lists every fault of the options', () => {
    expect(
      () => new StatsdExporter({ port: 70_000, dialect: 'nope' } as unknown as StatsdExporterOptions),
    ).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: expect.stringMatching(/^Invalid StatsdExporter options:\n/),
        faults: expect.objectContaining({ length: 2 }),
      }),
    );
  });

  it('neither fails nor opens anything when the server is unreachable', async () => {
    const exporter = exporterFor({ endpoint: `tcp://127.0.0.1:${await unusedPort()}` });
    expect(exporter.stats()).toEqual(
      expect.objectContaining({ state: 'idle', connects: 0, connectFailures: {} }),
    );
  });
});

describe('selectors', () => {
  it('select exponential histograms in samples mode only', () => {
    const exponential = {
      type: AggregationType.EXPONENTIAL_HISTOGRAM,
      options: { maxSize: 160, recordMinMax: true },
    };
    const standard = { type: AggregationType.DEFAULT };
    expect(exporterFor({}).selectAggregation(InstrumentType.HISTOGRAM)).toEqual(exponential);
    expect(exporterFor({}).selectAggregation(InstrumentType.COUNTER)).toEqual(standard);
    const percentiles = { mode: 'summary', percentiles: [99] } as const;
    expect(exporterFor({ histograms: percentiles }).selectAggregation(InstrumentType.HISTOGRAM)).toEqual(
      exponential,
    );
    expect(exporterFor({ histograms: 'summary' }).selectAggregation(InstrumentType.HISTOGRAM)).toEqual(
      standard,
    );
  });

  it('use a temporality function', () => {
    const exporter = exporterFor({ temporality: () => AggregationTemporality.CUMULATIVE });
    expect(exporter.selectAggregationTemporality(InstrumentType.COUNTER)).toBe(
      AggregationTemporality.CUMULATIVE,
    );
  });
});

describe('export', () => {
  it('sends all seven kinds of instrument over UDP', async () => {
    const receiver = await startUdpReceiver();
    const exporter = exporterFor({ port: receiver.port, prefix: 'app', tags: { zone: 'eu' } });
    const { meter, collect } = instrument(exporter);
    meter.createCounter('counter').add(3, { 'http.route': '/a.b' });
    meter.createUpDownCounter('updown').add(-2.5);
    meter.createGauge('gauge').record(7);
    meter.createHistogram('histogram', { unit: 's' }).record(0.25);
    meter.createObservableCounter('ocounter').addCallback((result) => result.observe(5));
    meter.createObservableUpDownCounter('oupdown').addCallback((result) => result.observe(-1));
    meter.createObservableGauge('ogauge').addCallback((result) => result.observe(1e-7));

    expect(await exportOnce(exporter, await collect())).toEqual(SUCCESS);

    expect([...(await receiver.waitForLines(10))]).toEqual([
      'app.counter.http_route._a_b.zone.eu:3|c',
      'app.histogram.zone.eu:250|ms',
      'app.histogram.sum.zone.eu:250|c',
      'app.ocounter.zone.eu:5|c',
      'app.updown.zone.eu:0|g',
      'app.updown.zone.eu:-2.5|g',
      'app.gauge.zone.eu:7|g',
      'app.oupdown.zone.eu:0|g',
      'app.oupdown.zone.eu:-1|g',
      'app.ogauge.zone.eu:0.0000001|g',
    ]);
    await exporter.forceFlush();
    expect(exporter.stats()).toEqual(
      expect.objectContaining({
        exports: 1,
        receivedPoints: 7,
        offeredLines: 10,
        writtenLines: 10,
        queuedLines: 0,
      }),
    );
  });

  it('confirms lines over TCP', async () => {
    const { port, inputs } = await startTcpReceiver();
    const exporter = exporterFor({
      endpoint: `tcp://127.0.0.1:${port}`,
      dialect: 'dogstatsd',
      resourceTags: [],
    });
    const { meter, collect } = instrument(exporter);
    meter.createCounter('hits').add(1, { route: '/' });
    meter.createGauge('level').record(-4);

    await exportOnce(exporter, await collect());
    await exporter.forceFlush();

    expect(inputs).toEqual(['hits:1|c|#route:/\nlevel:-4|g\n']);
    expect(exporter.stats()).toEqual(
      expect.objectContaining({ confirmedLines: 2, writtenLines: 0, queuedLines: 0 }),
    );
  });

  it('answers without waiting, and FAILED with the reason when the queue has no room', async () => {
    const exporter = exporterFor({
      endpoint: `tcp://127.0.0.1:${await unusedPort()}`,
      queue: { maxBytes: 65_536 },
    });
    const { meter, collect } = instrument(exporter);
    const counter = meter.createCounter('a'.repeat(200));
    const fill = async (first: number) => {
      for (let series = first; series < first + 200; series += 1) counter.add(1, { series });
      return exportOnce(exporter, await collect());
    };

    expect(await fill(0)).toEqual(SUCCESS);
    const refused = await fill(200);
    expect(refused.code).toBe(ExportResultCode.FAILED);
    const { backlogSeries, droppedPoints, queuedLines } = exporter.stats();
    expect(refused.error?.message).toMatch(
      new RegExp(
        `^refused ${droppedPoints.series_limit} data points for tcp://127.0.0.1:\\d+: the queue has reached its limit of 65536 bytes`,
      ),
    );
    expect([queuedLines, backlogSeries + (droppedPoints.series_limit ?? 0)]).toEqual([200, 200]);
  });

  it('merges per series what it cannot send, and loses no count when the server comes back', async () => {
    const port = await unusedPort();
    const exporter = exporterFor({ endpoint: `tcp://127.0.0.1:${port}`, queue: { softBytes: 0 } });
    const { meter, collect } = instrument(exporter);
    const counter = meter.createCounter('c');
    const gauge = meter.createGauge('g');
    const histogram = meter.createHistogram('h');
    for (let round = 1; round <= 10; round += 1) {
      counter.add(round);
      gauge.record(round);
      histogram.record(round);
      expect(await exportOnce(exporter, await collect())).toEqual(SUCCESS);
    }
    expect(exporter.stats()).toEqual(
      expect.objectContaining({ queuedLines: 4, backlogSeries: 3, coalescedPoints: 24 }),
    );

    const { inputs } = await startTcpReceiver(port);
    await exporter.forceFlush();
    const lines = inputs.join('').split('\n').filter(Boolean);
    expect(lines.filter((line) => !line.startsWith('h:')).sort()).toEqual([
      'c:1|c',
      'c:54|c',
      'g:10|g',
      'g:1|g',
      'h.sum:1|c',
      'h.sum:54|c',
    ]);
    // The first as it is, the other nine within the buckets' error.
    expect(lines.filter((line) => line.startsWith('h:'))).toHaveLength(10);
    expect(exporter.stats()).toEqual(
      expect.objectContaining({ queuedLines: 0, backlogSeries: 0, droppedLines: {}, droppedPoints: {} }),
    );
  });

  it('waits for resource attributes that are still pending, and keeps the order of overlapping calls', async () => {
    const receiver = await startUdpReceiver();
    const exporter = exporterFor({ port: receiver.port, prefix: '{service.name}' });
    const { meter, collect } = instrument(exporter);
    const counter = meter.createCounter('c');
    counter.add(1);
    const first = await collect();
    counter.add(2);
    const second = await collect();
    const attributes: Record<string, string> = {};
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const pending = {
      ...first,
      resource: {
        ...first.resource,
        attributes,
        asyncAttributesPending: true,
        waitForAsyncAttributes: () => settled,
      } as unknown as typeof first.resource,
    };

    const results = [exportOnce(exporter, pending), exportOnce(exporter, second)];
    attributes['service.name'] = 'shop';
    settle();
    expect(await Promise.all(results)).toEqual([SUCCESS, SUCCESS]);
    expect(await receiver.waitForLines(2)).toEqual([
      'shop.c:1|c',
      expect.stringMatching(/^unknown_service.*\.c:2\|c$/),
    ]);
  });

  it('merges exports that wait for their resource, and sends none before it is known', async () => {
    const receiver = await startUdpReceiver();
    const exporter = exporterFor({ port: receiver.port, prefix: '{service.name}', flushTimeoutMillis: 50 });
    const { meter, collect } = instrument(exporter);
    const counter = meter.createCounter('c');
    const attributes: Record<string, string> = {};
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const resource = { attributes, asyncAttributesPending: true, waitForAsyncAttributes: () => settled };
    const results: Promise<ExportResult>[] = [];
    for (let value = 1; value <= 20; value += 1) {
      counter.add(value);
      results.push(exportOnce(exporter, { ...(await collect()), resource } as never));
    }
    // Answered though the resource is not known yet: they wait where an outage's metrics do.
    expect(await Promise.all(results.slice(0, 16))).toEqual(Array(16).fill(SUCCESS));
    await exporter.forceFlush();
    const { offeredLines, backlogSeries, coalescedPoints } = exporter.stats();
    expect({ offeredLines, backlogSeries, coalescedPoints }).toEqual({
      offeredLines: 0,
      backlogSeries: 1,
      coalescedPoints: 15,
    });

    attributes['service.name'] = 'shop';
    settle();
    expect(await Promise.all(results)).toEqual(Array(20).fill(SUCCESS));
    const lines = await receiver.waitForLines(4);
    // 1 + 2 + ... + 17, for the first that is processed is merged with those before it.
    expect(lines).toEqual(['shop.c:153|c', 'shop.c:18|c', 'shop.c:19|c', 'shop.c:20|c']);
  });

  it('does nothing, successfully, when disabled', async () => {
    const receiver = await startUdpReceiver();
    const exporter = exporterFor({ port: receiver.port, enabled: false });
    const { meter, collect } = instrument(exporter);
    meter.createCounter('c').add(1);
    expect(await exportOnce(exporter, await collect())).toEqual(SUCCESS);
    await exporter.forceFlush();
    expect(exporter.stats()).toEqual(expect.objectContaining({ exports: 0, offeredLines: 0, connects: 0 }));
  });
});

describe('forceFlush and shutdown', () => {
  it('end by their deadlines without a server, count the loss and never reject', async () => {
    const exporter = exporterFor({
      endpoint: `tcp://127.0.0.1:${await unusedPort()}`,
      flushTimeoutMillis: 50,
      shutdownTimeoutMillis: 50,
    });
    const { meter, collect } = instrument(exporter);
    meter.createCounter('c').add(1);
    await exportOnce(exporter, await collect());

    await exporter.forceFlush();
    expect(exporter.stats()).toEqual(expect.objectContaining({ queuedLines: 1, flushDeadlinesMissed: 1 }));
    await Promise.all([exporter.shutdown(), exporter.shutdown()]);
    expect(exporter.stats()).toEqual(
      expect.objectContaining({
        state: 'closed',
        queuedLines: 0,
        inFlightLines: 0,
        droppedLines: { shutdown: 1 },
      }),
    );
  });

  it('make later exports fail', async () => {
    const exporter = exporterFor({});
    const { collect } = instrument(exporter);
    const metrics = await collect();
    await exporter.shutdown();
    const { code, error } = await exportOnce(exporter, metrics);
    expect({ code, message: error?.message }).toEqual({
      code: ExportResultCode.FAILED,
      message: 'the exporter is shut down',
    });
    await exporter.forceFlush();
  });
});

describe('the log', () => {
  afterEach(() => diag.disable());

  function record(): string[] {
    const said: string[] = [];
    const say =
      (level: string) =>
      (_namespace: string, ...rest: unknown[]) =>
        void said.push(`${level} ${rest.join(' ')}`);
    diag.setLogger(
      {
        error: say('error'),
        warn: say('warn'),
        info: say('info'),
        debug: say('debug'),
        verbose: say('verbose'),
      },
      { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true },
    );
    return said;
  }

  it('has one warning per metric and reason, whatever the number of points', async () => {
    const said = record();
    const receiver = await startUdpReceiver();
    const exporter = exporterFor({ port: receiver.port });
    const { meter, collect } = instrument(exporter);
    const gauge = meter.createGauge('g');
    gauge.record(Number.NaN, { a: 1 });
    gauge.record(Number.POSITIVE_INFINITY, { a: 2 });
    await exportOnce(exporter, await collect());
    await exportOnce(exporter, await collect());
    expect(said).toEqual(['warn metric "g" has values that are not finite numbers; they are not sent']);
    expect(exporter.stats().droppedPoints).toEqual({ non_finite: 4 });
  });

  it('has one warning for an outage and one line for its end', async () => {
    const said = record();
    const port = await unusedPort();
    const exporter = exporterFor({ endpoint: `tcp://127.0.0.1:${port}` });
    const { meter, collect } = instrument(exporter);
    meter.createCounter('c').add(1);
    await exportOnce(exporter, await collect());
    while ((exporter.stats().connectFailures['ECONNREFUSED'] ?? 0) < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const server = createServer((socket) => socket.resume()).listen(port, '127.0.0.1');
    onTestFinished(() => void server.close());
    await exporter.forceFlush();
    expect(said).toEqual([
      `warn cannot deliver to tcp://127.0.0.1:${port}: ECONNREFUSED (nothing listens on the port). Start the server, or correct the port. Metrics are kept and sent once delivery works again`,
      expect.stringMatching(`^info delivering to tcp://127.0.0.1:${port} again after \\d+ s$`),
    ]);
  });

  it('is also given to onEvent, as data, with counts and metrics', async () => {
    const said = record();
    const events: ExporterEvent[] = [];
    const port = await unusedPort();
    const exporter = exporterFor({
      endpoint: `tcp://127.0.0.1:${port}`,
      timestamps: true,
      onEvent: (event) => events.push(event),
    });
    const { meter, collect } = instrument(exporter);
    const gauge = meter.createGauge('g');
    gauge.record(Number.NaN, { a: 1 });
    gauge.record(Number.POSITIVE_INFINITY, { a: 2 });
    gauge.record(1, { a: 3 });
    await exportOnce(exporter, await collect());
    while ((exporter.stats().connectFailures['ECONNREFUSED'] ?? 0) < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const server = createServer((socket) => socket.resume()).listen(port, '127.0.0.1');
    onTestFinished(() => void server.close());
    await exporter.forceFlush();
    expect(events).toEqual([
      {
        kind: 'warning',
        level: 'warn',
        message: 'timestamps has no effect: the server (dialect statsd) reads no time in lines',
      },
      {
        kind: 'points-dropped',
        level: 'warn',
        reason: 'non_finite',
        points: 2,
        metric: 'g',
        message: 'metric "g" has values that are not finite numbers; they are not sent',
      },
      { kind: 'outage', level: 'warn', cause: 'ECONNREFUSED', message: expect.any(String) },
      {
        kind: 'recovered',
        level: 'info',
        outageMillis: expect.any(Number),
        message: expect.stringMatching(/^delivering to /),
      },
    ]);
    expect(said).toEqual(events.map(({ level, message }) => `${level} ${message}`));
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('out of cheese');
      },
    ],
    ['rejects', () => Promise.reject(new Error('out of cheese'))],
  ])('tells that onEvent %s, and goes on', async (_how, onEvent) => {
    const said = record();
    const exporter = exporterFor({ timestamps: true, onEvent });
    await exporter.shutdown();
    expect(said).toEqual([
      'warn timestamps has no effect: the server (dialect statsd) reads no time in lines',
      'error onEvent threw or rejected Error: out of cheese',
    ]);
  });

  it('has the points that the full backlog refused, once, with their count', async () => {
    const said = record();
    const events: ExporterEvent[] = [];
    const exporter = exporterFor({
      endpoint: `tcp://127.0.0.1:${await unusedPort()}`,
      queue: { softBytes: 0, maxSeries: 1 },
      shutdownTimeoutMillis: 1,
      onEvent: (event) => events.push(event),
    });
    const { meter, collect } = instrument(exporter);
    const counter = meter.createCounter('c');
    for (let round = 0; round < 3; round += 1) {
      for (let series = 0; series < 5; series += 1) counter.add(1, { series });
      await exportOnce(exporter, await collect());
    }
    const dropped = events.filter(({ kind }) => kind === 'points-dropped');
    expect(dropped).toEqual([
      {
        kind: 'points-dropped',
        level: 'warn',
        reason: 'series_limit',
        points: 4,
        message:
          '4 data points are lost: the backlog has reached its limit (queue.maxSeries or queue.maxBytes); is the server running?',
      },
    ]);
    expect(said).toContain(`warn ${dropped[0]?.message}`);
  });
});

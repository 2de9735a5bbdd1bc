// What an export answers and what self-observation records of it.
import { Writable } from 'node:stream';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StatsdExporter, type StatsdExporterOptions } from '../../src/index.js';
import { exportOnce, instrument, SUCCESS } from '../support/metrics/collect.js';

/** An exporter whose own metrics are recorded by a provider that is set later. */
function observed(options: StatsdExporterOptions) {
  const exporter = new StatsdExporter({ shutdownTimeoutMillis: 100, ...options });
  const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: memory, exportIntervalMillis: 1e8 });
  const provider = new MeterProvider({ readers: [reader] });
  exporter.setSelfObsMeterProvider(provider);
  onTestFinished(async () => {
    await exporter.shutdown();
    await provider.shutdown();
  });
  /** By the short name of the metric and the type of the error: values, or how often a duration was recorded. */
  const recorded = async (): Promise<Record<string, unknown>> => {
    await provider.forceFlush();
    const metrics = memory
      .getMetrics()
      .at(-1)!
      .scopeMetrics.flatMap((scope) => scope.metrics);
    return Object.fromEntries(
      metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => [
          [descriptor.name.split('.').at(-1), attributes['error.type']].filter(Boolean).join(' '),
          typeof value === 'object' && 'count' in value ? value.count : value,
        ]),
      ),
    );
  };
  return { exporter, recorded };
}

async function counters(exporter: StatsdExporter, count: number): Promise<ResourceMetrics> {
  const { meter, collect } = instrument(exporter);
  const counter = meter.createCounter('orders');
  for (let shop = 0; shop < count; shop += 1) counter.add(1, { shop: `${shop}`.padStart(60, 'x') });
  return collect();
}

const answerOf = ({ code, error }: ExportResult): unknown => [ExportResultCode[code], error?.message];

describe('an export', () => {
  it('that is accepted counts as exported', async () => {
    const { exporter, recorded } = observed({ lines: () => {} });
    expect(await exportOnce(exporter, await counters(exporter, 3))).toEqual(SUCCESS);
    expect(await recorded()).toEqual({ inflight: 0, exported: 3, duration: 1 });
  });

  it('whose lines find no room fails with their number, and counts as rejected', async () => {
    const stream = new Writable({ write() {}, highWaterMark: 1 });
    const { exporter, recorded } = observed({ stream, queue: { maxBytes: 65_536, softBytes: 65_536 } });
    const answer = answerOf(await exportOnce(exporter, await counters(exporter, 1_500)));
    const { queue_full: refused = 0 } = exporter.stats().droppedLines;
    expect([answer, refused > 0]).toEqual([
      [
        'FAILED',
        `refused ${refused} lines for the stream: the queue has reached its limit of 65536 bytes (queue.maxBytes) ` +
          'or 100000 series (queue.maxSeries); is the server running?',
      ],
      true,
    ]);
    expect(await recorded()).toEqual({
      inflight: 0,
      exported: 1_500 - refused,
      'exported rejected': refused,
      'duration rejected': 1,
    });
  });

  it('to a stream that has ended fails with the reason', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
    stream.end();
    const { exporter, recorded } = observed({ stream });
    expect(answerOf(await exportOnce(exporter, await counters(exporter, 2)))).toEqual([
      'FAILED',
      'refused 2 lines for the stream: it has ended or failed',
    ]);
    expect(await recorded()).toEqual({
      inflight: 0,
      'exported rejected': 2,
      'duration rejected': 1,
    });
  });

  it('of points that cannot be sent counts them by their reason', async () => {
    const { exporter, recorded } = observed({ lines: () => {} });
    const { meter, collect } = instrument(exporter);
    meter.createGauge('load').record(Number.NaN);
    expect(await exportOnce(exporter, await collect())).toEqual(SUCCESS);
    expect(await recorded()).toEqual({ inflight: 0, 'exported non_finite': 1, duration: 1 });
  });

  it.each([
    [new TypeError('no luck'), 'TypeError'],
    ['no luck', 'unknown'],
  ])('that throws %j fails with that, and is recorded as %s', async (thrown, type) => {
    const { exporter, recorded } = observed({ lines: () => {} });
    const metrics = await counters(exporter, 1);
    let reads = 0;
    const broken = {
      resource: metrics.resource,
      get scopeMetrics() {
        reads += 1;
        // The first look counts the points.
        if (reads > 1) throw thrown;
        return metrics.scopeMetrics;
      },
    };
    expect(answerOf(await exportOnce(exporter, broken))).toEqual(['FAILED', 'no luck']);
    expect(await recorded()).toEqual({
      inflight: 0,
      [`exported ${type}`]: 1,
      [`duration ${type}`]: 1,
    });
  });
});

it('buckets need no values of histograms, whatever the percentiles', () => {
  const { exporter } = observed({ lines: () => {}, histograms: { mode: 'buckets', percentiles: [50] } });
  expect(exporter.selectAggregation(InstrumentType.HISTOGRAM)).toEqual({ type: 0 });
});

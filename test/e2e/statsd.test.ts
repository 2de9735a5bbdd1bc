// The real statsd daemon, read back through its admin port and its own flush.

import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StatsdExporter, type StatsdExporterOptions } from '../../src/index.js';
import { type StatsdDaemon, startStatsdDaemon } from '../support/receivers/statsd-daemon.js';

interface App {
  readonly provider: MeterProvider;
  readonly exporter: StatsdExporter;
  /** Collects, exports and waits until the daemon has read all of it. */
  flush(): Promise<void>;
}

type Protocol = 'udp' | 'tcp';

function startApp(daemon: StatsdDaemon, protocol: Protocol, options: StatsdExporterOptions = {}): App {
  const port = protocol === 'udp' ? daemon.udpPort : daemon.tcpPort;
  const exporter = new StatsdExporter({ endpoint: `${protocol}://127.0.0.1:${port}`, ...options });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  return {
    provider,
    exporter,
    async flush() {
      await provider.forceFlush();
      if (protocol === 'udp') await daemon.settle();
    },
  };
}

describe.each<Protocol>(['udp', 'tcp'])('over %s', (protocol) => {
  it('counters add up over exports, fractions too', async () => {
    const daemon = await startStatsdDaemon();
    const { provider, flush } = startApp(daemon, protocol, { prefix: 'app' });
    const counter = provider.getMeter('e2e').createCounter('requests');
    counter.add(3, { route: '/a' });
    await flush();
    counter.add(0.25, { route: '/a' });
    counter.add(2, { route: '/b' });
    await flush();
    await flush();
    expect(await daemon.counters()).toEqual({ 'app.requests.route._a': 3.25, 'app.requests.route._b': 2 });
  });

  it('gauges and up-down counters keep their value, also below zero and over several exports', async () => {
    const daemon = await startStatsdDaemon();
    const { provider, flush } = startApp(daemon, protocol);
    const meter = provider.getMeter('e2e');
    meter.createGauge('celsius').record(-40.5);
    meter.createGauge('tiny').record(1e-7);
    meter.createGauge('huge').record(1.5e21);
    const open = meter.createUpDownCounter('open');
    open.add(4);
    meter.createObservableUpDownCounter('balance').addCallback((result) => result.observe(-7));
    await flush();
    open.add(-6);
    await flush();
    await flush();
    expect(await daemon.gauges()).toEqual({
      balance: -7,
      celsius: -40.5,
      huge: 1.5e21,
      open: -2,
      tiny: 1e-7,
    });
  });

  it('a histogram of few values arrives value by value, in milliseconds', async () => {
    const daemon = await startStatsdDaemon();
    const { provider, flush } = startApp(daemon, protocol);
    const histogram = provider.getMeter('e2e').createHistogram('latency', { unit: 's' });
    for (const seconds of [0.25, 0.001, 2]) histogram.record(seconds);
    await flush();
    const timers = await daemon.timers();
    expect(
      Object.fromEntries(Object.entries(timers).map(([name, values]) => [name, values.sort(ascending)])),
    ).toEqual({
      latency: [1, 250, 2000],
    });
    expect(await daemon.counters()).toEqual({ 'latency.sum': 2251 });
  });

  it('a histogram of many values has the daemon report the true count, mean and percentiles', async () => {
    const daemon = await startStatsdDaemon({ percentThreshold: [50, 90, 99] });
    const { provider, flush } = startApp(daemon, protocol);
    const histogram = provider.getMeter('e2e').createHistogram('latency', { unit: 'ms' });
    const values = lognormal(20_000);
    for (const value of values) histogram.record(value);
    await flush();

    const { timerData, counters } = await daemon.flush();
    const { count, mean, lower, upper_50, upper_90, upper_99 } = timerData['latency'] ?? {};
    const sorted = [...values].sort(ascending);
    const sum = values.reduce((total, value) => total + value, 0);
    // The daemon adds up 1/rate in floating point.
    expect(count).toBeCloseTo(20_000, 6);
    expect(relativeError(counters['latency.sum'], sum)).toBeLessThan(1e-9);
    expect(relativeError(mean, sum / 20_000)).toBeLessThan(1e-6);
    expect(lower).toBeCloseTo(sorted[0]!, 5);
    // An exponential histogram of these values has buckets 9 % wide.
    expect(relativeError(upper_50, sorted[9_999]!)).toBeLessThan(0.09);
    expect(relativeError(upper_90, sorted[17_999]!)).toBeLessThan(0.09);
    expect(relativeError(upper_99, sorted[19_799]!)).toBeLessThan(0.09);
  });

  it('attributes cannot forge a line', async () => {
    const daemon = await startStatsdDaemon();
    const { provider, flush } = startApp(daemon, protocol);
    const counter = provider.getMeter('e2e').createCounter('c');
    counter.add(1, { 'k:1|c\nforged': 'v:5|g\nforged.too:9|c|@0.1' });
    await flush();
    expect(await daemon.counters()).toEqual({ 'c.k_1_c_forged.v_5_g_forged_too_9_c__0_1': 1 });
    expect(await daemon.gauges()).toEqual({});
    expect((await daemon.ownCounters()).badLinesSeen).toBe(0);
  });
});

it('a restarted server receives what was measured while it was down', async () => {
  const daemon = await startStatsdDaemon();
  const { provider, exporter, flush } = startApp(daemon, 'tcp', { flushTimeoutMillis: 200 });
  const counter = provider.getMeter('e2e').createCounter('c');
  await daemon.kill();
  counter.add(1);
  await flush();
  counter.add(2);
  await flush();
  expect(exporter.stats().queuedLines).toBe(2);

  await daemon.restart();
  await daemon.waitForCounter('c', 3);
  expect(exporter.stats().droppedLines).toEqual({});
});

it('a stalled daemon is abandoned without a reset, and counts everything once it resumes', async () => {
  const daemon = await startStatsdDaemon();
  const { provider, exporter, flush } = startApp(daemon, 'tcp', {
    confirmTimeoutMillis: 300,
    flushTimeoutMillis: 1000,
  });
  const gauge = provider.getMeter('e2e').createGauge('g');
  daemon.pause();
  gauge.record(7);
  await flush();
  expect(exporter.stats().disconnects['confirm_timeout']).toBeGreaterThan(0);
  daemon.resume();
  await daemon.waitForGauge('g', 7);
  gauge.record(8);
  await flush();
  expect({ running: daemon.running, gauges: await daemon.gauges() }).toEqual({
    running: true,
    gauges: { g: 8 },
  });
});

function ascending(a: number, b: number): number {
  return a - b;
}

function relativeError(actual: number | undefined, expected: number): number {
  return Math.abs((actual ?? Number.NaN) - expected) / Math.abs(expected);
}

/** Lognormal values (median 20, σ = 1) from a fixed sequence. */
function lognormal(count: number): number[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  return Array.from({ length: count }, (_, index) => {
    // Box-Muller over two low-discrepancy sequences: the same values in every run.
    const radius = Math.sqrt(-2 * Math.log(1 - ((index * golden) % 1)));
    return 20 * Math.exp(radius * Math.cos(2 * Math.PI * ((index * Math.SQRT2) % 1)));
  });
}

// The server is killed between two exports of an app, and comes back after a third.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { dialects, StatsdExporter, type StatsdExporterStats } from '../../../src/index.js';
import { legalTags } from '../../../src/mapping/tags/tags.js';
import { poll } from '../harness/poll.js';
import type { InteropServer, Protocol, Report, RunningServer } from '../harness/server.js';
import { optionsFor, pause } from './app.js';

export interface Survival {
  /** Of a counter that is 1 before the death, grows by 2 and 4 while the server is away, and by 8 afterwards. */
  readonly counted: number;
  /** -3 before, -5 while it is away. */
  readonly gauge: number;
  readonly stats: StatsdExporterStats;
}

const PREFIX = 'd';
const GAUGE = -5;
const STRAGGLERS_MILLIS = 5_000;

export async function survive(
  server: InteropServer,
  running: RunningServer,
  protocol: Protocol,
): Promise<Survival> {
  const exporter = new StatsdExporter({
    ...optionsFor(server),
    endpoint: `${protocol}://127.0.0.1:${running.port(protocol)}`,
    prefix: PREFIX,
    // While the server is away every flush lasts as long as this.
    flushTimeoutMillis: 200,
  });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('interop');
  const counter = meter.createCounter('c');
  const gauge = meter.createGauge('g');
  const series = (name: string) =>
    server.series(`${PREFIX}.${name}`, legalTags({}, dialects[server.dialect]));
  const reported = (isThere: (report: Report) => boolean) =>
    poll(`${server.name} to report`, async () => {
      const report = await running.report();
      return isThere(report) ? report : undefined;
    });
  const count = async (value: number) => {
    if (server.oneExportPerSecond) await pause(server, running);
    counter.add(value);
    await provider.forceFlush();
  };
  try {
    gauge.record(-3);
    await count(1);
    await reported(({ counters }) => counters[series('c')] === 1);
    await running.kill();
    gauge.record(GAUGE);
    await count(2);
    await count(4);
    await running.restart();
    await pause(server, running);
    counter.add(8);
    await untilDelivered(exporter, provider);
    await pause(server, running);
    meter.createCounter('end').add(1);
    await provider.forceFlush();
    await reported((report) => report.counters[series('end')] === 1);
    // An interval may have ended between the zero and the value below it.
    const deadline = performance.now() + STRAGGLERS_MILLIS;
    const { counters, gauges } = await reported(
      (report) => report.gauges[series('g')] === GAUGE || performance.now() > deadline,
    );
    return {
      counted: counters[series('c')] ?? Number.NaN,
      gauge: gauges[series('g')] ?? Number.NaN,
      stats: exporter.stats(),
    };
  } finally {
    await provider.shutdown();
  }
}

async function untilDelivered(exporter: StatsdExporter, provider: MeterProvider): Promise<void> {
  await poll('everything to be delivered', async () => {
    await provider.forceFlush();
    const { queuedLines, inFlightLines } = exporter.stats();
    return queuedLines === 0 && inFlightLines === 0 ? true : undefined;
  });
}

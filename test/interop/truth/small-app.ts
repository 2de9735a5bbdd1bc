// An app of a few lines for what only one server does: one export, and what the exporter logs about it.
import { DiagLogLevel, diag, type Meter } from '@opentelemetry/api';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter, type StatsdExporterStats } from '../../../src/index.js';
import { poll } from '../harness/poll.js';
import type { InteropServer, Report, RunningServer } from '../harness/server.js';
import { optionsFor } from './app.js';

export interface SmallRun {
  readonly report: Report;
  readonly stats: StatsdExporterStats;
  readonly warnings: readonly string[];
}

/** The report when everything has been read, without what other apps sent before. */
export async function runSmallApp(
  server: InteropServer,
  running: RunningServer,
  prefix: string,
  record: (meter: Meter) => void,
): Promise<SmallRun> {
  const [protocol] = server.protocols;
  const warnings: string[] = [];
  const ignore = () => {};
  const warn = (...parts: unknown[]) => warnings.push(parts.join(' '));
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = new StatsdExporter({
    ...optionsFor(server),
    endpoint: `${protocol}://127.0.0.1:${running.port(protocol!)}`,
    prefix,
  });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  try {
    const meter = provider.getMeter('interop');
    record(meter);
    await provider.forceFlush();
    meter.createCounter('end').add(1);
    await provider.forceFlush();
    const end = server.series(`${prefix}.end`, []);
    const report = await poll(`${server.name} to report the end`, async () => {
      const current = await running.report();
      return current.counters[end] === 1 ? current : undefined;
    });
    return { report: only(report, server.series(prefix, [])), stats: exporter.stats(), warnings };
  } finally {
    await provider.shutdown();
    diag.disable();
  }
}

function only({ counters, gauges, timers, complaints }: Report, prefix: string): Report {
  const pick = <Value>(all: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(all).filter(([series]) => series.startsWith(prefix)));
  return { counters: pick(counters), gauges: pick(gauges), timers: pick(timers), complaints };
}

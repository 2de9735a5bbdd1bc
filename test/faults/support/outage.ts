// A long outage as the exporter sees it: hundreds of exports without a server, then a server.
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { expect, onTestFinished, vi } from 'vitest';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';
import { StatsdExporter } from '../../../src/exporter/statsd-exporter.js';
import { balanced } from '../../support/ledger-balance.js';
import { seriesCollection } from './counters.js';
import { type FaultServer, startFaultServer } from './fault-server.js';

export interface Outage {
  readonly exports: number;
  readonly counters: number;
  readonly gauges: number;
  readonly queue: { readonly softBytes: number; readonly maxBytes: number; readonly maxSeries: number };
  readonly options?: StatsdExporterOptions;
  /** Between exports. */
  readonly pauseMillis?: number;
}

export interface AfterOutage {
  readonly exporter: StatsdExporter;
  readonly server: FaultServer;
  /** How much the memory in use had grown when the server came back, in bytes. */
  readonly grownBytes: number;
  readonly queuedBytes: number;
}

/** Each counter counts 3 in every export, each gauge says the number of the export, from 1. */
export async function surviveOutage({
  exports,
  counters,
  gauges,
  queue,
  options,
  pauseMillis = 0,
}: Outage): Promise<AfterOutage> {
  const server = await startFaultServer({ protocol: 'tcp' });
  await server.kill();
  const exporter = new StatsdExporter({ endpoint: `tcp://127.0.0.1:${server.port}`, queue, ...options });
  onTestFinished(() => exporter.shutdown());
  const before = usedBytes();
  for (let round = 1; round <= exports; round += 1) {
    const result = await exportOnce(exporter, seriesCollection(counters, 3, gauges, round));
    expect(result).toEqual({ code: ExportResultCode.SUCCESS });
    if (pauseMillis > 0) await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
  const grownBytes = usedBytes() - before;
  const { queuedBytes } = balancedStats(exporter);
  await server.start();
  await exporter.forceFlush();
  return { exporter, server, grownBytes, queuedBytes };
}

/** The sum of each counter and the last value of each gauge, as the server had them; other lines as they are. */
export function valuesAt(server: FaultServer): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of server.lines()) {
    const [, name, value, type] = /^([^:]+):([\d.]+)\|([cg])$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`not a line: ${line}`);
    values.set(name, type === 'c' ? (values.get(name) ?? 0) + Number(value) : Number(value));
  }
  return values;
}

/** What `valuesAt()` should be. */
export function valuesExpected({ exports, counters, gauges }: Outage): Map<string, number> {
  const series = (name: string, count: number, value: number): [string, number][] =>
    Array.from({ length: count }, (_, index) => [`${name}.series.${index}`, value]);
  return new Map([...series('requests', counters, 3 * exports), ...series('level', gauges, exports)]);
}

export function balancedStats(exporter: StatsdExporter): ReturnType<StatsdExporter['stats']> {
  const stats = exporter.stats();
  balanced(stats);
  return stats;
}

function exportOnce(
  exporter: StatsdExporter,
  metrics: ReturnType<typeof seriesCollection>,
): Promise<ExportResult> {
  return new Promise((resolve) => exporter.export(metrics, resolve));
}

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Twice, because what a finaliser frees is gone only then. */
function collectGarbage(): void {
  garbageCollector();
  garbageCollector();
}

const garbageCollector: () => void = await vi.hoisted(async () => {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
});

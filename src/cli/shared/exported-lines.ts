// The lines that exports become, written by a real exporter.

import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import { StatsdExporter } from '../../exporter/statsd-exporter.js';

export interface ExportedLines {
  readonly lines: readonly string[];
  /** The exporter's warnings: points that are not sent, and why. */
  readonly warnings: readonly string[];
}

/** Options of the file that have no effect on lines; the exporter would warn about them. */
const FOR_DELIVERY: ReadonlySet<string> = new Set<keyof StatsdExporterOptions>([
  'delivery',
  'onUnconfirmed',
  'tls',
  'pacing',
  'maxPayloadBytes',
  'connectTimeoutMillis',
  'stallTimeoutMillis',
  'confirmTimeoutMillis',
  'lookup',
]);

export async function exportedLines(
  batches: readonly ResourceMetrics[],
  options: StatsdExporterOptions,
): Promise<ExportedLines> {
  const lines: string[] = [];
  const warnings = await withWarnings(async () => {
    const exporter = new StatsdExporter({
      ...Object.fromEntries(Object.entries(options).filter(([name]) => !FOR_DELIVERY.has(name))),
      lines: (more) => {
        lines.push(...more);
      },
    });
    for (const batch of batches) {
      await new Promise<void>((resolve) => exporter.export(batch, () => resolve()));
    }
    await exporter.shutdown();
  });
  return { lines, warnings };
}

/** The warnings of OpenTelemetry's diag while something runs. */
export async function withWarnings(run: () => Promise<void>): Promise<string[]> {
  const warnings: string[] = [];
  // The first argument names the component.
  const hear = (...said: unknown[]): void => void warnings.push(said.slice(1).join(' '));
  const ignore = (): void => {};
  diag.setLogger(
    { error: hear, warn: hear, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  try {
    await run();
  } finally {
    diag.disable();
  }
  return warnings;
}

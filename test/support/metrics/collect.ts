import type { Meter } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  type IMetricReader,
  MeterProvider,
  MetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';

/** A reader that collects only when asked, with the selectors of an exporter. */
class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export interface Instrumented {
  readonly meter: Meter;
  readonly provider: MeterProvider;
  /** One collection, as the SDK would hand it to the exporter. */
  collect(): Promise<ResourceMetrics>;
}

/** A real SDK whose temporality and aggregation follow the exporter's wishes. */
export function instrument(
  exporter: Pick<PushMetricExporter, 'selectAggregation' | 'selectAggregationTemporality'>,
  options: { views?: ViewOptions[]; resource?: Record<string, string> } = {},
): Instrumented {
  const reader = new ManualReader({
    ...(exporter.selectAggregation && { aggregationSelector: exporter.selectAggregation.bind(exporter) }),
    ...(exporter.selectAggregationTemporality && {
      aggregationTemporalitySelector: exporter.selectAggregationTemporality.bind(exporter),
    }),
  });
  const provider = new MeterProvider({
    readers: [reader as IMetricReader],
    ...(options.views && { views: options.views }),
  });
  return {
    meter: provider.getMeter('test'),
    provider,
    async collect() {
      const { resourceMetrics } = await reader.collect();
      if (options.resource === undefined) return resourceMetrics;
      const { resource } = resourceMetrics;
      const attributes = { ...resource.attributes, ...options.resource };
      return { ...resourceMetrics, resource: { ...resource, attributes } as typeof resource };
    },
  };
}

/** One export as a promise of its result. */
export function exportOnce(exporter: PushMetricExporter, metrics: ResourceMetrics): Promise<ExportResult> {
  return new Promise((resolve) => exporter.export(metrics, resolve));
}

export const SUCCESS: ExportResult = { code: ExportResultCode.SUCCESS };

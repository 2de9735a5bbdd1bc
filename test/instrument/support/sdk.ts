// A real SDK, read when a test asks.
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';

export class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export function sdk() {
  const reader = new ManualReader();
  const provider = new MeterProvider({ readers: [reader] });
  return {
    provider,
    reader,
    meter: provider.getMeter('test'),
    /** `[name, unit, points]` of every metric that has points, in the order of their names. */
    async points(): Promise<[string, string, [object, unknown][]][]> {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .map(({ descriptor, dataPoints }): [string, string, [object, unknown][]] => [
          descriptor.name,
          descriptor.unit,
          dataPoints.map(({ attributes, value }): [object, unknown] => [attributes, value]),
        ])
        .filter(([, , points]) => points.length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    },
  };
}

// OTLP as JSON, a line for each export, as the Collector's file exporter writes it.
import type { Tag } from '../../../src/mapping/tags/tags.js';
import type { IntervalReport } from '../harness/interval-report.js';
import { seriesText } from '../harness/series-text.js';

interface OtlpPoint {
  readonly attributes?: readonly { key: string; value: { stringValue: string } }[];
  readonly asInt?: string;
  readonly asDouble?: number;
}

interface OtlpDistribution extends OtlpPoint {
  readonly count: string;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly quantileValues?: readonly { quantile?: number; value?: number }[];
}

interface OtlpMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly OtlpDistribution[] };
  readonly summary?: { readonly dataPoints: readonly OtlpDistribution[] };
}

interface OtlpMetrics {
  readonly resourceMetrics: readonly { scopeMetrics: readonly { metrics: readonly OtlpMetric[] }[] }[];
}

export function addOtlpLines(lines: readonly string[], report: IntervalReport): void {
  for (const line of lines) addAll(JSON.parse(line) as OtlpMetrics, report);
}

function addAll({ resourceMetrics }: OtlpMetrics, report: IntervalReport): void {
  for (const { scopeMetrics } of resourceMetrics) {
    for (const { metrics } of scopeMetrics) for (const metric of metrics) add(metric, report);
  }
}

function add({ name, sum, gauge, exponentialHistogram, summary }: OtlpMetric, report: IntervalReport): void {
  const series = ({ attributes = [] }: OtlpPoint) =>
    seriesText(
      name,
      attributes.map(({ key, value }): Tag => [key, value.stringValue]),
    );
  const value = ({ asInt, asDouble }: OtlpPoint) => asDouble ?? Number(asInt ?? 0);
  for (const point of sum?.dataPoints ?? []) report.count(series(point), value(point));
  for (const point of gauge?.dataPoints ?? []) report.gauge(series(point), value(point));
  for (const point of [...(exponentialHistogram?.dataPoints ?? []), ...(summary?.dataPoints ?? [])]) {
    report.time(series(point), figuresOf(point));
  }
}

function figuresOf({ count, sum = 0, min, max, quantileValues = [] }: OtlpDistribution) {
  const quantiles = new Map(quantileValues.map(({ quantile = 0, value = 0 }) => [quantile * 100, value]));
  // A summary has its extremes among the percentiles.
  const [least, greatest] = [min ?? quantiles.get(0), max ?? quantiles.get(100)];
  const percentiles = Object.fromEntries(
    [50, 90, 95, 99].filter((p) => quantiles.has(p)).map((p) => [p, quantiles.get(p)!]),
  );
  return {
    count: Number(count),
    sum,
    ...(least === undefined ? {} : { min: least }),
    ...(greatest === undefined ? {} : { max: greatest }),
    percentiles,
  };
}

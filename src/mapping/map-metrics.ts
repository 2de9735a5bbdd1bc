// From what the SDK collected to lines: one walk over resource, scopes, metrics and data points.

import {
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { attributeText } from './attribute-text.js';
import type { MappingOptions, MetricContext } from './context.js';
import type { Dialect } from './dialects/dialect.js';
import { mapGauge } from './gauges.js';
import { mapHistogram } from './histograms/map-histogram.js';
import { type LineSink, seriesText } from './lines.js';
import { fillPrefix, joinName, legalName } from './names.js';
import type { MappingReport } from './report.js';
import { SeriesState, seriesKey } from './series-state.js';
import { mapSum } from './sums.js';
import { type AttributeRecord, legalTags, type Tag, withConstantTags } from './tags.js';

export class MetricsMapper {
  readonly #options: MappingOptions;
  readonly #state: SeriesState;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#state = new SeriesState(options.maxSeries);
  }

  /** Writes every data point to the sink; what cannot be expressed goes to the report. Never throws. */
  map(batch: ResourceMetrics, sink: LineSink, report: MappingReport): void {
    const { dialect, prefix, resourceTags, tags } = this.#options;
    const resource: AttributeRecord = batch.resource.attributes;
    const filledPrefix = fillPrefix(
      prefix,
      (key) => attributeText(resource[key]),
      dialect.illegal.name,
      (key) =>
        report.warn(
          `prefix ${key}`,
          `the resource has no ${key}, so the prefix "${prefix}" is sent without that segment`,
        ),
    );
    const fromResource = Object.entries(resourceTags).map(([attribute, tag]) => [tag, resource[attribute]]);
    const constantTags = legalTags({ ...Object.fromEntries(fromResource), ...tags }, dialect);

    for (const { scope, metrics } of batch.scopeMetrics) {
      for (const metric of metrics) {
        const name = legalName(metric.descriptor.name, dialect.illegal.name);
        if (name === '') {
          for (const _ of metric.dataPoints) report.drop('empty_name', metric.descriptor.name);
          continue;
        }
        const fullName = joinName(filledPrefix, name);
        mapMetric(metric, {
          metric: metric.descriptor.name,
          unit: metric.descriptor.unit,
          options: this.#options,
          sink,
          report,
          state: this.#state,
          series: (attributes, suffix) =>
            seriesText(
              suffix === undefined ? fullName : `${fullName}.${suffix}`,
              pointTags(attributes, constantTags, dialect),
              dialect.tags,
            ),
          key: (attributes) =>
            seriesKey(`${scope.name}@${scope.version ?? ''}`, metric.descriptor.name, attributes),
        });
      }
    }
  }
}

function pointTags(attributes: AttributeRecord, constant: readonly Tag[], dialect: Dialect): readonly Tag[] {
  return withConstantTags(legalTags(attributes, dialect), constant);
}

function mapMetric(metric: MetricData, context: MetricContext): void {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return mapPoints(metric.dataPoints, (point) =>
        mapSum(point, metric.aggregationTemporality, metric.isMonotonic, context),
      );
    case DataPointType.GAUGE:
      return mapPoints(metric.dataPoints, (point) => mapGauge(point, context));
    case DataPointType.HISTOGRAM:
      return mapPoints(metric.dataPoints, (point) =>
        mapHistogram({ kind: 'explicit', ...point }, metric.aggregationTemporality, context),
      );
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return mapPoints(metric.dataPoints, (point) =>
        mapHistogram({ kind: 'exponential', ...point }, metric.aggregationTemporality, context),
      );
    default:
      // A kind of data that came into the SDK after this was written.
      context.report.drop('unsupported', context.metric);
  }
}

function mapPoints<T>(points: readonly DataPoint<T>[], mapPoint: (point: DataPoint<T>) => void): void {
  for (const point of points) mapPoint(point);
}

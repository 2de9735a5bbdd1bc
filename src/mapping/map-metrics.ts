// From what the SDK collected to lines: one walk over resource, scopes, metrics and data points.

import {
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { attributeText } from './attribute-text.js';
import type { MappingOptions, MetricContext } from './context.js';
import { mapGauge } from './gauges.js';
import { mapHistogram } from './histograms/map-histogram.js';
import { type LineSink, type SeriesText, seriesText } from './lines.js';
import { joinName, legalName } from './names.js';
import { Naming, type PointNaming } from './naming.js';
import type { MappingReport } from './report.js';
import { SeriesState, seriesKey } from './series-state.js';
import { mapSum } from './sums.js';
import { type AttributeRecord, legalTags, type Tag, withConstantTags } from './tags.js';
import { asSegment, fillTemplate, parseTemplate, type Template } from './templates.js';

export class MetricsMapper {
  readonly #options: MappingOptions;
  readonly #prefix: Template;
  readonly #naming: Naming;
  readonly #state: SeriesState;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#prefix = parseTemplate(options.prefix);
    this.#naming = new Naming(options.names);
    this.#state = new SeriesState(options.maxSeries);
  }

  /** Writes every data point to the sink; what cannot be expressed goes to the report. Never throws. */
  map(batch: ResourceMetrics, sink: LineSink, report: MappingReport): void {
    const resource: AttributeRecord = batch.resource.attributes;
    const prefix = this.#fillPrefix(resource, report);
    const constantTags = this.#constantTags(resource);
    for (const { scope, metrics } of batch.scopeMetrics) {
      for (const metric of metrics) {
        const { name, unit, description } = metric.descriptor;
        if (legalName(name, this.#options.dialect.illegal.name) === '') {
          for (const _ of metric.dataPoints) report.drop('empty_name', name);
          continue;
        }
        const naming = this.#naming.of({ name, unit, description, scope: scope.name }, resource, () =>
          report.warn(
            `naming ${name}`,
            `the naming function gave metric "${name}" no name; it keeps its own`,
          ),
        );
        mapMetric(metric, {
          metric: name,
          unit,
          options: this.#options,
          sink,
          report,
          state: this.#state,
          series: (attributes, suffix) =>
            this.#series(attributes, suffix, name, naming, prefix, constantTags),
          key: (attributes) => seriesKey(`${scope.name}@${scope.version ?? ''}`, name, attributes),
        });
      }
    }
  }

  #fillPrefix(resource: AttributeRecord, report: MappingReport): string {
    const { dialect, prefix } = this.#options;
    const filled = fillTemplate(
      this.#prefix,
      (key) => asSegment(attributeText(resource[key])),
      (key) =>
        report.warn(
          `prefix ${key}`,
          `the resource has no ${key}, so the prefix "${prefix}" is sent without that segment`,
        ),
    );
    return legalName(filled, dialect.illegal.name);
  }

  #constantTags(resource: AttributeRecord): readonly Tag[] {
    const { dialect, resourceTags, tags } = this.#options;
    const fromResource = Object.entries(resourceTags).map(([attribute, tag]) => [tag, resource[attribute]]);
    return legalTags({ ...Object.fromEntries(fromResource), ...tags }, dialect);
  }

  #series(
    attributes: AttributeRecord,
    suffix: string | undefined,
    metric: string,
    naming: PointNaming,
    prefix: string,
    constantTags: readonly Tag[],
  ): SeriesText {
    const { dialect } = this.#options;
    const point = naming(attributes);
    // A template of which every segment is missing leaves nothing but the metric's own name.
    const name = legalName(point.name, dialect.illegal.name) || legalName(metric, dialect.illegal.name);
    const fullName = joinName(prefix, suffix === undefined ? name : `${name}.${suffix}`);
    const tags = withConstantTags(legalTags(point.attributes, dialect), constantTags);
    return seriesText(fullName, tags, dialect.tags);
  }
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

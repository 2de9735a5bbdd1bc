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
import { checkLimits } from './limits.js';
import { type LineSink, type SeriesText, type Stamp, seriesText } from './lines.js';
import { joinName, legalName } from './names.js';
import { Naming, type PointNaming } from './naming.js';
import { type MappingReport, PointDropped } from './report.js';
import { metricKey, SeriesState, seriesKey } from './series-state.js';
import { stampOf } from './stamps.js';
import { mapSum } from './sums.js';
import { type AttributeRecord, legalConstantTags, legalTags, type Tag, withConstantTags } from './tags.js';
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
    this.#state.gaugesSent.beginExport();
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
        const identity = metricKey(scope, metric);
        let stamp: Stamp | undefined;
        const context: MetricContext = {
          metric: name,
          unit,
          options: this.#options,
          sink,
          report,
          state: this.#state,
          series: (attributes, suffix) =>
            this.#series(attributes, suffix, name, naming, prefix, constantTags, stamp),
          key: (attributes) => seriesKey(identity, attributes),
        };
        mapMetric(metric, context, (point) => {
          stamp = stampOf(point.endTime, this.#options);
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
    return legalConstantTags({ ...Object.fromEntries(fromResource), ...tags }, dialect);
  }

  #series(
    attributes: AttributeRecord,
    suffix: string | undefined,
    metric: string,
    naming: PointNaming,
    prefix: string,
    constantTags: readonly Tag[],
    stamp: Stamp | undefined,
  ): SeriesText {
    const { dialect } = this.#options;
    const point = naming(attributes);
    // A template of which every segment is missing leaves nothing but the metric's own name.
    const name = legalName(point.name, dialect.illegal.name) || legalName(metric, dialect.illegal.name);
    const fullName = joinName(prefix, suffix === undefined ? name : `${name}.${suffix}`);
    const tags = withConstantTags(legalTags(point.attributes, dialect), constantTags);
    const series = seriesText(fullName, tags, dialect, stamp);
    checkLimits(fullName, tags, series, dialect);
    return series;
  }
}

/** `begin` hears of each point before it is mapped. */
function mapMetric(
  metric: MetricData,
  context: MetricContext,
  begin: (point: DataPoint<unknown>) => void,
): void {
  const { aggregationTemporality: temporality } = metric;
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return mapPoints(metric.dataPoints, context, begin, (point) =>
        mapSum(point, temporality, metric.isMonotonic, context),
      );
    case DataPointType.GAUGE:
      return mapPoints(metric.dataPoints, context, begin, (point) => mapGauge(point, context));
    case DataPointType.HISTOGRAM:
      return mapPoints(metric.dataPoints, context, begin, (point) =>
        mapHistogram({ kind: 'explicit', ...point }, temporality, context),
      );
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return mapPoints(metric.dataPoints, context, begin, (point) =>
        mapHistogram({ kind: 'exponential', ...point }, temporality, context),
      );
    default:
      // A kind of data that came into the SDK after this was written.
      for (const _ of (metric as MetricData).dataPoints) context.report.drop('unsupported', context.metric);
  }
}

/** One point that cannot be read or sent does not keep the others from it. */
function mapPoints<T>(
  points: readonly DataPoint<T>[],
  { report, metric }: MetricContext,
  begin: (point: DataPoint<T>) => void,
  mapPoint: (point: DataPoint<T>) => void,
): void {
  for (const point of points) {
    try {
      begin(point);
      mapPoint(point);
    } catch (error) {
      report.drop(error instanceof PointDropped ? error.reason : 'unreadable', metric);
    }
  }
}

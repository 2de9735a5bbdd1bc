// From what the SDK collected to lines: one walk over resource, scopes, metrics and data points.

import type { DataPoint, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { FastPath } from './fast-path/fast-path.js';
import { HistogramScratch } from './histograms/scratch.js';
import { layoutSegment } from './layout.js';
import { checkLimits } from './lines/check-limits.js';
import type { LineSink } from './lines/line-sink.js';
import { type LineSyntax, lineSyntaxOf } from './lines/line-syntax.js';
import { type SeriesText, type Stamp, seriesText } from './lines/series-text.js';
import { stampOf } from './lines/timestamp.js';
import { fastPathKind, mapPoints } from './map-points.js';
import type { MetricContext } from './metric-context.js';
import { joinName, legalName } from './naming/legal-name.js';
import { Naming, type PointNaming } from './naming/naming-rules.js';
import { asSegment, fillTemplate, parseTemplate, type Template } from './naming/templates.js';
import { unitScale } from './numbers/unit-scale.js';
import { timeFactor } from './numbers/units.js';
import type { MappingOptions } from './options.js';
import type { MappingReport } from './report.js';
import { ExportNames } from './state/export-names.js';
import { metricKey, seriesKey } from './state/series-key.js';
import { SeriesState } from './state/series-state.js';
import { StepBudget } from './step-budget.js';
import { attributeText } from './tags/attribute-text.js';
import { PointTags } from './tags/point-tags.js';
import { type AttributeRecord, legalConstantTags, type Tag, withConstantTags } from './tags/tags.js';

export class MetricsMapper {
  readonly #options: MappingOptions;
  readonly #syntax: LineSyntax;
  readonly #prefix: Template;
  readonly #naming: Naming;
  readonly #state: SeriesState;
  readonly #fastPath: FastPath;
  readonly #scratch = new HistogramScratch();
  readonly #pointTags: PointTags;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#syntax = lineSyntaxOf(options.dialect);
    this.#pointTags = new PointTags(options.dialect);
    this.#prefix = parseTemplate(options.prefix);
    this.#naming = new Naming(options.names);
    this.#state = new SeriesState(options.maxSeries);
    this.#fastPath = new FastPath(options, this.#state.gaugeCollisions);
  }

  /** Writes every data point to the sink; what cannot be expressed goes to the report. Never throws. */
  map(batch: ResourceMetrics, sink: LineSink, report: MappingReport): void {
    for (const _ of this.steps(batch, sink, report));
  }

  /**
   * Like `map`, but yields after about ten microseconds of work, so that the caller can give up the event loop. One
   * batch must be done before the next is begun.
   */
  *steps(batch: ResourceMetrics, sink: LineSink, report: MappingReport): Generator<void, void> {
    const resource: AttributeRecord = batch.resource.attributes;
    const prefix = this.#fillPrefix(resource, report);
    const constantTags = this.#constantTags(resource);
    this.#state.gaugeCollisions.beginExport();
    this.#fastPath.beginExport(constantTags);
    const budget = new StepBudget();
    const names = yield* this.#namesOf(batch, prefix, budget);
    for (const { scope, metrics } of batch.scopeMetrics) {
      for (const metric of metrics) {
        const { name, unit, description } = metric.descriptor;
        const ownName = this.#ownNameOf(metric);
        if (ownName === '') {
          for (const _ of metric.dataPoints) report.drop('empty_name', name);
          continue;
        }
        const naming = this.#naming.of({ name, unit, description, scope: scope.name }, resource, () =>
          report.warn(
            `naming ${name}`,
            `the naming function gave metric "${name}" no name; it keeps its own`,
          ),
        );
        const place = this.#placeOf(metric, prefix);
        const scale = unitScale(timeFactor(unit, this.#options.timeUnit));
        let identity: string | undefined;
        let stamp: Stamp | undefined;
        /** A histogram can be several series of the same attributes. */
        let latest: PointSeries | undefined;
        const context: MetricContext = {
          metric: name,
          unit,
          scale,
          options: this.#options,
          syntax: this.#syntax,
          sink,
          report,
          state: this.#state,
          scratch: this.#scratch,
          series: (attributes, suffix) => {
            if (latest?.attributes !== attributes) {
              latest = this.#pointSeries(attributes, ownName, naming, constantTags);
            }
            return this.#series(latest, suffix, place, stamp);
          },
          key: (attributes) => {
            identity ??= metricKey(scope, metric);
            return seriesKey(identity, attributes);
          },
        };
        const begin = (point: DataPoint<unknown>): void => {
          stamp = stampOf(point.endTime, this.#options);
          latest = undefined;
        };
        const isAsRecorded = scale.factor === 1 && !this.#naming.hasRule(name);
        const kind = isAsRecorded ? fastPathKind(metric) : undefined;
        const fullName = joinName(place, ownName);
        const isFast =
          kind !== undefined &&
          this.#fastPath.beginMetric(
            fullName,
            metric,
            kind,
            kind === 'gauge' && names.isUnique(fullName),
            sink,
          );
        yield* mapPoints(metric, context, begin, isFast ? this.#fastPath : undefined, budget);
      }
    }
    this.#fastPath.endExport();
  }

  /** The names of all metrics as the server gets them. */
  *#namesOf(
    { scopeMetrics }: ResourceMetrics,
    prefix: string,
    budget: StepBudget,
  ): Generator<void, ExportNames> {
    const names = new ExportNames(this.#options.dialect);
    for (const { metrics } of scopeMetrics) {
      for (const metric of metrics) {
        if (this.#naming.hasRule(metric.descriptor.name)) names.addUnknown();
        else names.add(joinName(this.#placeOf(metric, prefix), this.#ownNameOf(metric)));
        if (budget.consume(1)) yield;
      }
    }
    return names;
  }

  #ownNameOf({ descriptor }: MetricData): string {
    return legalName(descriptor.name, this.#options.dialect.illegal.name);
  }

  /** What stands before the names of a metric. */
  #placeOf(metric: MetricData, prefix: string): string {
    return this.#options.layout === 'sprockets' ? joinName(prefix, layoutSegment(metric)) : prefix;
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

  #pointSeries(
    attributes: AttributeRecord,
    ownName: string,
    naming: PointNaming,
    constantTags: readonly Tag[],
  ): PointSeries {
    const point = naming(attributes);
    return {
      attributes,
      // A template of which every segment is missing leaves nothing but the metric's own name.
      name:
        (point.name !== undefined && legalName(point.name, this.#options.dialect.illegal.name)) || ownName,
      tags: withConstantTags(this.#pointTags.of(point.attributes), constantTags),
    };
  }

  #series(
    { name, tags }: PointSeries,
    suffix: string | undefined,
    place: string,
    stamp: Stamp | undefined,
  ): SeriesText {
    const { dialect, fields } = this.#options;
    const fullName = joinName(place, suffix === undefined ? name : `${name}.${suffix}`);
    const series = seriesText(fullName, tags, dialect, stamp, fields);
    checkLimits(fullName, tags, series, dialect);
    return series;
  }
}

/** What all series of a point have in common. */
interface PointSeries {
  /** As the point has them. */
  readonly attributes: AttributeRecord;
  readonly name: string;
  readonly tags: readonly Tag[];
}

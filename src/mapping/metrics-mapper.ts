// Maps an export to lines: one walk over resource, scopes, metrics and data points.

import {
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { AttributeFilter, compileAttributeRules } from './attributes/attribute-filter.js';
import { mergeSeries } from './attributes/merge-series.js';
import { FastPath } from './fast-path/fast-path.js';
import { HistogramScratch } from './histograms/scratch.js';
import type { LineSink } from './lines/line-sink.js';
import { type LineSyntax, lineSyntaxOf } from './lines/line-syntax.js';
import type { SeriesText, Stamp } from './lines/series-text.js';
import { stampOf } from './lines/timestamp.js';
import { wholeSeriesText } from './lines/whole-series.js';
import { fastPathKind, mapPoints } from './map-points.js';
import type { MetricContext } from './metric-context.js';
import { joinName, LegalNames, legalName } from './naming/legal-name.js';
import { type MetricType, metricTypeOf } from './naming/metric-type.js';
import type { NameTable } from './naming/name-table.js';
import { type MetricNaming, Naming, type PointName } from './naming/naming-rules.js';
import { asSegment, fillTemplate, parseTemplate, type Template } from './naming/templates.js';
import { unitScale } from './numbers/unit-scale.js';
import { timeFactor } from './numbers/units.js';
import type { MappingOptions } from './options.js';
import type { SetOptions } from './points/map-set-member.js';
import type { MappingReport } from './report.js';
import { SetTable } from './sets.js';
import { ExportNames } from './state/export-names.js';
import { metricKey, type Scope, seriesKey } from './state/series-key.js';
import { SeriesState } from './state/series-state.js';
import { StepBudget } from './step-budget.js';
import { attributeText } from './tags/attribute-text.js';
import { constantTagsOf } from './tags/constant-tags.js';
import { PointTags } from './tags/point-tags.js';
import { shortenSegments, shortenTags } from './tags/shorten-tags.js';
import { type AttributeRecord, type Tag, withConstantTags } from './tags/tags.js';

/** Comparing the series of a point takes some ten nanoseconds, a name some hundred. */
const LARGE_GAUGE_POINTS = 64;

export class MetricsMapper {
  readonly #options: MappingOptions;
  readonly #syntax: LineSyntax;
  readonly #prefix: Template;
  readonly #naming: Naming;
  readonly #attributes: NameTable<AttributeFilter>;
  readonly #sets: SetTable;
  readonly #state: SeriesState;
  readonly #fastPath: FastPath;
  readonly #scratch = new HistogramScratch();
  readonly #pointTags: PointTags;
  readonly #legalNames: LegalNames;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#syntax = lineSyntaxOf(options.dialect);
    this.#pointTags = new PointTags(options.dialect);
    this.#legalNames = new LegalNames(options.dialect.illegal.name);
    this.#prefix = parseTemplate(options.prefix);
    this.#naming = new Naming(options.names);
    this.#attributes = compileAttributeRules(options.attributes);
    this.#sets = new SetTable(options.sets);
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
    const constantTags = this.#constantTags(resource, report);
    this.#state.gaugeCollisions.beginExport();
    this.#fastPath.beginExport(constantTags);
    const budget = new StepBudget();
    const prefixes = this.#prefixes(resource, report);
    const run: Run = {
      resource,
      constantTags,
      prefixes,
      names: yield* this.#namesOf(batch, prefixes, budget),
      sink,
      report,
      budget,
    };
    for (const { scope, metrics } of batch.scopeMetrics) {
      for (const metric of metrics) yield* this.#mapMetric(scope, metric, run);
    }
    this.#fastPath.endExport();
  }

  /**
   * The names of all metrics as the server gets them, as far as they are known before their points. Undefined without a
   * gauge that has so many points that knowing the names is cheaper than comparing its series with those of all others.
   */
  *#namesOf(
    { scopeMetrics }: ResourceMetrics,
    prefixes: Run['prefixes'],
    budget: StepBudget,
  ): Generator<void, ExportNames | undefined> {
    const isWorthwhile = scopeMetrics.some(({ metrics }) => metrics.some(isLargeGauge));
    if (!isWorthwhile) return undefined;
    const names = new ExportNames(this.#options.dialect);
    for (const { metrics } of scopeMetrics) {
      for (const metric of metrics) {
        const type = metricTypeOf(metric);
        const base = this.#naming.baseOf(metric.descriptor.name, type);
        const name = base === undefined ? '' : this.#legalNames.of(base);
        const isContinued = fastPathKind(metric) === undefined || base !== metric.descriptor.name;
        if (name === '') names.addUnknown();
        else names.add(joinName(prefixes[type], name), isContinued);
        if (budget.consume(1)) yield;
      }
    }
    return names;
  }

  *#mapMetric(scope: Scope, collected: MetricData, run: Run): Generator<void, void> {
    const { budget, report, resource, sink } = run;
    const constantTags = this.#options.scopeTags
      ? this.#constantTags(resource, report, scope)
      : run.constantTags;
    const { name, unit, description } = collected.descriptor;
    const ownName = this.#legalNames.of(name);
    if (ownName === '') {
      for (const _ of collected.dataPoints) report.drop('empty_name', name);
      return;
    }
    let identity: string | undefined;
    const keyOf = (): string => {
      identity ??= metricKey(scope, collected);
      return identity;
    };
    const member = this.#memberOf(collected);
    const filter = this.#filterOf(name, member);
    const set = member === undefined ? undefined : this.#setOf(name, member, report);
    const metric =
      filter === undefined
        ? collected
        : yield* mergeSeries(collected, filter, { key: keyOf(), state: this.#state, report, budget });
    const type = metricTypeOf(metric);
    const prefix = run.prefixes[type];
    const naming = this.#naming.of({ name, unit, description, scope: scope.name }, type, resource, () =>
      report.warn(`naming ${name}`, `the naming function gave metric "${name}" no name; it keeps its own`),
    );
    const scale = unitScale(timeFactor(unit, this.#options.timeUnit));
    const onShortened = (): void =>
      report.warn(
        `shortened ${name}`,
        `metric "${name}" has attributes longer than the server reads whole; they are sent shortened`,
      );
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
          latest = this.#pointSeries(attributes, ownName, naming, constantTags, onShortened);
        }
        return this.#series(latest, suffix, prefix, stamp, onShortened);
      },
      key: (attributes) => seriesKey(keyOf(), attributes),
    };
    const begin = (point: DataPoint<unknown>): void => {
      stamp = stampOf(point.endTime, this.#options);
      latest = undefined;
    };
    const constantName = naming.isConstant
      ? this.#legalName(naming.nameOf({}), ownName, onShortened)
      : undefined;
    const isPlain = scale.factor === 1 && set === undefined && !this.#options.scopeTags;
    const kind = constantName !== undefined && isPlain ? fastPathKind(metric) : undefined;
    const fullName = joinName(prefix, constantName ?? ownName);
    const isUnique = kind === 'gauge' && run.names?.isUnique(fullName) === true;
    const isFast = kind !== undefined && this.#fastPath.beginMetric(fullName, metric, kind, isUnique, sink);
    yield* mapPoints(metric, context, begin, isFast ? this.#fastPath : undefined, budget, set);
  }

  /** The attribute whose distinct values are counted; only a counter can be a set. */
  #memberOf(metric: MetricData): string | undefined {
    const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
    return isCounter ? this.#sets.attributeOf(metric.descriptor) : undefined;
  }

  /** Undefined where the server has no sets, which is reported. */
  #setOf(metric: string, attribute: string, report: MappingReport): SetOptions | undefined {
    const { name, sets: rules } = this.#options.dialect;
    if (rules !== undefined) return { attribute, rules };
    report.warn(
      `set ${metric}`,
      `metric "${metric}": ${name} has no sets; the counter is sent without the attribute ${attribute}`,
    );
    return undefined;
  }

  /** The member of a set stays an attribute, except where the server has no sets. */
  #filterOf(metric: string, member: string | undefined): AttributeFilter | undefined {
    const filter = this.#attributes.find(metric) ?? this.#naming.filterOf(metric);
    if (member === undefined) return filter;
    const stays = this.#options.dialect.sets !== undefined;
    if (filter !== undefined) return filter.with(member, stays);
    return stays ? undefined : new AttributeFilter({ except: [member] });
  }

  #prefixes(resource: AttributeRecord, report: MappingReport): Run['prefixes'] {
    const counters = this.#fillPrefix('counters', resource, report);
    if (!this.#prefix.keys.has('type')) return { counters, gauges: counters, timers: counters };
    return {
      counters,
      gauges: this.#fillPrefix('gauges', resource, report),
      timers: this.#fillPrefix('timers', resource, report),
    };
  }

  #fillPrefix(type: MetricType, resource: AttributeRecord, report: MappingReport): string {
    const { dialect, prefix } = this.#options;
    const filled = fillTemplate(
      this.#prefix,
      (key) => (key === 'type' ? type : asSegment(attributeText(resource[key]))),
      (key) =>
        report.warn(
          `prefix ${key}`,
          `the resource has no ${key}, so the prefix "${prefix}" is sent without that segment`,
        ),
    );
    return legalName(filled, dialect.illegal.name);
  }

  #constantTags(resource: AttributeRecord, report: MappingReport, scope?: Scope): readonly Tag[] {
    const scopeTags: Record<string, string> = scope === undefined ? {} : { 'otel.scope.name': scope.name };
    return constantTagsOf(this.#options, resource, scopeTags, report);
  }

  #pointSeries(
    attributes: AttributeRecord,
    ownName: string,
    naming: MetricNaming,
    constantTags: readonly Tag[],
    onShortened: () => void,
  ): PointSeries {
    const { dialect } = this.#options;
    const point = naming.nameOf(attributes);
    const legal = this.#pointTags.of(point.attributes);
    const whole = shortenTags(legal, dialect);
    if (whole !== legal) onShortened();
    return {
      attributes,
      name: this.#legalName(point, ownName, onShortened),
      tags: withConstantTags(whole, constantTags),
    };
  }

  /** A template of which every segment is missing leaves the metric its own name. */
  #legalName({ name }: PointName, ownName: string, onShortened: () => void): string {
    const legal = (name !== undefined && this.#legalNames.of(name)) || ownName;
    if (this.#syntax.tagPlace !== 'folded') return legal;
    const whole = shortenSegments(legal);
    if (whole !== legal) onShortened();
    return whole;
  }

  #series(
    { name, tags }: PointSeries,
    suffix: string | undefined,
    prefix: string,
    stamp: Stamp | undefined,
    onShortened: () => void,
  ): SeriesText {
    const { dialect, fields } = this.#options;
    const fullName = joinName(prefix, suffix === undefined ? name : `${name}.${suffix}`);
    return wholeSeriesText(fullName, tags, dialect, { stamp, fields, onShortened });
  }
}

function isLargeGauge(metric: MetricData): boolean {
  return metric.dataPoints.length > LARGE_GAUGE_POINTS && fastPathKind(metric) === 'gauge';
}

/** One export in progress. */
interface Run {
  readonly resource: AttributeRecord;
  readonly constantTags: readonly Tag[];
  readonly prefixes: Readonly<Record<MetricType, string>>;
  readonly names: ExportNames | undefined;
  readonly sink: LineSink;
  readonly report: MappingReport;
  readonly budget: StepBudget;
}

/** What all series of a point have in common. */
interface PointSeries {
  /** As the point has them. */
  readonly attributes: AttributeRecord;
  readonly name: string;
  readonly tags: readonly Tag[];
}

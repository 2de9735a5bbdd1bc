// Maps an export to lines: one walk over resource, scopes, metrics and data points.

import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AttributeFilter, compileAttributeRules } from './attributes/attribute-filter.js';
import { mergeSeries } from './attributes/merge-series.js';
import { FastPath } from './fast-path/fast-path.js';
import { HistogramScratch } from './histograms/scratch.js';
import type { LineSink } from './lines/line-sink.js';
import { type LineSyntax, lineSyntaxOf } from './lines/line-syntax.js';
import { type MetricSeries, type PointSeries, SeriesRenderer } from './lines/series-renderer.js';
import type { Stamp } from './lines/series-text.js';
import { stampOf } from './lines/timestamp.js';
import { fastPathKind, mapPoints, type SlowPath } from './map-points.js';
import type { MetricContext } from './metric-context.js';
import { joinName, LegalNames } from './naming/legal-name.js';
import { metricTypeOf } from './naming/metric-type.js';
import type { NameTable } from './naming/name-table.js';
import { Naming } from './naming/naming-rules.js';
import { type Prefixes, PrefixTemplate } from './naming/prefixes.js';
import { unitScale } from './numbers/unit-scale.js';
import { timeFactor } from './numbers/units.js';
import type { MappingOptions } from './options.js';
import type { SetOptions } from './points/map-set-member.js';
import type { MappingReport } from './report.js';
import { SetTable } from './sets.js';
import { ExportNames } from './state/export-names.js';
import { MetricCollisions } from './state/metric-collisions.js';
import { metricKey, type Scope, seriesKey } from './state/series-key.js';
import { SeriesState } from './state/series-state.js';
import { StepBudget } from './step-budget.js';
import { constantTagsOf } from './tags/constant-tags.js';
import type { AttributeRecord, Tag } from './tags/tags.js';

/** Comparing takes some 30 ns for each point of a gauge; knowing the names takes some 500 ns for each metric of the export. */
const LARGE_GAUGE_POINTS = 64;

export class MetricsMapper {
  readonly #options: MappingOptions;
  readonly #syntax: LineSyntax;
  readonly #prefix: PrefixTemplate;
  readonly #naming: Naming;
  readonly #attributes: NameTable<AttributeFilter>;
  readonly #sets: SetTable;
  readonly #state: SeriesState;
  readonly #fastPath: FastPath;
  readonly #scratch = new HistogramScratch();
  readonly #renderer: SeriesRenderer;
  readonly #legalNames: LegalNames;
  readonly #metricCollisions: MetricCollisions;
  /** Descriptors of metrics whose names have been compared. */
  readonly #compared = new WeakSet<object>();

  /** `now`: milliseconds, by which the fast path finds out which of two ways takes less time. */
  constructor(options: MappingOptions, now: () => number) {
    this.#options = options;
    this.#syntax = lineSyntaxOf(options.dialect);
    this.#legalNames = new LegalNames(options.dialect.illegal.name);
    this.#renderer = new SeriesRenderer(options.dialect, options.fields, this.#legalNames);
    this.#prefix = new PrefixTemplate(options.prefix, options.dialect.illegal.name);
    this.#naming = new Naming(options.names);
    this.#attributes = compileAttributeRules(options.attributes);
    this.#sets = new SetTable(options.sets);
    this.#state = new SeriesState(options.maxSeries);
    this.#metricCollisions = new MetricCollisions(options);
    this.#fastPath = new FastPath(options, this.#state.gaugeCollisions, now);
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
    this.#state.beginExport();
    this.#fastPath.beginExport();
    const budget = new StepBudget();
    const prefixes = this.#prefix.fill(resource, report);
    const run: Run = {
      resource,
      prefixes,
      names: yield* this.#namesOf(batch, prefixes, budget),
      sink,
      report,
      budget,
    };
    const constantTags = this.#constantTags(resource, report);
    for (const { scope, metrics } of batch.scopeMetrics) {
      const ofScope = this.#options.scopeTags ? this.#constantTags(resource, report, scope) : constantTags;
      this.#fastPath.beginScope(ofScope);
      for (const metric of metrics) yield* this.#mapMetric(scope, ofScope, metric, run);
    }
    this.#fastPath.endExport();
  }

  /**
   * The names of all metrics as the server gets them, as far as they are known before their points. Undefined without a
   * gauge that has so many points that knowing the names is cheaper than comparing its series with those of all others.
   */
  *#namesOf(
    { scopeMetrics }: ResourceMetrics,
    prefixes: Prefixes,
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
        else names.add(joinName(prefixes[type], name, this.#options.dialect), isContinued);
        if (budget.consume(1)) yield;
      }
    }
    return names;
  }

  *#mapMetric(
    scope: Scope,
    constantTags: readonly Tag[],
    collected: MetricData,
    run: Run,
  ): Generator<void, void> {
    const { budget, report, resource, sink } = run;
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
    const naming = this.#naming.of({ name, unit, description, scope: scope.name }, type, resource, () =>
      report.warn(`naming ${name}`, `the naming function gave metric "${name}" no name; it keeps its own`),
    );
    const scale = unitScale(timeFactor(unit, this.#options.timeUnit));
    const series: MetricSeries = {
      ownName,
      prefix: run.prefixes[type],
      naming,
      constantTags,
      onShortened: () =>
        report.warn(
          `shortened ${name}`,
          `metric "${name}" has attributes longer than the server reads whole; they are sent shortened`,
        ),
    };
    const constantName = naming.isConstant ? this.#renderer.legalName(naming.nameOf({}), series) : undefined;
    const fullName = joinName(series.prefix, constantName ?? ownName, this.#options.dialect);
    const lines =
      type === 'timers' && constantName !== undefined
        ? this.#fastPath.histogramLines(fullName, metric, sink)
        : undefined;
    let slowPath: SlowPath | undefined;
    const slowly = (): SlowPath => {
      slowPath ??= this.#slowPath({ metric: name, unit, scale, lines, sink, report }, series, keyOf);
      return slowPath;
    };
    const kind = constantName !== undefined && set === undefined ? fastPathKind(metric) : undefined;
    if (constantName !== undefined && !this.#compared.has(collected.descriptor)) {
      this.#compared.add(collected.descriptor);
      const named = { name, scope: scope.name, unit, type, fullName, isSet: set !== undefined };
      this.#metricCollisions.note(named, report);
    }
    const isUnique = kind === 'gauge' && run.names?.isUnique(fullName) === true;
    const isFast =
      kind !== undefined && this.#fastPath.beginMetric(fullName, metric, kind, isUnique, scale, sink);
    yield* mapPoints(metric, slowly, isFast ? this.#fastPath : undefined, budget, set);
  }

  #slowPath(
    parts: Pick<MetricContext, 'metric' | 'unit' | 'scale' | 'lines' | 'sink' | 'report'>,
    series: MetricSeries,
    keyOf: () => string,
  ): SlowPath {
    const renderer = this.#renderer;
    let stamp: Stamp | undefined;
    let latest: PointSeries | undefined;
    const pointSeries = (attributes: AttributeRecord): PointSeries => {
      if (latest?.attributes !== attributes) latest = renderer.pointSeries(attributes, series);
      return latest;
    };
    return {
      context: {
        ...parts,
        options: this.#options,
        syntax: this.#syntax,
        state: this.#state,
        scratch: this.#scratch,
        series: (attributes, suffix) => renderer.text(pointSeries(attributes), suffix, series, stamp),
        bucketSeries: (attributes, le) => {
          const bucket = renderer.bucketSeries(pointSeries(attributes), le, series);
          return renderer.text(bucket, 'bucket', series, stamp);
        },
        key: (attributes) => seriesKey(keyOf(), attributes),
      },
      begin: (point) => {
        stamp = stampOf(point.endTime, this.#options);
        latest = undefined;
      },
    };
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

  #constantTags(resource: AttributeRecord, report: MappingReport, scope?: Scope): readonly Tag[] {
    const scopeTags: Record<string, string> = scope === undefined ? {} : { 'otel.scope.name': scope.name };
    return constantTagsOf(this.#options, resource, scopeTags, report);
  }
}

function isLargeGauge(metric: MetricData): boolean {
  return metric.dataPoints.length > LARGE_GAUGE_POINTS && fastPathKind(metric) === 'gauge';
}

/** One export in progress. */
interface Run {
  readonly resource: AttributeRecord;
  readonly prefixes: Prefixes;
  readonly names: ExportNames | undefined;
  readonly sink: LineSink;
  readonly report: MappingReport;
  readonly budget: StepBudget;
}

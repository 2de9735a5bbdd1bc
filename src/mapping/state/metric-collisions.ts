// Detects metrics that the server does not tell apart by their names: different types or units under one name, or a
// name that is made of another metric's. Each metric is looked at once, when it is first exported.

import type { DerivedNames } from '../dialects/dialect.js';
import { foldName } from '../lines/series-text.js';
import type { MetricType } from '../naming/metric-type.js';
import { isTimeUnit, timeFactor } from '../numbers/units.js';
import type { MappingOptions } from '../options.js';
import type { MappingReport } from '../report.js';

/** Bounds the memory to some megabytes. Beyond it, nothing new is detected. */
const MAX_METRICS = 10_000;

/** Of one name; enough to name a pair. */
const MAX_CLAIMS = 4;

export interface NamedMetric {
  /** As the app gave it. */
  readonly name: string;
  readonly scope: string;
  readonly unit: string;
  readonly type: MetricType;
  /** With its prefix, as lines have it. */
  readonly fullName: string;
  /** True for a counter whose distinct values are counted. */
  readonly isSet: boolean;
}

type ClaimKind = 'counter' | 'gauge' | 'samples' | 'set';

/** A name that a metric takes on the server. */
interface Claim {
  readonly metric: NamedMetric;
  readonly kind: ClaimKind;
  /** Of the lines; empty where they have none. */
  readonly type: string;
  /** What comes after the name of the metric. */
  readonly suffix: string;
  /** Empty for numbers of something. */
  readonly unit: string;
}

type Options = Pick<MappingOptions, 'dialect' | 'histograms' | 'timeUnit'>;
type Report = Pick<MappingReport, 'warn'>;

export class MetricCollisions {
  readonly #options: Options;
  readonly #known = new Set<string>();
  /** By the name on the server. */
  readonly #claims = new Map<string, Claim[]>();
  /** Of each rule for derived names: claims of derived names, by the name that these are derived from. */
  readonly #derived: ReadonlyMap<DerivedNames, Map<string, Claim[]>>;

  constructor(options: Options) {
    this.#options = options;
    const rules = options.dialect.nameCollisions.derivedNames ?? [];
    this.#derived = new Map(rules.map((rule) => [rule, new Map()]));
  }

  /** Warns of the metrics, noted before, that become one with this metric. A metric that is known is not looked at. */
  note(metric: NamedMetric, report: Report): void {
    const { fullName, name, scope, type, unit } = metric;
    const identity = JSON.stringify([scope, name, unit, type, fullName]);
    if (this.#known.size >= MAX_METRICS || this.#known.has(identity)) return;
    this.#known.add(identity);
    const { nameCollisions } = this.#options.dialect;
    for (const claim of claimsOf(metric, this.#options)) {
      const shown = foldName(`${fullName}${claim.suffix}`, nameCollisions);
      for (const other of this.#claims.get(shown) ?? []) {
        warn(other, claim, shown, this.#effectOf(other, claim), report);
      }
      this.#noteDerived(claim, shown, report);
      addTo(this.#claims, shown, claim);
    }
  }

  /** Compares with the names that the server derives, and the names that it derives from this claim's. */
  #noteDerived(claim: Claim, shown: string, report: Report): void {
    for (const [rule, derived] of this.#derived) {
      if (includes(rule.from, claim.type)) {
        for (const other of derived.get(shown) ?? []) {
          if (!isOwn(other, claim)) warn(other, claim, this.#shownOf(other), rule.effect, report);
        }
      }
      const base = includes(rule.with, claim.type) ? rule.pattern.exec(shown)?.[1] : undefined;
      if (base === undefined) continue;
      for (const other of this.#claims.get(base) ?? []) {
        if (includes(rule.from, other.type) && !isOwn(other, claim)) {
          warn(other, claim, shown, rule.effect, report);
        }
      }
      addTo(derived, base, claim);
    }
  }

  #shownOf({ metric, suffix }: Claim): string {
    return foldName(`${metric.fullName}${suffix}`, this.#options.dialect.nameCollisions);
  }

  /** What the server does with two claims of one name; undefined where it is right. */
  #effectOf(one: Claim, other: Claim): string | undefined {
    if (one.kind !== other.kind) {
      const rules = this.#options.dialect.nameCollisions.betweenTypes ?? [];
      return rules.find(
        ({ types }) => types === undefined || [one, other].every(({ type }) => includes(types, type)),
      )?.effect;
    }
    // Gauges are compared series by series (GaugeCollisionDetector).
    if (one.kind === 'gauge') return undefined;
    if (one.unit === other.unit && one.suffix === other.suffix) return undefined;
    return one.kind === 'samples' ? 'their values are mixed' : 'their values are added up';
  }
}

function warn(one: Claim, other: Claim, shown: string, effect: string | undefined, report: Report): void {
  if (effect === undefined) return;
  report.warn(
    `name ${identify(one.metric)} ${identify(other.metric)}`,
    `${describe(one.metric)} and ${describe(other.metric)} have one name on the server, ${shown}: ${effect}; ` +
      'rename one of them (option `names`)',
  );
}

/** What a metric is sent as beside its samples, such as `<name>.sum`: for the same metric of another scope, too. */
function isOwn({ metric: one }: Claim, { metric: other }: Claim): boolean {
  return one.type === other.type && one.fullName === other.fullName;
}

function addTo(claims: Map<string, Claim[]>, name: string, claim: Claim): void {
  const known = claims.get(name);
  if (known === undefined) claims.set(name, [claim]);
  else if (known.length < MAX_CLAIMS) known.push(claim);
}

function includes(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

function claimsOf(metric: NamedMetric, { dialect, histograms, timeUnit }: Options): Claim[] {
  const { types } = dialect;
  const claim = (kind: ClaimKind, type: string, suffix: string, unit: string): Claim => ({
    metric,
    kind,
    type,
    suffix,
    unit,
  });
  const counter = (suffix: string, unit: string): Claim => claim('counter', types.counter, suffix, unit);
  const gauge = (suffix: string, unit: string): Claim => claim('gauge', types.gauge, suffix, unit);
  const unit = unitOf(metric.unit, timeUnit === 'instrument');
  if (metric.isSet) return [claim('set', 's', '', '')];
  if (metric.type === 'counters') return [counter('', unit)];
  if (metric.type === 'gauges') return [gauge('', unit)];
  if (histograms.mode === 'buckets') {
    return [counter('.bucket', ''), counter('.count', ''), counter('.sum', unit)];
  }
  if (histograms.mode === 'summary') {
    return [counter('.count', ''), counter('.sum', unit), gauge('.min', unit), gauge('.max', unit)];
  }
  const type = types[isTimeUnit(metric.unit) ? 'timer' : 'histogram'];
  const samplesUnit = unitOf(metric.unit, type !== 'ms' && timeUnit === 'instrument');
  const claims = [claim('samples', type, '', samplesUnit)];
  if (dialect.samples.rate === 'weighted') return claims;
  if (histograms.exactSum) claims.push(counter('.sum', unit));
  if (histograms.exactMax) claims.push(claim('samples', type, '.max', samplesUnit));
  return claims;
}

/** Equal for units in which values are sent alike. */
function unitOf(unit: string, isKept: boolean): string {
  if (isTimeUnit(unit)) return isKept ? `time ${timeFactor(unit, 'ms')}` : 'time';
  return unit === '1' || /^\{.*\}$/.test(unit) ? '' : unit;
}

function identify({ name, scope, unit, type }: NamedMetric): string {
  return JSON.stringify([scope, name, unit, type]);
}

const TYPE_TEXT: Readonly<Record<MetricType, string>> = {
  counters: 'counter',
  gauges: 'gauge',
  timers: 'histogram',
};

function describe({ name, scope, unit, type }: NamedMetric): string {
  return `${TYPE_TEXT[type]} "${name}" (scope "${scope}", unit "${unit}")`;
}

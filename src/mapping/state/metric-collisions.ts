// Detects metrics that the server does not tell apart by their names: different types or units under one name, or a
// name that is made of another metric's. Each metric is looked at once, when it is first exported.

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
}

/** `derived`: the server itself reports something under this name. */
type ClaimKind = 'counter' | 'gauge' | 'samples' | 'derived';

/** A name that a metric takes on the server. */
interface Claim {
  readonly metric: NamedMetric;
  readonly kind: ClaimKind;
  /** What comes after the name of the metric. */
  readonly suffix: string;
  /** Empty for numbers of something. */
  readonly unit: string;
}

type Options = Pick<MappingOptions, 'dialect' | 'histograms' | 'timeUnit'>;

export class MetricCollisions {
  readonly #options: Options;
  readonly #known = new Set<string>();
  readonly #claims = new Map<string, Claim[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Warns of the metrics, noted before, that become one with this metric. A metric that is known is not looked at. */
  note(metric: NamedMetric, report: Pick<MappingReport, 'warn'>): void {
    const { fullName, name, scope, type, unit } = metric;
    const identity = JSON.stringify([scope, name, unit, type, fullName]);
    if (this.#known.size >= MAX_METRICS || this.#known.has(identity)) return;
    this.#known.add(identity);
    const { nameCollisions } = this.#options.dialect;
    for (const claim of claimsOf(metric, this.#options)) {
      const shown = foldName(`${fullName}${claim.suffix}`, nameCollisions);
      const claims = this.#claims.get(shown);
      if (claims === undefined) {
        this.#claims.set(shown, [claim]);
        continue;
      }
      for (const other of claims) this.#compare(other, claim, shown, report);
      if (claims.length < MAX_CLAIMS) claims.push(claim);
    }
  }

  #compare(other: Claim, claim: Claim, shown: string, report: Pick<MappingReport, 'warn'>): void {
    const effect = this.#effectOf(other, claim);
    if (effect === undefined) return;
    report.warn(
      `name ${identify(other.metric)} ${identify(claim.metric)}`,
      `${describe(other.metric)} and ${describe(claim.metric)} have one name on the server, ${shown}: ${effect}; ` +
        'rename one of them (option `names`)',
    );
  }

  /** What the server does; undefined where it is right. */
  #effectOf(one: Claim, other: Claim): string | undefined {
    if (one.kind !== other.kind) return this.#options.dialect.nameCollisions.betweenTypes?.effect;
    // Gauges are compared series by series (GaugeCollisionDetector).
    if (one.kind === 'gauge' || one.kind === 'derived') return undefined;
    if (one.unit === other.unit && one.suffix === other.suffix) return undefined;
    return one.kind === 'counter' ? 'their values are added up' : 'their values are mixed';
  }
}

function claimsOf(metric: NamedMetric, { dialect, histograms, timeUnit }: Options): Claim[] {
  const claim = (kind: ClaimKind, suffix: string, unit: string): Claim => ({ metric, kind, suffix, unit });
  const unit = unitOf(metric.unit, timeUnit === 'instrument');
  if (metric.type === 'counters') return [claim('counter', '', unit)];
  if (metric.type === 'gauges') return [claim('gauge', '', unit)];
  if (histograms.mode === 'buckets') {
    return [claim('counter', '.bucket', ''), claim('counter', '.count', ''), claim('counter', '.sum', unit)];
  }
  if (histograms.mode === 'summary') {
    return [
      claim('counter', '.count', ''),
      claim('counter', '.sum', unit),
      claim('gauge', '.min', unit),
      claim('gauge', '.max', unit),
    ];
  }
  const type = dialect.types[isTimeUnit(metric.unit) ? 'timer' : 'histogram'];
  const samplesUnit = unitOf(metric.unit, type !== 'ms' && timeUnit === 'instrument');
  const claims = [claim('samples', '', samplesUnit)];
  for (const suffix of dialect.nameCollisions.betweenTypes?.samples ?? []) {
    claims.push(claim('derived', suffix, ''));
  }
  if (dialect.samples.rate === 'weighted') return claims;
  if (histograms.exactSum) claims.push(claim('counter', '.sum', unit));
  if (histograms.exactMax) claims.push(claim('samples', '.max', samplesUnit));
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

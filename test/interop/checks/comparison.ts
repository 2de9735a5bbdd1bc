// One run of the app against what a server reports of it.
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialectOf } from '../../../src/mapping/dialects/index.js';
import { legalTags } from '../../../src/mapping/tags/tags.js';
import type { Report, TimerFigures } from '../harness/server.js';
import { optionsFor, type Run } from '../truth/app.js';
import type { TrueMetrics } from '../truth/ledger.js';

export type Values = Readonly<Record<string, number>>;

export class Comparison {
  readonly run: Run;
  readonly report: Report;
  readonly dialect: Dialect;
  /** Histograms are sent as counters and gauges. */
  readonly summarises: boolean;

  constructor(run: Run, report: Report) {
    this.run = run;
    this.report = report;
    const { dialect = run.server.dialect, histograms } = optionsFor(run.server);
    this.dialect = dialectOf(dialect);
    const mode = typeof histograms === 'string' ? histograms : histograms?.mode;
    this.summarises = (mode ?? this.dialect.histograms) === 'summary';
  }

  get keeps() {
    return this.run.server.keeps;
  }

  /** The text of one of the app's series in a report. */
  series(metric: string, attributes: Readonly<Record<string, unknown>> = {}): string {
    return this.run.server.series(`${this.run.prefix}.${metric}`, legalTags(attributes, this.dialect));
  }

  /** Everything in a report that carries the metric's name, whatever else is in it. */
  reported<Value>(all: Readonly<Record<string, Value>>, metric: string): Record<string, Value> {
    const name = this.series(metric);
    const belongs = (key: string) => key.startsWith(name) && !/^[a-z0-9]/i.test(key.slice(name.length));
    return Object.fromEntries(Object.entries(all).filter(([key]) => belongs(key)));
  }

  /** What ought to be reported under these names. Counters that become one series add up. */
  expected(metrics: TrueMetrics, names: readonly string[]): Record<string, number> {
    const expected: Record<string, number> = {};
    for (const name of names) {
      for (const { attributes, value } of metrics.get(name)?.values() ?? []) {
        const series = this.series(name, attributes);
        expected[series] = metrics === this.run.truth.counters ? (expected[series] ?? 0) + value : value;
      }
    }
    return expected;
  }

  counters(names: readonly string[], tolerance: number): string[] {
    const actual = Object.assign({}, ...names.map((name) => this.reported(this.report.counters, name)));
    const isClose = (got: number, wanted: number) =>
      Math.abs(got - wanted) <= Math.max(tolerance, this.#lostDigits(wanted));
    return mismatches('counter', actual, this.expected(this.run.truth.counters, names), isClose);
  }

  gauges(names: readonly string[]): string[] {
    const actual = Object.assign({}, ...names.map((name) => this.reported(this.report.gauges, name)));
    const expected = this.expected(this.run.truth.gauges, names);
    for (const [series, value] of Object.entries(expected)) {
      if (Math.abs(value) >= this.dialect.limits.gauge) delete expected[series];
    }
    return mismatches('gauge', actual, expected, (got, wanted) => this.#isSameGauge(got, wanted));
  }

  /** The server's figures of a histogram; several where its values fell into several intervals. */
  timers(metric: string): readonly TimerFigures[] {
    return this.report.timers[this.series(metric)] ?? [];
  }

  #isSameGauge(got: number, wanted: number): boolean {
    const { gaugeDecimals } = this.keeps;
    const absolute = gaugeDecimals === Infinity ? 0 : 10 ** -gaugeDecimals;
    return Math.abs(got - wanted) <= Math.max(absolute, this.#lostDigits(wanted));
  }

  #lostDigits(value: number): number {
    const { digits } = this.keeps;
    return digits === 17 ? 0 : Math.abs(value) * 10 ** (1 - digits);
  }
}

/** One line for each series that is missing, too many or wrong. */
export function mismatches(
  kind: string,
  actual: Values,
  expected: Values,
  isSame: (got: number, wanted: number) => boolean,
): string[] {
  const all = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...all].flatMap((series) => {
    const [got, wanted] = [actual[series], expected[series]];
    if (got !== undefined && wanted !== undefined && isSame(got, wanted)) return [];
    return [`${kind} ${series} is ${got ?? 'missing'} instead of ${wanted ?? 'missing'}`];
  });
}

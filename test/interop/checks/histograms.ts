// A server's statistics of a histogram against those of the values that were recorded.
import { isTimeUnit, timeFactor } from '../../../src/mapping/numbers/units.js';
import type { TimerFigures } from '../harness/server.js';
import type { TrueHistogram } from '../truth/ledger.js';
import type { Comparison } from './comparison.js';

export type Figures = Readonly<Record<string, number>>;

/** The SDK's exponential histogram of values so far apart has buckets this wide: 2 ** (1 / 8). */
const BUCKET_WIDTH = 0.0906;
/** Summaries are made of the SDK's default buckets. */
const DEFAULT_BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];
/** How far off a percentile may be, relative to the true value. */
export function percentileBound({ summarises }: Comparison, value: number): number {
  if (!summarises) return BUCKET_WIDTH;
  const above = DEFAULT_BOUNDARIES.findIndex((boundary) => value <= boundary);
  const [lower, upper] = [DEFAULT_BOUNDARIES[above - 1] ?? 0, DEFAULT_BOUNDARIES[above] ?? value];
  return (upper - lower) / value;
}

/** What the server says, in the same words whether it computed it or was told. */
export function figuresOf(comparison: Comparison, metric: string): Figures | undefined {
  const { dialect, report, run } = comparison;
  const unit = run.truth.histograms.get(metric)!.unit;
  const summary = summaryName(comparison, metric);
  if (summary !== undefined) return summaryOf(comparison, summary);
  const rows = comparison.timers(metric);
  if (rows.length === 0) return undefined;
  const scale = isTimeUnit(unit) && run.server.timersInSeconds ? 1000 : 1;
  const merged = mergeRows(rows);
  // Its own sum and maximum are of the samples alone where the rate counts in nothing but the count.
  if (dialect.samples.rate === 'count-only') {
    delete merged['max'];
    delete merged['sum'];
    const sum = report.counters[comparison.series(`${metric}.sum`)];
    if (sum !== undefined) merged['sum'] = sum / scale;
  }
  return Object.fromEntries(
    Object.entries(merged).map(([key, value]) => [key, key === 'count' ? value : value * scale]),
  );
}

/** The name of a summary, also of one that was sent because the server cannot take samples of the point. */
function summaryName(comparison: Comparison, metric: string): string | undefined {
  const { report, summarises } = comparison;
  if (summarises) return metric;
  const fallback = `${metric}.summary`;
  return report.counters[comparison.series(`${fallback}.count`)] === undefined ? undefined : fallback;
}

function summaryOf(comparison: Comparison, metric: string): Figures {
  const { counters, gauges } = comparison.report;
  const all: Record<string, number | undefined> = {};
  for (const key of ['count', 'sum']) all[key] = counters[comparison.series(`${metric}.${key}`)];
  for (const key of ['min', 'max', 'p50', 'p90', 'p95', 'p99'])
    all[key] = gauges[comparison.series(`${metric}.${key}`)];
  return present(all);
}

function mergeRows(rows: readonly TimerFigures[]): Record<string, number> {
  const [row, ...others] = rows;
  if (row === undefined) return {};
  if (others.length === 0) {
    const { percentiles, ...rest } = row;
    const named = Object.entries(percentiles).map(([percentile, value]) => [`p${percentile}`, value]);
    return present({ ...rest, ...Object.fromEntries(named) });
  }
  const total = (key: 'count' | 'sum') => rows.reduce((sum, each) => sum + (each[key] ?? Number.NaN), 0);
  const [count, sum] = [total('count'), total('sum')];
  return present({
    count: Number.isNaN(count) ? undefined : count,
    sum: Number.isNaN(sum) ? undefined : sum,
  });
}

function present(all: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const entries = Object.entries(all).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/** The same of the recorded values, in the unit that was sent. */
export function trueFigures(comparison: Comparison, metric: string): Figures {
  const truth = comparison.run.truth.histograms.get(metric)!;
  const timeUnit = summaryName(comparison, metric) !== undefined ? comparison.dialect.timeUnit : 'ms';
  const scale = timeFactor(truth.unit, timeUnit);
  const entries = Object.entries(recordedFigures(truth));
  return Object.fromEntries(entries.map(([key, value]) => [key, key === 'count' ? value : value * scale]));
}

/** Reports are compared many times, and sorting takes long. */
const known = new WeakMap<TrueHistogram, Figures>();

function recordedFigures(truth: TrueHistogram): Figures {
  const figures = known.get(truth) ?? computeFigures(truth);
  known.set(truth, figures);
  return figures;
}

function computeFigures({ values, times }: TrueHistogram): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length * times;
  const sum = sorted.reduce((total, value) => total + value, 0) * times;
  const percentile = (p: number) => sorted[Math.ceil((p / 100) * sorted.length) - 1]!;
  return {
    count,
    sum,
    mean: sum / count,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    ...Object.fromEntries([50, 90, 95, 99].map((p) => [`p${p}`, percentile(p)])),
  };
}

/** How far off each figure is that the server has, relative to the truth. */
export function errorsOf(figures: Figures, truth: Figures): Figures {
  const error = (got: number, wanted: number) => Math.abs(got - wanted) / (Math.abs(wanted) || 1);
  const entries = Object.entries(figures).flatMap(([key, got]) =>
    truth[key] === undefined ? [] : [[key, error(got, truth[key])] as const],
  );
  return Object.fromEntries(entries);
}

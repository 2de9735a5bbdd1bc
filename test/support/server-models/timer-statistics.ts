// How StatsD servers compute the statistics of a timer from its lines. Each model is the server's arithmetic
// and nothing else; the sources are named.

export interface SampledLine {
  readonly value: number;
  readonly rate: number;
}

export interface TimerStatistics {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Standard deviation; undefined where the server computes none. */
  readonly deviation?: number | undefined;
  /** @param p from 1 to 100 */
  percentile(p: number): number;
}

/** What a server makes of the lines that arrived for one series in one flush interval, at least one. */
export type ServerModel = (lines: readonly SampledLine[]) => TimerStatistics;

function byValue(lines: readonly SampledLine[]): SampledLine[] {
  return [...lines].sort((a, b) => a.value - b.value);
}

/** statsd 0.9.0 lib/process_metrics.js: only `count` knows of the rate. */
export const statsd: ServerModel = (lines) => {
  const sorted = byValue(lines).map((line) => line.value);
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: lines.reduce((total, line) => total + 1 / line.rate, 0),
    sum,
    mean: sum / sorted.length,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    deviation: deviationOf(sorted, () => 1),
    percentile: (p) =>
      sorted.length === 1 ? sorted[0]! : sorted[Math.round((p / 100) * sorted.length) - 1]!,
  };
};

/** Datadog agent pkg/metrics/histogram.go: integer weights, except in the sum. */
export const datadogAgentHistogram: ServerModel = (lines) => {
  const sorted = byValue(lines);
  const weights = sorted.map((line) => Math.trunc(1 / line.rate));
  const count = weights.reduce((total, weight) => total + weight, 0);
  const sum = sorted.reduce((total, line) => total + line.value * (1 / line.rate), 0);
  return {
    count,
    sum,
    mean: sum / count,
    min: sorted[0]!.value,
    max: sorted.at(-1)!.value,
    percentile: (p) => valueWhere(sorted, weights, (covered) => covered > Math.trunc((p * count - 1) / 100)),
  };
};

/** statsd_exporter pkg/line/line.go and Telegraf plugins/inputs/statsd: the value is observed trunc(1/rate) times. */
export const repeatingTimer: ServerModel = (lines) => repeated(lines, ({ rate }) => Math.trunc(1 / rate));

/** netdata collectors/statsd.plugin: the value is observed llrint(1/rate) times, but a rate below 0.01 is 0.01. */
export const netdata: ServerModel = (lines) =>
  repeated(lines, ({ rate }) => Math.round(1 / Math.max(rate, 0.01)));

/** collectd src/statsd.c: the value itself is divided by the rate. */
export const collectd: ServerModel = (lines) =>
  repeated(
    lines.map(({ value, rate }) => ({ value: value / rate, rate: 1 })),
    () => 1,
  );

function repeated(lines: readonly SampledLine[], timesOf: (line: SampledLine) => number): TimerStatistics {
  const sorted = byValue(lines);
  const times = sorted.map(timesOf);
  const count = times.reduce((total, time) => total + time, 0);
  const sum = sorted.reduce((total, line, index) => total + line.value * times[index]!, 0);
  return {
    count,
    sum,
    mean: sum / count,
    min: sorted[0]!.value,
    max: sorted.at(-1)!.value,
    deviation: deviationOf(
      sorted.map(({ value }) => value),
      (index) => times[index]!,
    ),
    percentile: (p) => valueWhere(sorted, times, (covered) => covered >= (p / 100) * count),
  };
}

/** Of all of a population, as statsd's `std` is. */
function deviationOf(values: readonly number[], timesOf: (index: number) => number): number {
  let count = 0;
  let sum = 0;
  for (const [index, value] of values.entries()) {
    count += timesOf(index);
    sum += value * timesOf(index);
  }
  const mean = sum / count;
  const squares = values.reduce((total, value, index) => total + timesOf(index) * (value - mean) ** 2, 0);
  return Math.sqrt(squares / count);
}

/** The first value at which the weights so far are enough. */
function valueWhere(
  sorted: readonly SampledLine[],
  weights: readonly number[],
  isEnough: (covered: number) => boolean,
): number {
  let covered = 0;
  for (const [index, line] of sorted.entries()) {
    covered += weights[index]!;
    if (isEnough(covered)) return line.value;
  }
  return sorted.at(-1)!.value;
}

// What Prometheus' text format says of counters, gauges and summaries, as a report.
import type { Tag } from '../../../src/mapping/tags/tags.js';
import type { Report, TimerFigures } from '../harness/server.js';
import type { PrometheusText } from './prometheus-text.js';

export interface PrometheusNames {
  /** Metrics of the server about itself. */
  readonly own?: RegExp;
  /** Counters of what it could not read. */
  readonly complaint?: RegExp;
  series(name: string, tags: readonly Tag[]): string;
}

export function prometheusReport({ samples, types }: PrometheusText, names: PrometheusNames): Report {
  const counters: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const timers: Record<string, { percentiles: Record<number, number>; count?: number; sum?: number }[]> = {};
  const complaints: string[] = [];
  for (const { name, labels, value } of samples) {
    if (names.complaint?.test(name) && value > 0)
      complaints.push(`${name} ${JSON.stringify([...labels])} ${value}`);
    if (names.own?.test(name)) continue;
    const family = name.replace(/_(?:sum|count)$/, '');
    const isSummary = types.get(family) === 'summary';
    const tags = [...labels].filter(([key]) => !isSummary || key !== 'quantile').sort();
    const series = names.series(isSummary ? family : name, tags);
    if (isSummary) {
      timers[series] ??= [{ percentiles: {} }];
      readSummary(timers[series][0]!, name, labels.get('quantile'), value);
    } else if (types.get(name) === 'counter') counters[series] = value;
    else gauges[series] = value;
  }
  return { counters, gauges, timers, complaints };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function readSummary(
  figures: Writable<TimerFigures> & { percentiles: Record<number, number> },
  name: string,
  quantile: string | undefined,
  value: number,
): void {
  if (quantile !== undefined) figures.percentiles[Math.round(Number(quantile) * 100)] = value;
  else if (name.endsWith('_sum')) figures.sum = value;
  else figures.count = value;
}

// What app.js reports of itself, and what comes of comparing it with a flush of StatsD.
import type { StatsdFlush } from './statsd-daemon.js';

export interface AppReport {
  /** Milliseconds of every request, by method and status code: `'GET 200'`. */
  latencies: Record<string, number[]>;
  /** Milliseconds since the start of the app. */
  eventLoop: { active: number; idle: number };
  /** Read several times a second. */
  samples: { utilization: number[]; heapUsed: number[] };
}

export interface Row {
  label: string;
  app: string;
  statsd: string;
  difference: string;
  /** `near`: as close as this server can tell; `off`: wrong. */
  agreement: 'equal' | 'near' | 'off';
}

export interface Comparison {
  sections: { title: string; rows: Row[] }[];
  agrees: boolean;
  verdict: string;
}

export function compare(
  app: AppReport,
  flush: Pick<StatsdFlush, 'counters' | 'gauges' | 'timers' | 'timerData'>,
): Comparison;

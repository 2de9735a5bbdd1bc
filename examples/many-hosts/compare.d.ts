// What the apps measured in an interval, set against what the daemons report of it.
import type { Row } from '../demo/compare.js';
import type { StatsdFlush } from '../demo/statsd-daemon.js';
import type { Measured } from './hosts.js';

export interface Interval {
  /** Of each host since its start, and the same at the end of the interval before. */
  measured: readonly Measured[];
  before?: readonly Measured[] | undefined;
  flushes: readonly Pick<StatsdFlush, 'counters' | 'gauges' | 'timerData'>[];
  /** Names of the series that are sent to a daemon that is gone: they have to be missing. */
  lossOf?: ReadonlySet<string>;
}

export interface Section {
  title: string;
  rows: Row[];
}

export function compareInterval(interval: Interval): Row[];

export function verdictOn(sections: readonly Section[]): { agrees: boolean; verdict: string };

// What the interop tests need to know of a real server and may do with it.
import type { StatsdExporterOptions } from '../../../src/index.js';
import type { DialectName } from '../../../src/mapping/dialects/index.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';

export type Protocol = 'udp' | 'tcp';

/** A server's own statistics of a timer or histogram, as far as it has them, in the unit that the app recorded in. */
export interface TimerFigures {
  readonly count?: number;
  readonly sum?: number;
  readonly mean?: number;
  readonly min?: number;
  readonly max?: number;
  readonly percentiles: Readonly<Record<number, number>>;
}

/** What a server reports by series. */
export interface Report {
  /** Totals since its start. */
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  /** Members of sets, added up over the intervals of the server; none where it has no sets. */
  readonly sets?: Readonly<Record<string, number>>;
  /** One entry for each interval of the server in which there were values. */
  readonly timers: Readonly<Record<string, readonly TimerFigures[]>>;
  /** What the server itself says that it could not read; empty too where it does not say. */
  readonly complaints: readonly string[];
}

export interface Precision {
  /** How far the total of a counter with fractions may be off. 1e-9: as far as floating point goes. */
  readonly counter: number;
  /** Decimal places of gauges; Infinity for all. */
  readonly gaugeDecimals: number;
  /** Significant digits of gauges: 17 are all of a double. */
  readonly digits: number;
  /** The same for the figures of timers, relative to the value. */
  readonly timer: number;
}

export const EXACT: Precision = {
  counter: 1e-9,
  gaugeDecimals: Number.POSITIVE_INFINITY,
  digits: 17,
  timer: 1e-9,
};

export interface InteropServer {
  /** Its row in the table; also the name of its test file. */
  readonly name: string;
  /** How its users call it. */
  readonly title: string;
  readonly dialect: DialectName;
  readonly protocols: readonly Protocol[];
  /** Undefined when it is not installed. */
  version(): string | undefined;
  start(): Promise<RunningServer>;
  /** The text by which a report knows a series with this name and these legal tags, sorted by key. */
  series(name: string, tags: readonly Tag[]): string;
  readonly keeps: Precision;
  /** True when timers are reported in seconds, though they are sent in milliseconds. */
  readonly timersInSeconds?: boolean;
  /** True when two exports within one second would be two values for one time. */
  readonly oneExportPerSecond?: boolean;
  /** True when lines of exports that follow each other at once may be applied in any order, or at the same time. */
  readonly parsesInParallel?: boolean;
  /** True when a server that was killed still has what it had read, on disk. */
  readonly remembers?: boolean;
  /** Options that its users would set. */
  readonly options?: StatsdExporterOptions;
  /** What cannot be expressed there, and why; what its users have to set. Sentences for the page. */
  readonly notes?: readonly string[];
}

export interface RunningServer {
  port(protocol: Protocol): number;
  /** Resolves when an interval of the server's statistics has just begun; at once where there are none. */
  startOfInterval(): Promise<void>;
  /** What it reports now. Asked again it answers the same, or more. */
  report(): Promise<Report>;
  /** Its report as it wrote it, where a test reads that. */
  text?(): Promise<string>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts again on the same ports. */
  restart(): Promise<void>;
  /** Stops it and removes what it wrote. */
  stop(): Promise<void>;
}

// What the tests and the demo may ask of the real statsd daemon. Plain JavaScript behind it, so that the demo runs
// without a build step of its own.

export interface StatsdDaemonOptions {
  /** Default one hour: only the flushes asked for with `flush()` and the one at `stop()` take place. */
  flushIntervalMillis?: number;
  /** Percentiles the daemon computes; its setting of the same name. Default 50, 90 and 99. */
  percentThreshold?: readonly number[];
  /** Listen on the Unix stream socket `unixPath` too. */
  unix?: boolean;
  /** More settings of the daemon, e.g. `{ deleteGauges: true }`. */
  config?: Readonly<Record<string, unknown>>;
}

/** What the daemon hands to its backends at a flush. */
export interface StatsdFlush {
  /** Unix seconds. */
  timestamp: number;
  /** Counters and timers start anew after each flush; names stay, with 0 and no values. */
  counters: Record<string, number>;
  gauges: Record<string, number>;
  /** Every value received, ascending. */
  timers: Record<string, number[]>;
  /** The daemon's own figures per timer: `count`, `mean`, `upper`, `lower`, `median`, `upper_99`, `sum`, … */
  timerData: Record<string, Record<string, number>>;
  sets: Record<string, string[]>;
}

/** The daemon's own metrics, since its start or last flush. Lines sent by `settle()` are among them. */
export interface StatsdOwnCounters {
  badLinesSeen: number;
  packetsReceived: number;
  metricsReceived: number;
}

/**
 * A running statsd 0.9.0. The metrics it returns are those sent to it, without the daemon's own. Whatever is asked of it
 * while it is not running is rejected with an error that holds its output.
 */
export interface StatsdDaemon {
  readonly host: '127.0.0.1';
  readonly udpPort: number;
  readonly tcpPort: number;
  readonly adminPort: number;
  /** Where it listens with the option `unix`. */
  readonly unixPath: string;
  readonly pid: number | undefined;
  readonly running: boolean;
  /** All it has written to stdout and stderr since its last start. */
  readonly output: string;

  /** Counters, gauges and timers (raw values in order of arrival) as the admin interface shows them now. */
  counters(): Promise<Record<string, number>>;
  gauges(): Promise<Record<string, number>>;
  timers(): Promise<Record<string, number[]>>;
  ownCounters(): Promise<StatsdOwnCounters>;

  /**
   * Poll until the metric has exactly this value. Rejected after the deadline (default 10 s), and at once when a counter
   * or timer already has more. `waitForTimer` waits for a number of values and returns them.
   */
  waitForCounter(name: string, value: number, deadlineMillis?: number): Promise<void>;
  waitForGauge(name: string, value: number, deadlineMillis?: number): Promise<void>;
  waitForTimer(name: string, count: number, deadlineMillis?: number): Promise<number[]>;
  /**
   * Resolves once every datagram sent to the UDP port before the call has been read. TCP needs no such thing: after
   * `end()` the daemon's FIN says so.
   */
  settle(deadlineMillis?: number): Promise<void>;

  /** Has the daemon flush now what it has read so far, and returns that flush. */
  flush(): Promise<StatsdFlush>;
  /** The next flush, whether requested or by interval. */
  nextFlush(): Promise<StatsdFlush>;

  /** Stops the process in its tracks (SIGSTOP), sockets open, nothing read; and lets it go on. */
  pause(): void;
  resume(): void;
  /** SIGKILL; resolves when the process is gone and its ports are closed. What it held is lost. */
  kill(): Promise<void>;
  /**
   * SIGTERM; resolves when the process and its temporary directory are gone, with the flush the daemon does at its exit
   * (`undefined` if it was not running).
   */
  stop(): Promise<StatsdFlush | undefined>;
  /** Starts again, empty, on the same ports and path; stops it first if it runs. */
  restart(): Promise<void>;
}

export function startStatsdDaemon(options?: StatsdDaemonOptions): Promise<StatsdDaemon>;

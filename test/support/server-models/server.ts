// What the models of the servers have in common: they read datagrams as the servers do, traps included, and say
// what they hold afterwards. Each model is written from the rules of its server, never from ours.

/** A timer's value as the server keeps it, and how many times percentiles and sum count it. */
export interface TimerValue {
  readonly value: number;
  readonly weight: number;
}

export interface Timer {
  readonly values: TimerValue[];
  /** The server's own count of recordings. */
  count: number;
}

export interface Holdings {
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  readonly timers: Readonly<Record<string, Timer>>;
  readonly rejected: readonly string[];
}

export abstract class Server {
  readonly counters = new Map<string, number>();
  readonly gauges = new Map<string, number>();
  readonly timers = new Map<string, Timer>();
  /** The members of sets, by series. */
  readonly sets = new Map<string, Set<string>>();
  readonly rejected: string[] = [];
  readonly #datagramBytes: number;

  constructor(datagramBytes: number) {
    this.#datagramBytes = datagramBytes;
  }

  /** One datagram; what exceeds the server's buffer is cut off. */
  receive(text: string): void {
    const bytes = Buffer.from(text);
    this.readText(
      bytes.length > this.#datagramBytes ? bytes.subarray(0, this.#datagramBytes).toString() : text,
    );
  }

  /** What the server does at the end of its interval, for those models in which it matters. */
  flush(): void {}

  holdings(): Holdings {
    return {
      counters: Object.fromEntries(this.counters),
      gauges: Object.fromEntries(this.gauges),
      timers: Object.fromEntries(this.timers),
      rejected: this.rejected,
    };
  }

  protected readText(text: string): void {
    for (const line of text.split('\n')) {
      if (line !== '' && !this.readLine(line)) this.rejected.push(line);
    }
  }

  /** False when the server rejects the line, or a part of it. */
  protected abstract readLine(line: string): boolean;

  protected count(series: string, value: number): void {
    this.counters.set(series, (this.counters.get(series) ?? 0) + value);
  }

  protected addToGauge(series: string, value: number): void {
    this.gauges.set(series, (this.gauges.get(series) ?? 0) + value);
  }

  protected addToSet(series: string, member: string): void {
    const members = this.sets.get(series) ?? new Set();
    members.add(member);
    this.sets.set(series, members);
  }

  protected time(series: string, value: number, weight: number, count: number): void {
    const timer = this.timers.get(series);
    if (timer === undefined) {
      this.timers.set(series, { values: [{ value, weight }], count });
    } else {
      timer.values.push({ value, weight });
      timer.count += count;
    }
  }
}

/** `name{a="1",b="2"}`, or the name alone. */
export function seriesOf(name: string, tags: ReadonlyMap<string, string>): string {
  if (tags.size === 0) return name;
  const sorted = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([key, value]) => `${key}=${JSON.stringify(value)}`)}}`;
}

/** Go's strconv.ParseFloat and Rust's f64::from_str agree on this much; undefined is an error. */
export function parseFloat64(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^\+?inf(?:inity)?$/i.test(text)) return Infinity;
  if (/^-inf(?:inity)?$/i.test(text)) return -Infinity;
  return /^[+-]?nan$/i.test(text) ? Number.NaN : undefined;
}

/** At the first separator; the second part is undefined without one. */
export function cut(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

export const LARGEST_DATAGRAM = 65_507;

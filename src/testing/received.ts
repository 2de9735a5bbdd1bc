// Received lines and what they say: the common base of the test server and the in-memory sink.

import type { Dialect } from '../mapping/dialects/dialect.js';
import { parseLine, type Sample } from '../mapping/lines/parse-line.js';
import { printable, printableJson } from '../runtime/printable.js';
import { type Totals, totalsOf } from './totals.js';

/** A line that the dialect cannot read. */
export interface MalformedLine {
  readonly line: string;
  /** Why, in words. */
  readonly reason: string;
}

/** What was received since the beginning, or since `clear()`. */
export interface ReceivedMetrics {
  /** The rules that lines are read by. */
  readonly dialect: Dialect;
  /** In order of arrival, without newlines. */
  readonly lines: readonly string[];
  /** The samples of all lines; one line may hold several. */
  readonly samples: readonly Sample[];
  /** Lines that cannot be read in this dialect; normally none. */
  readonly malformedLines: readonly MalformedLine[];
  /** Sums of counters, last values of gauges, values of timers and histograms. */
  totals(): Totals;
  /** Forgets everything. */
  clear(): void;
}

export abstract class Receiver implements ReceivedMetrics {
  readonly dialect: Dialect;
  readonly #lines: string[] = [];
  readonly #samples: Sample[] = [];
  readonly #malformedLines: MalformedLine[] = [];

  protected constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get malformedLines(): readonly MalformedLine[] {
    return this.#malformedLines;
  }

  totals(): Totals {
    return totalsOf(this.#samples);
  }

  clear(): void {
    this.#lines.length = 0;
    this.#samples.length = 0;
    this.#malformedLines.length = 0;
  }

  protected add(line: string): void {
    this.#lines.push(line);
    const parsed = parseLine(line, this.dialect);
    if ('reason' in parsed) this.#malformedLines.push({ line, reason: parsed.reason });
    else this.#samples.push(...parsed.samples);
  }
}

/** Shown in messages of failed tests. */
const SHOWN_LINES = 20;

/** The received lines, for messages of failed tests. */
export function receivedText({ lines, malformedLines }: ReceivedMetrics): string {
  if (lines.length === 0) return 'no line has arrived';
  const shown = lines.slice(-SHOWN_LINES).map((line) => `  ${printable(line)}`);
  const hidden = lines.length - shown.length;
  const head = `${lines.length} ${lines.length === 1 ? 'line has' : 'lines have'} arrived:`;
  const malformed = malformedLines
    .slice(0, 5)
    .map(({ line, reason }) => `malformed: ${printableJson(line)}: ${printable(reason)}`);
  return [head, ...(hidden > 0 ? [`  (${hidden} before these)`] : []), ...shown, ...malformed].join('\n');
}

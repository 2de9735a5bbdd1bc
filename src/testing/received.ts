// Lines as they came, and what they say; what the test server and the in-memory transport have in common.

import type { Dialect } from '../mapping/dialects/dialect.js';
import { parseLine, type Sample } from '../mapping/lines/parse-line.js';
import { type Totals, totalsOf } from './totals.js';

/** A line that the dialect has no meaning for. */
export interface MalformedLine {
  readonly line: string;
  /** In words. */
  readonly reason: string;
}

/** What was received since the beginning, or since `clear()`. */
export interface ReceivedMetrics {
  /** By whose rules lines are read. */
  readonly dialect: Dialect;
  /** In the order of their arrival, without their newlines. */
  readonly lines: readonly string[];
  /** What the lines say; one line may hold several samples. */
  readonly samples: readonly Sample[];
  /** Lines that say nothing in this dialect; there are none if all is well. */
  readonly malformedLines: readonly MalformedLine[];
  /** Counters added up, gauges as they stand, values of timers and histograms. */
  totals(): Totals;
  /** Forgets everything. */
  clear(): void;
}

export class Received implements ReceivedMetrics {
  readonly dialect: Dialect;
  readonly lines: string[] = [];
  readonly samples: Sample[] = [];
  readonly malformedLines: MalformedLine[] = [];

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  add(line: string): void {
    this.lines.push(line);
    const parsed = parseLine(line, this.dialect);
    if ('reason' in parsed) this.malformedLines.push({ line, reason: parsed.reason });
    else this.samples.push(...parsed.samples);
  }

  totals(): Totals {
    return totalsOf(this.samples);
  }

  clear(): void {
    this.lines.length = 0;
    this.samples.length = 0;
    this.malformedLines.length = 0;
  }
}

/** Enough to see what went wrong, little enough to read. */
const SHOWN_LINES = 20;

/** What arrived, for messages of failed tests. */
export function receivedText({ lines, malformedLines }: ReceivedMetrics): string {
  if (lines.length === 0) return 'no line has arrived';
  const shown = lines.slice(-SHOWN_LINES).map((line) => `  ${line}`);
  const left = lines.length - shown.length;
  const head = `${lines.length} ${lines.length === 1 ? 'line has' : 'lines have'} arrived:`;
  const malformed = malformedLines
    .slice(0, 5)
    .map(({ line, reason }) => `malformed: ${JSON.stringify(line)}: ${reason}`);
  return [head, ...(left > 0 ? [`  (${left} before these)`] : []), ...shown, ...malformed].join('\n');
}

// Received lines and what they say: the common base of the test server and the in-memory sink.

import type { Dialect } from '../mapping/dialects/dialect.js';
import { type ParsedLine, parseLine, type Sample } from '../mapping/lines/parse-line.js';
import { counted } from '../runtime/counted.js';
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
  /** Lines that were not kept because `maxBytes` was reached; `clear()` makes room. They are in no other list or total. */
  readonly droppedLines: number;
  /** Sums of counters, last values of gauges, values of timers and histograms. */
  totals(): Totals;
  /** Forgets everything. */
  clear(): void;
}

/** Some 500,000 lines with a few tags. */
const MAX_BYTES = 256 * 2 ** 20;

/** Of a line besides its text, of a sample and of a tag; measured at up to as much with Node.js 20. */
const LINE_BYTES = 140;
const SAMPLE_BYTES = 130;
const TAG_BYTES = 40;

export abstract class Receiver implements ReceivedMetrics {
  readonly dialect: Dialect;
  readonly #lines: string[] = [];
  readonly #samples: Sample[] = [];
  readonly #malformedLines: MalformedLine[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #droppedLines = 0;

  protected constructor(dialect: Dialect, maxBytes: number = MAX_BYTES) {
    if (!(maxBytes > 0)) throw new RangeError(`maxBytes must be a number above 0, not ${maxBytes}`);
    this.dialect = dialect;
    this.#maxBytes = maxBytes;
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

  get droppedLines(): number {
    return this.#droppedLines;
  }

  totals(): Totals {
    return totalsOf(this.#samples);
  }

  clear(): void {
    this.#lines.length = 0;
    this.#samples.length = 0;
    this.#malformedLines.length = 0;
    this.#bytes = 0;
    this.#droppedLines = 0;
  }

  protected add(line: string): void {
    const parsed = parseLine(line, this.dialect);
    const bytes = this.#bytes + bytesOf(line, parsed);
    if (bytes > this.#maxBytes) return this.#drop();
    this.#bytes = bytes;
    this.#lines.push(line);
    if ('reason' in parsed) this.#malformedLines.push({ line, reason: parsed.reason });
    else for (const sample of parsed.samples) this.#samples.push(sample);
  }

  #drop(): void {
    if (this.#droppedLines === 0) {
      process.emitWarning(
        `${this.constructor.name} keeps no more lines: they have reached ${this.#maxBytes} bytes (maxBytes). Further ` +
          'ones are counted in droppedLines; clear() makes room.',
      );
    }
    this.#droppedLines += 1;
  }
}

/** Estimated, because engines do not report the size of an object. */
function bytesOf(line: string, parsed: ParsedLine): number {
  const samples = 'samples' in parsed ? parsed.samples : [];
  // All samples of a line have the same tags.
  const tags = Object.keys(samples[0]?.tags ?? {}).length;
  return LINE_BYTES + 2 * line.length + SAMPLE_BYTES * samples.length + TAG_BYTES * tags;
}

/** Shown in messages of failed tests, and characters of each. */
const SHOWN_LINES = 20;
const SHOWN_CHARACTERS = 500;

/** The beginning of a long text. */
export function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;
}

/** The received lines, for messages of failed tests. */
export function receivedText({ lines, malformedLines, droppedLines }: ReceivedMetrics): string {
  const dropped =
    droppedLines > 0 ? [`(${counted(droppedLines, 'further line')} not kept: maxBytes was reached)`] : [];
  if (lines.length === 0) return ['no line has arrived', ...dropped].join(' ');
  const shown = lines.slice(-SHOWN_LINES).map((line) => `  ${printable(shortened(line))}`);
  const hidden = lines.length - shown.length;
  const head = `${lines.length} ${lines.length === 1 ? 'line has' : 'lines have'} arrived:`;
  const malformed = malformedLines
    .slice(0, 5)
    .map(
      ({ line, reason }) => `malformed: ${printableJson(shortened(line))}: ${printable(shortened(reason))}`,
    );
  const before = hidden > 0 ? [`  (${hidden} before these)`] : [];
  return [head, ...before, ...shown, ...dropped.map((text) => `  ${text}`), ...malformed].join('\n');
}

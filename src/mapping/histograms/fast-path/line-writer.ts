// Samples as lines of bytes, as SampleWriter writes them, from the digits that rounding leaves.

import type { PointLines } from '../../fast-path/point-lines.js';
import { ByteBuffer } from '../../lines/byte-buffer.js';
import type { LineBuffer } from '../../lines/line-sink.js';
import type { LineSyntax, NumberKind } from '../../lines/line-syntax.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { writeDigits } from '../../numbers/seven-digit-writer.js';
import { interleavingStride } from '../write/interleave.js';
import { RateTexts } from '../write/rate-texts.js';
import { ALL_DIGITS, DIGITS, MAX_SAMPLES, VALUES, WEIGHTS, WHOLE_DIGITS } from './arrays.js';

/** Every sink has room for a line of this length in its buffer. */
const MAX_LINE_IN_BUFFER = 8_192;

/** What copies write behind a line. */
const COPY_SLACK = 16;

/** `0.00000`, seven digits, the mark in front and what is written behind. */
const SHORT_BYTES = 17;

/** Samples of equal weight, which can share a line. Points with more groups take the slow path where they are packed. */
const MAX_GROUPS = 32;
const GROUP_WEIGHT = new Int32Array(MAX_GROUPS);
/** The first sample of each group and its position in the order of the lines. */
const FIRST_SAMPLE = new Int32Array(MAX_GROUPS);
const FIRST_POSITION = new Int32Array(MAX_GROUPS);
/** The sample that follows in the same group. */
const NEXT_SAMPLE = new Int32Array(MAX_SAMPLES + 1);

/** Weights below this find their group in a table; larger ones by a search. */
const TABLE_SIZE = 1_024;
const GROUP_OF_WEIGHT = new Int8Array(TABLE_SIZE).fill(-1);
const NONE = -1;
/** Behind every position. */
const WRITTEN = MAX_SAMPLES + 1;

export interface LineOptions {
  readonly syntax: LineSyntax;
  readonly kind: NumberKind;
  /** Whether several values share a line. */
  readonly packed: boolean;
  /** Packed lines are no longer than this where they have more than one value. */
  readonly maxLineBytes: number;
  /** No line is longer, without its newline. */
  readonly lineBytes: number;
}

/** What precedes the rate, by the type of the lines: without a rate, and with one. */
interface Marks {
  readonly syntax: LineSyntax;
  readonly plain: ByteBuffer;
  readonly rated: ByteBuffer;
}

export class LineWriter {
  readonly #numbers = new NumberWriter();
  readonly #rates = new RateTexts();
  /** What precedes the values in every line, and what follows the rate, the newline included. */
  readonly #head = new ByteBuffer();
  readonly #tail = new ByteBuffer();
  readonly #ends: ByteBuffer[] = Array.from({ length: MAX_GROUPS }, () => new ByteBuffer());
  readonly #marks = new Map<NumberKind, Marks>();
  #groups = 0;

  /** Writes the lines of the samples; false when it is declined, in which case nothing was written. */
  write(samples: number, lines: PointLines, buffer: LineBuffer, options: LineOptions): boolean {
    if (!lines.samples('', this.#head, this.#tail)) return false;
    const marks = this.#marksOf(options);
    if (marks === undefined) return false;
    const longest = this.#head.length + this.#tail.length + marks.rated.length + 2 * MAX_NUMBER_BYTES;
    if (longest > options.lineBytes) return false;
    const mark = options.syntax.beforeNumber.charCodeAt(0);
    this.#groups = 0;
    try {
      return options.packed
        ? this.#writePacked(samples, mark, marks, Math.min(options.maxLineBytes, MAX_LINE_IN_BUFFER), buffer)
        : this.#writeSingly(samples, mark, marks, buffer);
    } finally {
      // Also where the buffer throws: the next point must not find these groups.
      for (let group = 0; group < this.#groups; group++) GROUP_OF_WEIGHT[GROUP_WEIGHT[group]!] = NONE;
    }
  }

  /** Links the samples of each group in the order of the lines; false where there are too many groups. */
  #link(samples: number, marks: Marks): boolean {
    const weights = WEIGHTS;
    const groupOfWeight = GROUP_OF_WEIGHT;
    const firstSample = FIRST_SAMPLE;
    const firstPosition = FIRST_POSITION;
    const nextSample = NEXT_SAMPLE;
    const stride = interleavingStride(samples);
    // From the last one on, so that each is put in front of those that follow it.
    let sample = (samples - stride) | 0;
    for (let position = samples - 1; position >= 0; position--) {
      // A multiple of the stride, without a branch.
      sample = (sample + (samples & (sample >> 31))) | 0;
      const weight = weights[sample]! | 0;
      let group = weight < TABLE_SIZE ? groupOfWeight[weight]! : NONE;
      if (group === NONE) {
        group = this.#groupOf(weight, marks);
        if (group === NONE) return false;
      }
      nextSample[sample] = firstSample[group]!;
      firstSample[group] = sample;
      firstPosition[group] = position;
      sample = (sample - stride) | 0;
    }
    return true;
  }

  /** The group of a weight, a new one if there is none; `NONE` where there are too many. */
  #groupOf(weight: number, marks: Marks): number {
    const groups = this.#groups;
    if (weight >= TABLE_SIZE) {
      for (let group = 0; group < groups; group++) if (GROUP_WEIGHT[group] === weight) return group;
    }
    if (groups === MAX_GROUPS) return NONE;
    this.#groups = groups + 1;
    GROUP_WEIGHT[groups] = weight;
    FIRST_SAMPLE[groups] = NONE;
    if (weight < TABLE_SIZE) GROUP_OF_WEIGHT[weight] = groups;
    const end = this.#ends[groups]!;
    end.length = 0;
    end.append(weight === 1 ? marks.plain : marks.rated);
    if (weight !== 1) this.#rates.append(weight, end);
    return groups;
  }

  /** Writes the lines of each group, in the order of their first samples; false where there are too many groups. */
  #writePacked(
    samples: number,
    mark: number,
    marks: Marks,
    maxLineBytes: number,
    buffer: LineBuffer,
  ): boolean {
    if (!this.#link(samples, marks)) return false;
    const groups = this.#groups;
    for (let written = 0; written < groups; written++) {
      let first = 0;
      for (let group = 1; group < groups; group++) {
        if (FIRST_POSITION[group]! < FIRST_POSITION[first]!) first = group;
      }
      FIRST_POSITION[first] = WRITTEN;
      this.#writeGroup(first, mark, maxLineBytes, buffer);
    }
    return true;
  }

  #writeGroup(group: number, mark: number, maxLineBytes: number, buffer: LineBuffer): void {
    const digitsOf = DIGITS;
    const wholeDigitsOf = WHOLE_DIGITS;
    const nextSample = NEXT_SAMPLE;
    const separator = mark | 0;
    const head = this.#head;
    const tail = this.#tail;
    const end = this.#ends[group]!;
    const fixedBytes = head.length + end.length + tail.length;
    const room = maxLineBytes - fixedBytes;
    // A line of one value may be longer than that.
    const mostBytes = Math.max(maxLineBytes, fixedBytes + MAX_NUMBER_BYTES) + MAX_NUMBER_BYTES + COPY_SLACK;
    let sample = FIRST_SAMPLE[group]!;
    while (sample !== NONE) {
      buffer.reserve(mostBytes);
      const { bytes, view } = buffer;
      const start = head.copyTo(view, buffer.position);
      let at = start;
      while (sample !== NONE) {
        const digits = digitsOf[sample]!;
        bytes[at] = separator;
        let next = 0;
        if (digits !== ALL_DIGITS) {
          next = writeDigits(digits, wholeDigitsOf[sample]!, bytes, view, (at + 1) | 0);
        } else {
          this.#numbers.input[0] = VALUES[sample]!;
          next = this.#numbers.writeInput(bytes, view, at + 1);
        }
        // The first one of a line has to fit; another is written again in the next line.
        if (next - start > room && at > start) break;
        at = next;
        sample = nextSample[sample]!;
      }
      buffer.commit(tail.copyTo(view, end.copyTo(view, at)));
    }
  }

  /** Writes a line for each sample. Where there are too many groups, the last one serves one weight after the other. */
  #writeSingly(samples: number, mark: number, marks: Marks, buffer: LineBuffer): boolean {
    const weights = WEIGHTS;
    const groupOfWeight = GROUP_OF_WEIGHT;
    const digitsOf = DIGITS;
    const wholeDigitsOf = WHOLE_DIGITS;
    const separator = mark | 0;
    const head = this.#head;
    const tail = this.#tail;
    const ends = this.#ends;
    const stride = interleavingStride(samples);
    let sample = 0;
    for (let position = 0; position < samples; position++) {
      const weight = weights[sample]! | 0;
      let group = weight < TABLE_SIZE ? groupOfWeight[weight]! : NONE;
      if (group === NONE) {
        if (this.#groups === MAX_GROUPS) GROUP_OF_WEIGHT[GROUP_WEIGHT[--this.#groups]!] = NONE;
        const known = this.#groups;
        group = this.#groupOf(weight, marks);
        if (this.#groups > known) ends[group]!.append(tail);
      }
      const end = ends[group]!;
      const digits = digitsOf[sample]!;
      const numberBytes = digits === ALL_DIGITS ? MAX_NUMBER_BYTES : SHORT_BYTES;
      buffer.reserve(head.length + numberBytes + end.length + COPY_SLACK);
      const { bytes, view } = buffer;
      let at = head.copyTo(view, buffer.position);
      bytes[at] = separator;
      if (digits !== ALL_DIGITS) {
        at = writeDigits(digits, wholeDigitsOf[sample]!, bytes, view, (at + 1) | 0);
      } else {
        this.#numbers.input[0] = VALUES[sample]!;
        at = this.#numbers.writeInput(bytes, view, at + 1);
      }
      buffer.commit(end.copyTo(view, at));
      sample = (sample + stride - samples) | 0;
      sample = (sample + (samples & (sample >> 31))) | 0;
    }
    return true;
  }

  /** Undefined where a type has a newline, as custom dialects may. */
  #marksOf({ syntax, kind }: LineOptions): Marks | undefined {
    let marks = this.#marks.get(kind);
    if (marks?.syntax !== syntax) {
      const type = syntax.afterNumber[kind];
      if (type.includes('\n')) return undefined;
      marks = { syntax, plain: ByteBuffer.of(type), rated: ByteBuffer.of(type + syntax.beforeRate) };
      this.#marks.set(kind, marks);
    }
    return marks;
  }
}

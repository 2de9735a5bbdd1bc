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

/**
 * Where lines are composed, because a store into an array that is a constant takes a third of the instructions. They are
 * copied to the sink whenever it has so many bytes as a line has at most; a line may go beyond.
 */
const STAGE = new Uint8Array(3 * MAX_LINE_IN_BUFFER);
const STAGE_VIEW = new DataView(STAGE.buffer);
const STAGE_BYTES = MAX_LINE_IN_BUFFER;
/** Where each line on the stage ends. */
const LINE_ENDS = new Int32Array(STAGE_BYTES);

/** What precedes the values in every line, and what follows the rate, the newline included. */
const HEAD = new Float64Array(MAX_LINE_IN_BUFFER / 8);
const TAIL = new Float64Array(MAX_LINE_IN_BUFFER / 8);

/** Samples of equal weight, which can share a line. Points with more groups take the slow path. */
const MAX_GROUPS = 32;
const GROUP_WEIGHT = new Int32Array(MAX_GROUPS);
/** Type and rate of each group: so many words at most, and how many bytes. */
const MARK_WORDS = 8;
const MARKS = new Float64Array(MAX_GROUPS * MARK_WORDS);
const MARK_BYTES = new Int32Array(MAX_GROUPS);
/** The first sample of each group and its position in the order of the lines. */
const FIRST_SAMPLE = new Int32Array(MAX_GROUPS);
const FIRST_POSITION = new Int32Array(MAX_GROUPS);
/** The sample that follows in the same group. */
const NEXT_SAMPLE = new Int32Array(MAX_SAMPLES + 1);

/** The longest rate: `0.000` and 17 digits. */
const RATE_BYTES = 24;

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
interface Types {
  readonly syntax: LineSyntax;
  readonly plain: ByteBuffer;
  readonly rated: ByteBuffer;
}

export class LineWriter {
  readonly #numbers = new NumberWriter();
  readonly #rates = new RateTexts();
  readonly #head = new ByteBuffer();
  readonly #tail = new ByteBuffer();
  readonly #marks = new ByteBuffer();
  readonly #types = new Map<NumberKind, Types>();
  #groups = 0;

  /** Writes the lines of the samples; false when it is declined, in which case nothing was written. */
  write(samples: number, lines: PointLines, buffer: LineBuffer, options: LineOptions): boolean {
    const head = this.#head;
    const tail = this.#tail;
    if (!lines.samples('', head, tail)) return false;
    const types = this.#typesOf(options);
    const longest = head.length + 8 * MARK_WORDS + tail.length + 2 * MAX_NUMBER_BYTES;
    if (types === undefined || longest > options.lineBytes || longest > MAX_LINE_IN_BUFFER) return false;
    copyWords(head, HEAD, 0);
    copyWords(tail, TAIL, 0);
    const mark = options.syntax.beforeNumber.charCodeAt(0);
    this.#groups = 0;
    const isWritten = options.packed
      ? this.#writePacked(samples, mark, types, Math.min(options.maxLineBytes, MAX_LINE_IN_BUFFER), buffer)
      : this.#writeSingly(samples, mark, types, buffer);
    for (let group = 0; group < this.#groups; group++) GROUP_OF_WEIGHT[GROUP_WEIGHT[group]!] = NONE;
    return isWritten;
  }

  /** Links the samples of each group in the order of the lines; false where there are too many groups. */
  #link(samples: number, types: Types): boolean {
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
        group = this.#groupOf(weight, types);
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
  #groupOf(weight: number, types: Types): number {
    const groups = this.#groups;
    if (weight >= TABLE_SIZE) {
      for (let group = 0; group < groups; group++) if (GROUP_WEIGHT[group] === weight) return group;
    }
    if (groups === MAX_GROUPS) return NONE;
    this.#groups = groups + 1;
    GROUP_WEIGHT[groups] = weight;
    FIRST_SAMPLE[groups] = NONE;
    if (weight < TABLE_SIZE) GROUP_OF_WEIGHT[weight] = groups;
    const marks = this.#marks;
    marks.length = 0;
    marks.append(weight === 1 ? types.plain : types.rated);
    if (weight !== 1) this.#rates.append(weight, marks);
    copyWords(marks, MARKS, groups * MARK_WORDS);
    MARK_BYTES[groups] = marks.length;
    return groups;
  }

  /** Writes the lines of each group, in the order of their first samples. */
  #writePacked(
    samples: number,
    mark: number,
    types: Types,
    maxLineBytes: number,
    buffer: LineBuffer,
  ): boolean {
    if (!this.#link(samples, types)) return false;
    const groups = this.#groups;
    const headBytes = this.#head.length;
    const tailBytes = this.#tail.length;
    const digitsOf = DIGITS;
    const nextSample = NEXT_SAMPLE;
    const stage = STAGE;
    const separator = mark | 0;
    let at = 0;
    let lines = 0;
    for (let written = 0; written < groups; written++) {
      const group = nextGroup(groups);
      const room = (maxLineBytes - headBytes - MARK_BYTES[group]! - tailBytes) | 0;
      let sample = FIRST_SAMPLE[group]!;
      while (sample !== NONE) {
        if (at > STAGE_BYTES) {
          flush(lines, buffer);
          at = lines = 0;
        }
        const start = copyHead(headBytes, at);
        at = start;
        while (sample !== NONE) {
          stage[at] = separator;
          const digits = digitsOf[sample]!;
          const next =
            digits !== ALL_DIGITS
              ? writeShort(digits, sample, (at + 1) | 0)
              : this.#writeLong(sample, (at + 1) | 0);
          // The first one of a line has to fit; another is written again in the next line.
          if (next - start > room && at > start) break;
          at = next;
          sample = nextSample[sample]!;
        }
        at = copyEnd(group, tailBytes, at);
        LINE_ENDS[lines++] = at;
      }
    }
    flush(lines, buffer);
    return true;
  }

  /** Writes a line for each sample; false where there are too many groups. */
  #writeSingly(samples: number, mark: number, types: Types, buffer: LineBuffer): boolean {
    const weights = WEIGHTS;
    const groupOfWeight = GROUP_OF_WEIGHT;
    const digitsOf = DIGITS;
    const stage = STAGE;
    const lineEnds = LINE_ENDS;
    const headBytes = this.#head.length;
    const tailBytes = this.#tail.length;
    const separator = mark | 0;
    const stride = interleavingStride(samples);
    let sample = 0;
    let at = 0;
    let lines = 0;
    for (let position = 0; position < samples; position++) {
      if (at > STAGE_BYTES) {
        flush(lines, buffer);
        at = lines = 0;
      }
      const weight = weights[sample]! | 0;
      let group = weight < TABLE_SIZE ? groupOfWeight[weight]! : NONE;
      // Equal ranks have two weights.
      if (group === NONE) group = this.#groupOf(weight, types);
      at = copyHead(headBytes, at);
      stage[at] = separator;
      at = (at + 1) | 0;
      const digits = digitsOf[sample]!;
      at = digits !== ALL_DIGITS ? writeShort(digits, sample, at) : this.#writeLong(sample, at);
      at = copyEnd(group, tailBytes, at);
      lineEnds[lines] = at;
      lines = (lines + 1) | 0;
      sample = (sample + stride - samples) | 0;
      sample = (sample + (samples & (sample >> 31))) | 0;
    }
    flush(lines, buffer);
    return true;
  }

  #writeLong(sample: number, at: number): number {
    this.#numbers.input[0] = VALUES[sample]!;
    return this.#numbers.writeInput(STAGE, STAGE_VIEW, at);
  }

  /** Undefined where a type has a newline, as custom dialects may, or is long. */
  #typesOf({ syntax, kind }: LineOptions): Types | undefined {
    let types = this.#types.get(kind);
    if (types?.syntax !== syntax) {
      const type = syntax.afterNumber[kind];
      const rated = ByteBuffer.of(type + syntax.beforeRate);
      if (type.includes('\n') || rated.length + RATE_BYTES > 8 * MARK_WORDS) return undefined;
      types = { syntax, plain: ByteBuffer.of(type), rated };
      this.#types.set(kind, types);
    }
    return types;
  }
}

/** The group whose first sample comes next in the order of the lines. */
function nextGroup(groups: number): number {
  let next = 0;
  for (let group = 1; group < groups; group++) {
    if (FIRST_POSITION[group]! < FIRST_POSITION[next]!) next = group;
  }
  FIRST_POSITION[next] = WRITTEN;
  return next;
}

function writeShort(digits: number, sample: number, at: number): number {
  return writeDigits(digits, WHOLE_DIGITS[sample]!, STAGE, STAGE_VIEW, at);
}

/** Copies the head to `at`, and up to 31 bytes more, as all copies here do; returns where the copy ends. */
function copyHead(length: number, at: number): number {
  const words = HEAD;
  const stage = STAGE_VIEW;
  for (let word = 0, to = at; word << 3 < length; word += 4, to = (to + 32) | 0) {
    stage.setFloat64(to, words[word]!, true);
    stage.setFloat64((to + 8) | 0, words[word + 1]!, true);
    stage.setFloat64((to + 16) | 0, words[word + 2]!, true);
    stage.setFloat64((to + 24) | 0, words[word + 3]!, true);
  }
  return (at + length) | 0;
}

/** Copies type, rate and tail. */
function copyEnd(group: number, tailLength: number, at: number): number {
  const marks = MARKS;
  const words = TAIL;
  const stage = STAGE_VIEW;
  const first = group * MARK_WORDS;
  const marksLength = MARK_BYTES[group]!;
  for (let word = 0; word << 3 < marksLength; word++) {
    stage.setFloat64((at + (word << 3)) | 0, marks[first + word]!, true);
  }
  at = (at + marksLength) | 0;
  for (let word = 0, to = at; word << 3 < tailLength; word += 4, to = (to + 32) | 0) {
    stage.setFloat64(to, words[word]!, true);
    stage.setFloat64((to + 8) | 0, words[word + 1]!, true);
    stage.setFloat64((to + 16) | 0, words[word + 2]!, true);
    stage.setFloat64((to + 24) | 0, words[word + 3]!, true);
  }
  return (at + tailLength) | 0;
}

/** The bytes of a text as doubles: UTF-8 never forms a NaN, whose bits a copy as a double could change. */
function copyWords({ view, length }: ByteBuffer, words: Float64Array, word: number): void {
  for (let done = 0; done < length; done += 8) words[word++] = view.getFloat64(done, true);
}

/** Copies the lines on the stage to the sink. */
function flush(lines: number, buffer: LineBuffer): void {
  const length = LINE_ENDS[lines - 1]!;
  buffer.reserve(length);
  let start = buffer.position;
  buffer.bytes.set(STAGE.subarray(0, length), start);
  for (let line = 0; line < lines; line++) {
    const end = LINE_ENDS[line]!;
    buffer.commit(start + end);
    if (buffer.position === start + end) continue;
    // The sink refused the line: what follows takes its place.
    start = buffer.position - end;
    buffer.bytes.set(STAGE.subarray(end, length), buffer.position);
  }
}

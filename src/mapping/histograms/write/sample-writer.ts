// Samples as lines. A server takes either one value per line, or several values of one weight:
// `name:v1:v2|type|@rate`, split where a line would grow too long.
// Lines are written as bytes, because a string for each of a hundred numbers would cost more than all other work.

import type { PointLines } from '../../fast-path/point-lines.js';
import { ByteBuffer } from '../../lines/byte-buffer.js';
import type { LineBuffer, LineSink } from '../../lines/line-sink.js';
import type { LineSyntax, NumberKind } from '../../lines/line-syntax.js';
import type { SeriesText } from '../../lines/series-text.js';
import { MAX_NUMBER_BYTES } from '../../numbers/number-writer.js';
import type { WeightedSamples } from '../samples/weights.js';
import { EncodedValues } from './encoded-values.js';
import { interleavedOrder } from './interleave.js';
import { RateTexts } from './rate-texts.js';
import { WeightGroups } from './weight-groups.js';

/** Every sink has room for a line of this length in its buffer. */
const MAX_LINE_IN_BUFFER = 8_192;

/** What copies of values and ends may write behind a line. */
const COPY_SLACK = 16;

export interface SampleTarget {
  readonly sink: LineSink;
  readonly syntax: LineSyntax;
  /** Whether several values share a line. */
  readonly packed: boolean;
  /** Packed lines are no longer than this where they have more than one value. */
  readonly maxLineBytes: number;
  /** No line is longer, without its newline: nothing is written if one would have to be. */
  readonly lineBytes: number;
}

/** Where lines are written: into the buffer, or without one, or for longer lines, to the sink as text. */
interface Output {
  readonly sink: LineSink;
  readonly buffer: LineBuffer | undefined;
}

export class SampleWriter {
  readonly #values = new EncodedValues();
  readonly #rates = new RateTexts();
  readonly #groups = new WeightGroups();
  /** The order of `#orderedSamples` samples, kept because the next point often has as many. */
  #order: Int32Array = new Int32Array(0);
  #orderedSamples = 0;
  /** What precedes the values in every line. */
  readonly #head = new ByteBuffer();
  /** What follows the values, for each group of samples. */
  readonly #ends: ByteBuffer[] = [];
  /** What follows the rate in every line, the newline included. */
  readonly #tail = new ByteBuffer();
  readonly #text = new ByteBuffer();
  #hasNewline = false;

  /** Takes the values of the samples that are written next; false when one is not finite. */
  setValues(values: Float64Array, { beforeNumber }: LineSyntax): boolean {
    return this.#values.encode(values, beforeNumber);
  }

  /** Sets the series of the lines that are written next. */
  setSeries({ head, tail }: SeriesText): void {
    this.#head.set(head);
    this.#tail.set(`${tail}\n`);
    this.#hasNewline = head.includes('\n') || tail.includes('\n');
  }

  /** The same from bytes; false when the series is declined. */
  copySeries(lines: PointLines, suffix: string): boolean {
    this.#hasNewline = false;
    return lines.samples(suffix, this.#head, this.#tail);
  }

  /** Writes the lines of the values with these weights. Returns false when a line would be too long. */
  write(
    { weights }: Pick<WeightedSamples, 'weights'>,
    kind: NumberKind,
    { sink, syntax, packed, maxLineBytes, lineBytes }: SampleTarget,
  ): boolean {
    const type = syntax.afterNumber[kind];
    const samples = weights.length;
    this.#setOrder(samples);
    const groups = this.#groups;
    groups.assign(weights, this.#order);
    const longestEnd = this.#setEnds(type, syntax.beforeRate);
    const isSurelyShort = this.#head.length + MAX_NUMBER_BYTES + longestEnd <= lineBytes;
    if (!isSurelyShort && !this.#fits(samples, lineBytes)) return false;
    // The sink checks text for newlines inside of a line, which custom dialects may let through.
    const hasNewline = this.#hasNewline || type.includes('\n');
    const output = { sink, buffer: hasNewline ? undefined : sink.bytes?.('additive') };
    if (packed) this.#writePacked(samples, maxLineBytes, output);
    else this.#writeSingly(samples, output);
    return true;
  }

  #fits(samples: number, lineBytes: number): boolean {
    for (let position = 0; position < samples; position++) {
      const end = this.#ends[this.#groups.groupAt[position]!]!;
      const value = this.#values.lengths[this.#order[position]!]!;
      if (this.#head.length + value + end.length - 1 > lineBytes) return false;
    }
    return true;
  }

  #writeSingly(samples: number, output: Output): void {
    const order = this.#order;
    const { groupAt } = this.#groups;
    const { lengths } = this.#values;
    for (let position = 0; position < samples; position++) {
      const length = lengths[order[position]!]!;
      this.#writeLine(order, position, position + 1, length, groupAt[position]!, output);
    }
  }

  #writePacked(samples: number, maxLineBytes: number, output: Output): void {
    const groups = this.#groups;
    groups.link(this.#order, samples);
    const { ends, sequence } = groups;
    const { lengths } = this.#values;
    let from = 0;
    for (let group = 0; group < ends.length; group++) {
      const room = maxLineBytes - this.#ends[group]!.length - this.#head.length;
      const end = ends[group]!;
      while (from < end) {
        let to = from + 1;
        let length: number = lengths[sequence[from]!]!;
        while (to < end && length + lengths[sequence[to]!]! <= room) length += lengths[sequence[to++]!]!;
        this.#writeLine(sequence, from, to, length, group, output);
        from = to;
      }
    }
  }

  /** Returns the length of the longest end. */
  #setEnds(type: string, beforeRate: string): number {
    const { weights } = this.#groups;
    let longest = 0;
    for (let group = 0; group < weights.length; group++) {
      const weight = weights[group]!;
      if (group === this.#ends.length) this.#ends.push(new ByteBuffer());
      const end = this.#ends[group]!;
      end.set(weight === 1 ? type : type + beforeRate);
      if (weight !== 1) this.#rates.append(weight, end);
      end.append(this.#tail);
      longest = Math.max(longest, end.length);
    }
    return longest;
  }

  #setOrder(samples: number): void {
    if (samples === this.#orderedSamples) return;
    this.#order = interleavedOrder(samples, this.#order);
    this.#orderedSamples = samples;
  }

  /** Writes one line of the samples `from`…`to` of a sequence, whose values have so many bytes. */
  #writeLine(
    sequence: Int32Array,
    from: number,
    to: number,
    valueBytes: number,
    group: number,
    { sink, buffer }: Output,
  ): void {
    const end = this.#ends[group]!;
    const length = this.#head.length + valueBytes + end.length;
    // The sink reports a line that is longer than any payload.
    if (buffer === undefined || length > MAX_LINE_IN_BUFFER) {
      const text = this.#text;
      text.length = 0;
      text.reserve(length + COPY_SLACK);
      text.length = this.#compose(text.view, 0, sequence, from, to, end);
      return sink.write(text.decode(), 1, 'additive');
    }
    buffer.reserve(length + COPY_SLACK);
    buffer.commit(this.#compose(buffer.view, buffer.position, sequence, from, to, end));
  }

  #compose(
    view: DataView,
    position: number,
    sequence: Int32Array,
    from: number,
    to: number,
    end: ByteBuffer,
  ): number {
    let at = this.#head.copyTo(view, position);
    for (let index = from; index < to; index++) at = this.#values.copyTo(view, at, sequence[index]!);
    return end.copyTo(view, at);
  }
}

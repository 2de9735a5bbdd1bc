// Samples as lines. A server takes either one value per line, or several values of one weight:
// `name:v1:v2|type|@rate`, split where a line would grow too long.
// Lines are written as bytes, because a string for each of a hundred numbers would cost more than all other work.

import type { PointLines } from '../../fast-path/point-lines.js';
import { ByteBuffer } from '../../lines/byte-buffer.js';
import type { LineBuffer, LineSink } from '../../lines/line-sink.js';
import type { LineSyntax, NumberKind } from '../../lines/line-syntax.js';
import type { SeriesText } from '../../lines/series-text.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { sampleRate, type WeightedSamples } from '../samples/weights.js';
import { EncodedValues } from './encoded-values.js';
import { interleavedOrder } from './interleave.js';
import { WeightGroups } from './weight-groups.js';

/** Every sink has room for a line of this length in its buffer. */
const MAX_LINE_IN_BUFFER = 8_192;

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
  readonly #numbers = new NumberWriter();
  readonly #values = new EncodedValues();
  readonly #groups = new WeightGroups();
  /** The order of `#orderedSamples` samples, kept because the next point often has as many. */
  #order: Int32Array = new Int32Array(0);
  #orderedSamples = 0;
  /** The current line up to its values. */
  readonly #line = new ByteBuffer();
  /** What follows the values, for each group of samples. */
  readonly #ends: ByteBuffer[] = [];
  /** What follows the rate in every line, the newline included. */
  readonly #tail = new ByteBuffer();
  #hasNewline = false;

  /** Sets the series of the lines that are written next. */
  setSeries({ head, tail }: SeriesText): void {
    this.#line.set(head);
    this.#tail.set(`${tail}\n`);
    this.#hasNewline = head.includes('\n') || tail.includes('\n');
  }

  /** The same from bytes; false when the series is declined. */
  copySeries(lines: PointLines, suffix: string): boolean {
    this.#hasNewline = false;
    return lines.samples(suffix, this.#line, this.#tail);
  }

  /** Returns false when a line would be too long. */
  write(
    { values, weights }: WeightedSamples,
    kind: NumberKind,
    { sink, syntax, packed, maxLineBytes, lineBytes }: SampleTarget,
  ): boolean {
    const type = syntax.afterNumber[kind];
    this.#values.encode(values, syntax.beforeNumber);
    this.#groups.assign(weights);
    this.#setOrder(values.length);
    this.#setEnds(type, syntax.beforeRate);
    if (!this.#fits(values.length, lineBytes)) return false;
    // The sink checks text for newlines inside of a line, which custom dialects may let through.
    const hasNewline = this.#hasNewline || type.includes('\n');
    const output = { sink, buffer: hasNewline ? undefined : sink.bytes?.('additive') };
    if (packed) this.#writePacked(values.length, maxLineBytes, output);
    else this.#writeSingly(values.length, output);
    return true;
  }

  #fits(samples: number, lineBytes: number): boolean {
    for (let sample = 0; sample < samples; sample++) {
      const end = this.#ends[this.#groups.groupOf[sample]!]!;
      if (this.#line.length + this.#values.lengthOf(sample) + end.length - 1 > lineBytes) return false;
    }
    return true;
  }

  #writeSingly(samples: number, output: Output): void {
    const line = this.#line;
    const headLength = line.length;
    line.reserve(this.#values.bytes);
    for (let position = 0; position < samples; position++) {
      const sample = this.#order[position]!;
      line.length = this.#values.copyTo(line.view, headLength, sample);
      this.#endLine(this.#groups.groupOf[sample]!, output);
    }
    line.length = headLength;
  }

  #writePacked(samples: number, maxLineBytes: number, output: Output): void {
    const line = this.#line;
    const values = this.#values;
    const groups = this.#groups;
    const headLength = line.length;
    line.reserve(values.bytes);
    groups.link(this.#order, samples);
    for (const group of groups.inOrder) {
      const room = maxLineBytes - this.#ends[group]!.length;
      let at = headLength;
      for (let sample = groups.first(group); sample >= 0; sample = groups.next(sample)) {
        if (at > headLength && at + values.lengthOf(sample) > room) {
          line.length = at;
          this.#endLine(group, output);
          at = headLength;
        }
        at = values.copyTo(line.view, at, sample);
      }
      line.length = at;
      this.#endLine(group, output);
    }
    line.length = headLength;
  }

  #setEnds(type: string, beforeRate: string): void {
    const { weights } = this.#groups;
    for (let group = 0; group < weights.length; group++) {
      const weight = weights[group]!;
      if (group === this.#ends.length) this.#ends.push(new ByteBuffer());
      const end = this.#ends[group]!;
      end.set(weight === 1 ? type : type + beforeRate);
      if (weight !== 1) {
        end.reserve(MAX_NUMBER_BYTES);
        end.length = this.#numbers.write(sampleRate(weight), end, end.length);
      }
      end.append(this.#tail);
    }
  }

  #setOrder(samples: number): void {
    if (samples === this.#orderedSamples) return;
    this.#order = interleavedOrder(samples, this.#order);
    this.#orderedSamples = samples;
  }

  #endLine(group: number, { sink, buffer }: Output): void {
    const end = this.#ends[group]!;
    const length = this.#line.length + end.length;
    // The sink reports a line that is longer than any payload.
    if (buffer === undefined || length > MAX_LINE_IN_BUFFER) {
      return sink.write(this.#line.decode() + end.decode(), 1, 'additive');
    }
    buffer.reserve(length);
    const at = this.#line.copyTo(buffer.view, buffer.position);
    buffer.commit(end.copyTo(buffer.view, at));
  }
}

// Samples as lines. A server either takes one value per line, or several of one weight in a line:
// `name:v1:v2|type|@rate`, cut where one would grow too long.
// A hundred numbers to a point: they are written as bytes, for their texts would cost more than all else.

import type { LineBuffer, LineSink } from '../../lines/line-sink.js';
import type { SeriesText } from '../../lines/series-text.js';
import type { MetricContext } from '../../metric-context.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../../numbers/number-writer.js';
import { sampleRate, type WeightedSamples } from '../samples/weights.js';
import { ByteText } from './byte-buffer.js';
import { NumberTexts } from './encoded-values.js';
import { spreadOrder } from './interleave.js';
import { WeightGroups } from './weight-groups.js';

/** A sink has room for so much, whatever it is. */
const MAX_IN_PLACE = 8_192;

/** Where lines go: into the buffer, or where there is none or too little room, to the sink as text. */
interface Place {
  readonly sink: LineSink;
  readonly buffer: LineBuffer | undefined;
}

export class SampleLines {
  readonly #numbers = new NumberWriter();
  readonly #values = new NumberTexts();
  readonly #groups = new WeightGroups();
  /** The order of so many samples; often the next point has as many. */
  #order: Int32Array = new Int32Array(0);
  #ordered = 0;
  /** The line to be, without its end. */
  readonly #line = new ByteText();
  /** What follows the values: one for each group of samples. */
  readonly #ends: ByteText[] = [];
  /** What follows the rate in all of them. */
  readonly #tail = new ByteText();

  write(
    { values, weights }: WeightedSamples,
    { head, tail }: SeriesText,
    type: string,
    { options, sink }: MetricContext,
  ): void {
    this.#values.begin(values);
    this.#groups.begin(weights);
    this.#spread(values.length);
    this.#setEnds(type, tail);
    this.#line.set(head);
    // A newline is for the sink to find, where no dialect replaces it.
    const hasNewline = head.includes('\n') || type.includes('\n') || tail.includes('\n');
    const place = { sink, buffer: hasNewline ? undefined : sink.bytes?.('additive') };
    if (options.dialect.samples.packed) this.#writePacked(values.length, options.maxLineBytes, place);
    else this.#writeSingly(values.length, place);
  }

  /** The order is spread out, so that a lost datagram thins the distribution instead of cutting off one end. */
  #writeSingly(samples: number, place: Place): void {
    const line = this.#line;
    const headLength = line.length;
    line.reserve(this.#values.bytes);
    for (let position = 0; position < samples; position++) {
      const sample = this.#order[position]!;
      line.length = this.#values.copyTo(line.view, headLength, sample);
      this.#endLine(this.#groups.groupOf[sample]!, place);
    }
    line.length = headLength;
  }

  #writePacked(samples: number, maxLineBytes: number, place: Place): void {
    const line = this.#line;
    const values = this.#values;
    const groups = this.#groups;
    const headLength = line.length;
    line.reserve(values.bytes);
    groups.chain(this.#order, samples);
    for (const group of groups.inOrder) {
      const room = maxLineBytes - this.#ends[group]!.length;
      let at = headLength;
      for (let sample = groups.first(group); sample >= 0; sample = groups.next(sample)) {
        if (at > headLength && at + values.lengthOf(sample) > room) {
          line.length = at;
          this.#endLine(group, place);
          at = headLength;
        }
        at = values.copyTo(line.view, at, sample);
      }
      line.length = at;
      this.#endLine(group, place);
    }
    line.length = headLength;
  }

  #setEnds(type: string, tail: string): void {
    const { weights } = this.#groups;
    this.#tail.set(`${tail}\n`);
    for (let group = 0; group < weights.length; group++) {
      const weight = weights[group]!;
      if (group === this.#ends.length) this.#ends.push(new ByteText());
      const end = this.#ends[group]!;
      end.set(weight === 1 ? `|${type}` : `|${type}|@`);
      if (weight !== 1) {
        end.reserve(MAX_NUMBER_BYTES);
        end.length = this.#numbers.write(sampleRate(weight), end.bytes, end.length);
      }
      end.append(this.#tail);
    }
  }

  #spread(samples: number): void {
    if (samples === this.#ordered) return;
    this.#order = spreadOrder(samples, this.#order);
    this.#ordered = samples;
  }

  #endLine(group: number, { sink, buffer }: Place): void {
    const end = this.#ends[group]!;
    const length = this.#line.length + end.length;
    // A line longer than any payload is for the sink to find.
    if (buffer === undefined || length > MAX_IN_PLACE) {
      return sink.write(this.#line.decode() + end.decode(), 1, 'additive');
    }
    buffer.reserve(length);
    const at = this.#line.copyTo(buffer.view, buffer.position);
    buffer.commit(end.copyTo(buffer.view, at));
  }
}

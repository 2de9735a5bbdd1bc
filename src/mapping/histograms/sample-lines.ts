// Samples as lines: a line each, or side by side in lines `head:v:v:v|type|@rate`, cut where one would grow too long.
// A hundred numbers to a point: they are written as bytes, for their texts would cost more than all else.

import type { MetricContext } from '../context.js';
import type { LineSink, SeriesText } from '../lines.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../plain/write-number.js';
import { spreadOrder } from './emission-order.js';
import { rateSection, type WeightedSamples } from './weights.js';

const COLON = 58;
const NEWLINE = 10;

/** A sink has room for so much, whatever it is. */
const MAX_IN_PLACE = 8_192;

const encoder = new TextEncoder();
/** `ignoreBOM`, for a name may begin with one where a dialect lets it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class SampleLines {
  readonly #numbers = new NumberWriter();
  /** Values of one line, each after its colon where several share it. */
  #values = new Uint8Array(2_048);

  write(samples: WeightedSamples, series: SeriesText, type: string, context: MetricContext): void {
    if (context.options.dialect.samples.packed) this.#writePacked(samples, series, type, context);
    else this.#writeSingly(samples, series, type, context);
  }

  #writeSingly(
    { values, weights }: WeightedSamples,
    { head, tail }: SeriesText,
    type: string,
    { sink }: MetricContext,
  ): void {
    const start = encoder.encode(`${head}:`);
    const ends = new Map<number, Uint8Array>();
    // The order is spread out, so that a lost datagram thins the distribution instead of cutting off one end.
    for (const index of spreadOrder(values.length)) {
      const weight = weights[index]!;
      let end = ends.get(weight);
      if (end === undefined) {
        end = encoder.encode(`|${type}${rateSection(weight)}${tail}\n`);
        ends.set(weight, end);
      }
      const length = this.#numbers.write(values[index]!, this.#values, 0);
      writeLine(sink, start, this.#values.subarray(0, length), end);
    }
  }

  #writePacked(
    { values, weights }: WeightedSamples,
    { head, tail }: SeriesText,
    type: string,
    { options, sink }: MetricContext,
  ): void {
    const headBytes = encoder.encode(head);
    const byWeight = new Map<number, number[]>();
    for (const index of spreadOrder(values.length)) {
      const weight = weights[index]!;
      const indexes = byWeight.get(weight);
      if (indexes === undefined) byWeight.set(weight, [index]);
      else indexes.push(index);
    }
    for (const [weight, indexes] of byWeight) {
      const end = encoder.encode(`|${type}${rateSection(weight)}${tail}\n`);
      const room = options.maxLineBytes - headBytes.length - end.length;
      let used = 0;
      for (const index of indexes) {
        if (used + MAX_NUMBER_BYTES > this.#values.length) this.#grow();
        const start = used;
        this.#values[start] = COLON;
        used = this.#numbers.write(values[index]!, this.#values, start + 1);
        if (start === 0 || used <= room) continue;
        writeLine(sink, headBytes, this.#values.subarray(0, start), end);
        this.#values.copyWithin(0, start, used);
        used -= start;
      }
      if (used > 0) writeLine(sink, headBytes, this.#values.subarray(0, used), end);
    }
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#values.length);
    larger.set(this.#values);
    this.#values = larger;
  }
}

function writeLine(sink: LineSink, head: Uint8Array, values: Uint8Array, end: Uint8Array): void {
  const length = head.length + values.length + end.length;
  // A newline is for the sink to find, where no dialect replaces it; so is a line longer than any payload.
  if (
    sink.bytes === undefined ||
    length > MAX_IN_PLACE ||
    head.includes(NEWLINE) ||
    end.indexOf(NEWLINE) < end.length - 1
  ) {
    const line = decoder.decode(head) + decoder.decode(values) + decoder.decode(end);
    return sink.write(line, 1, 'additive');
  }
  const buffer = sink.bytes('additive');
  buffer.reserve(length);
  const start = buffer.position;
  buffer.bytes.set(head, start);
  buffer.bytes.set(values, start + head.length);
  buffer.bytes.set(end, start + length - end.length);
  buffer.commit(start + length);
}

// Representative samples as lines: packed where the server takes several values in one, else a line each.

import type { MetricContext } from '../context.js';
import { type SeriesText, writeCounter } from '../lines.js';
import { formatNumber } from '../numbers.js';
import type { AttributeRecord } from '../tags.js';
import { spreadOrder } from './emission-order.js';
import { sampleRateText, type WeightedSamples } from './weights.js';

export function writeSamples(
  samples: WeightedSamples,
  sum: number | undefined,
  type: string,
  attributes: AttributeRecord,
  context: MetricContext,
): void {
  const { dialect, histograms, maxLineBytes } = context.options;
  const { packed, rate } = dialect.samples;
  const series = context.series(attributes);
  if (packed) writePacked(samples, series, type, maxLineBytes, context);
  else writeSingly(samples, series, type, context);
  // Where the rate weighs only the count, the server's sum of sampled values is not the sum of all.
  if (rate !== 'weighted' && histograms.exactSum && sum !== undefined) {
    writeCounter(context.series(attributes, 'sum'), sum, context);
  }
}

function writeSingly(
  { values, weights }: WeightedSamples,
  { head, tail }: SeriesText,
  type: string,
  { sink }: MetricContext,
): void {
  // The order is spread out, so that a lost datagram thins the distribution instead of cutting off one end.
  for (const index of spreadOrder(values.length)) {
    const value = formatNumber(values[index]!);
    sink.write(`${head}:${value}|${type}${rateSection(weights[index]!)}${tail}\n`, 1, 'additive');
  }
}

/** Values of equal weight share lines `head:v:v:v|type|@rate`, cut where a line would grow too long. */
function writePacked(
  { values, weights }: WeightedSamples,
  { head, tail }: SeriesText,
  type: string,
  maxLineBytes: number,
  { sink }: MetricContext,
): void {
  const byWeight = new Map<number, string[]>();
  for (const index of spreadOrder(values.length)) {
    const weight = weights[index]!;
    const texts = byWeight.get(weight);
    if (texts === undefined) byWeight.set(weight, [formatNumber(values[index]!)]);
    else texts.push(formatNumber(values[index]!));
  }
  for (const [weight, texts] of byWeight) {
    const end = `|${type}${rateSection(weight)}${tail}\n`;
    const room = maxLineBytes - utf8Length(head) - utf8Length(end);
    for (const packed of cutToFit(texts, room)) sink.write(`${head}:${packed}${end}`, 1, 'additive');
  }
}

function* cutToFit(texts: readonly string[], room: number): Generator<string> {
  let packed = '';
  for (const text of texts) {
    // Numbers are ASCII: one byte a character, and one for the colon.
    if (packed !== '' && packed.length + text.length + 2 > room) {
      yield packed;
      packed = text;
    } else {
      packed = packed === '' ? text : `${packed}:${text}`;
    }
  }
  if (packed !== '') yield packed;
}

function rateSection(weight: number): string {
  return weight === 1 ? '' : `|@${sampleRateText(weight)}`;
}

const encoder = new TextEncoder();

function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import { sampleRate, type WeightedSamples } from '../../../../src/mapping/histograms/samples/weights.js';
import { interleavedOrder } from '../../../../src/mapping/histograms/write/interleave.js';
import { SampleWriter } from '../../../../src/mapping/histograms/write/sample-writer.js';
import { lineSyntaxOf } from '../../../../src/mapping/lines/line-syntax.js';
import { formatNumber } from '../../../../src/mapping/numbers/format-number.js';
import { type Group, recordingSink } from '../../../support/mapping.js';

const writer = new SampleWriter();
const syntax = lineSyntaxOf(dialects.dogstatsd);

function rateSection(weight: number): string {
  return weight === 1 ? '' : `|@${formatNumber(sampleRate(weight))}`;
}

function linesOf(
  samples: WeightedSamples,
  {
    head = 'm',
    tail = '|#a:b',
    maxLineBytes = 1432,
    takesBytes = true,
    packed = true,
    lineBytes = Infinity,
  } = {},
): string[] {
  const groups: Group[] = [];
  const sink = recordingSink(groups, takesBytes);
  writer.setValues(samples.values, syntax);
  writer.setSeries({ head, tail, stamp: undefined, identity: '' });
  writer.write(samples, 'histogram', {
    sink,
    syntax,
    packed,
    maxLineBytes,
    lineBytes,
  });
  return groups.map(({ text }) => text);
}

/** The same in plain strings. */
function modelOf(
  { values, weights }: WeightedSamples,
  head: string,
  tail: string,
  maxLineBytes: number,
): string[] {
  const order = [...interleavedOrder(values.length)];
  return [...new Set(order.map((index) => weights[index]!))].flatMap((weight) => {
    const lines: string[] = [];
    const end = `|d${rateSection(weight)}${tail}\n`;
    for (const index of order.filter((each) => weights[each] === weight)) {
      const text = formatNumber(values[index]!);
      const longer = lines.length === 0 ? undefined : `${lines.at(-1)!.slice(0, -end.length)}:${text}${end}`;
      if (longer === undefined || Buffer.byteLength(longer) > maxLineBytes)
        lines.push(`${head}:${text}${end}`);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  });
}

it('SampleWriter puts values of one weight into one line', () => {
  const samples = { values: Float64Array.of(1, 2.5, 30), weights: Float64Array.of(1, 4, 4) };
  expect(linesOf(samples)).toEqual(['m:1|d|#a:b\n', 'm:30:2.5|d|@0.25|#a:b\n']);
});

it('SampleWriter gives each value a line of its own where the server does not unpack', () => {
  const samples = { values: Float64Array.of(1, 2.5, 30), weights: Float64Array.of(1, 4, 4) };
  expect(linesOf(samples, { packed: false })).toEqual([
    'm:1|d|#a:b\n',
    'm:30|d|@0.25|#a:b\n',
    'm:2.5|d|@0.25|#a:b\n',
  ]);
});

it('SampleWriter writes the lines that string concatenation gives, as bytes and as text', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map((digits) => digits / 1_000),
  );
  const samples = fc
    .array(fc.tuple(value, fc.constantFrom(1, 2, 7)), { minLength: 1, maxLength: 300 })
    .map((pairs) => ({
      values: Float64Array.from(pairs, ([each]) => each),
      weights: Float64Array.from(pairs, ([, weight]) => weight),
    }));
  const head = fc.constantFrom('m', 'größe', 'n'.repeat(200), 'two\nlines');
  fc.assert(
    fc.property(samples, head, fc.constantFrom(40, 300, 1432, 60_000), (given, name, maxLineBytes) => {
      const model = modelOf(given, name, '|#ü:b', maxLineBytes);
      const singly = [...interleavedOrder(given.values.length)].map(
        (index) =>
          `${name}:${formatNumber(given.values[index]!)}|d${rateSection(given.weights[index]!)}|#ü:b\n`,
      );
      expect(linesOf(given, { head: name, tail: '|#ü:b', packed: false })).toEqual(singly);
      expect(linesOf(given, { head: name, tail: '|#ü:b', packed: false, takesBytes: false })).toEqual(singly);
      const options = { head: name, tail: '|#ü:b', maxLineBytes };
      expect(linesOf(given, options)).toEqual(model);
      expect(linesOf(given, { ...options, takesBytes: false })).toEqual(model);
    }),
    { numRuns: 300 },
  );
});

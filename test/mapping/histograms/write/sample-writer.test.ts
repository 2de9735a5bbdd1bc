import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import type { PointLines } from '../../../../src/mapping/fast-path/point-lines.js';
import { sampleRate, type WeightedSamples } from '../../../../src/mapping/histograms/samples/weights.js';
import { interleavedOrder } from '../../../../src/mapping/histograms/write/interleave.js';
import { SampleWriter } from '../../../../src/mapping/histograms/write/sample-writer.js';
import type { ByteBuffer } from '../../../../src/mapping/lines/byte-buffer.js';
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

const THREE: WeightedSamples = { values: Float64Array.of(1, 2.5, 30), weights: Float64Array.of(1, 4, 4) };

it.each([true, false])(
  'SampleWriter writes nothing where one line would be too long (packed: %s)',
  (packed) => {
    const tail = `|#${'t'.repeat(600)}`;
    const lines = linesOf(THREE, { packed: false, tail });
    const longest = Math.max(...lines.map((line) => line.length - '\n'.length));
    const written = [longest, longest - 1].map((lineBytes) => {
      const groups: Group[] = [];
      const sink = recordingSink(groups, true);
      const isWritten = writer.write(THREE, 'histogram', {
        sink,
        syntax,
        packed,
        maxLineBytes: 1,
        lineBytes,
      });
      return [isWritten, groups.length];
    });
    expect(written).toEqual([
      [true, 3],
      [false, 0],
    ]);
  },
);

it('SampleWriter hands lines to the sink as text where a newline is inside of them, so that the sink can check that', () => {
  const isText = (): boolean => {
    let texts = 0;
    const groups: Group[] = [];
    const sink = { ...recordingSink(groups, true), write: () => texts++ };
    writer.setValues(THREE.values, syntax);
    writer.write(THREE, 'histogram', { sink, syntax, packed: true, maxLineBytes: 100, lineBytes: 100 });
    return texts > 0;
  };
  const seriesOf = (head: string, tail: string): boolean => {
    writer.setSeries({ head, tail, stamp: undefined, identity: '' });
    return isText();
  };
  const copied = {
    samples: (suffix: string, head: ByteBuffer, tail: ByteBuffer) => {
      head.set(`m.${suffix}`);
      tail.set('\n');
      return suffix === 'max';
    },
  } as unknown as PointLines;
  expect([seriesOf('m', '|#t'), seriesOf('m\n', '|#t'), seriesOf('m', '|#\nt')]).toEqual([false, true, true]);
  expect([writer.copySeries(copied, 'max'), isText()]).toEqual([true, false]);
  expect(writer.copySeries(copied, 'other')).toBe(false);
});

it('SampleWriter writes lines of up to 8,192 bytes into the buffer, and longer ones as text, which the sink may refuse', () => {
  const textsOf = (headBytes: number): number => {
    let texts = 0;
    const sink = { ...recordingSink([], true), write: () => texts++ };
    writer.setValues(Float64Array.of(5), syntax);
    writer.setSeries({ head: 'm'.repeat(headBytes), tail: '', stamp: undefined, identity: '' });
    const target = { sink, syntax, packed: true, maxLineBytes: 10_000, lineBytes: 10_000 };
    expect(writer.write({ weights: Float64Array.of(1) }, 'histogram', target)).toBe(true);
    return texts;
  };
  const rest = ':5|d\n'.length;
  expect([textsOf(8_192 - rest), textsOf(8_193 - rest)]).toEqual([0, 1]);
});

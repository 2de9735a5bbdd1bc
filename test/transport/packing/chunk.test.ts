import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Chunk, metricNameOf, payloadsOf, splitChunk } from '../../../src/transport/packing/chunk.js';
import { frameChunk, framingOf } from '../../../src/transport/packing/framing.js';
import { chunkOf, counterLines } from '../../support/lines.js';

/** Text and line count of each. */
function readable(chunk: Chunk): [text: string, lines: number][] {
  return payloadsOf(chunk).map(({ bytes, lines }) => [bytes.toString(), lines]);
}

/** One line in each payload. */
const oneByOne = { maxPayloadBytes: 10 };

describe('splitting a chunk', () => {
  test('divides it between payloads, and each half is a valid chunk', () => {
    const chunk = { ...chunkOf(['a:1|c', 'bb:1|c', 'c:1|c'], oneByOne), sends: 4 };
    const halves = splitChunk(chunk);
    expect(
      halves?.map(({ bytes, lines, kind, bounds, sends }) => [String(bytes), lines, kind, bounds, sends]),
    ).toEqual([
      ['a:1|c\n', 1, 'additive', [6, 1], 4],
      ['bb:1|c\nc:1|c\n', 2, 'additive', [7, 1, 13, 1], 4],
    ]);
  });

  test('divides an even number of payloads in the middle', () => {
    const halves = splitChunk(chunkOf(['a:1|c', 'bb:1|c', 'c:1|c', 'd:1|c'], oneByOne));
    expect(halves?.map(({ bytes, lines, bounds }) => [String(bytes), lines, bounds])).toEqual([
      ['a:1|c\nbb:1|c\n', 2, [6, 1, 13, 1]],
      ['c:1|c\nd:1|c\n', 2, [6, 1, 12, 1]],
    ]);
  });

  test('is not possible for a single payload', () => {
    expect(splitChunk(chunkOf(['a:1|c', 'b:1|c']))).toBeUndefined();
  });

  test('repeatedly ends in single payloads, in their order', () => {
    const pieces = (chunk: Chunk): Chunk[] => splitChunk(chunk)?.flatMap(pieces) ?? [chunk];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 12, max: 60 }),
        (count, maxPayloadBytes) => {
          const chunk = chunkOf(counterLines(count), { maxPayloadBytes });
          const split = pieces(chunk);
          expect(split.flatMap(readable)).toEqual(readable(chunk));
          expect(split.map(({ bytes, lines }) => [String(bytes), lines])).toEqual(readable(chunk));
        },
      ),
    );
  });
});

describe('framing', () => {
  const chunk = chunkOf(['a:1|c', 'bb:1|c'], oneByOne);

  test('is that of the dialect over unix, and newlines over every other protocol', () => {
    const dogstatsd = { unixStreamFraming: 'length-prefixed' } as const;
    const protocols = ['unix', 'tcp', 'tls', 'udp', 'unixgram', 'stream', 'lines'];
    expect(protocols.map((protocol) => framingOf(protocol, dogstatsd))).toEqual([
      'length-prefixed',
      ...protocols.slice(1).map(() => 'newline'),
    ]);
    expect(framingOf('unix', {})).toBe('newline');
  });

  test('with newlines sends the bytes as they are', () => {
    expect(frameChunk(chunk, 'newline')).toBe(chunk.bytes);
  });

  test('with lengths writes a 32-bit little-endian number before each payload', () => {
    expect(frameChunk(chunk, 'length-prefixed')).toEqual(
      Buffer.from('\x06\0\0\0a:1|c\n\x07\0\0\0bb:1|c\n', 'latin1'),
    );
  });
});

test.each([
  ['a.b:1|c', 'a.b'],
  ['a.b;env=x 1 1700000000', 'a.b'],
  ['a.b#env=x:1|c', 'a.b'],
  ['a.b,env=x:1|c', 'a.b'],
  ['a.b|#env:x', 'a.b'],
  [':1|c', ''],
  ['', ''],
  ['x'.repeat(300), 'x'.repeat(200)],
])('the name of the metric of %j is %j', (line, name) => {
  expect(metricNameOf(line)).toBe(name);
});

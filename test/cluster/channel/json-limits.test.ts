import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithinJsonLimits } from '../../../src/cluster/channel/json-limits.js';
import { LineDecoder } from '../../../src/cluster/channel/ndjson.js';
import {
  MAX_MESSAGE_BYTES,
  MAX_MESSAGE_DEPTH,
  MAX_MESSAGE_PROPERTIES,
  MAX_MESSAGE_TOKENS,
} from '../../../src/cluster/protocol/limits.js';

const isWithin = (text: string, maxDepth: number, maxTokens: number, maxProperties = Infinity): boolean =>
  isWithinJsonLimits(Buffer.from(text), { maxDepth, maxTokens, maxProperties });

/** Depth and number of the values that JSON.parse creates. */
function measure(value: unknown): { depth: number; values: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 1 };
  const parts = Object.values(value).map(measure);
  return {
    depth: 1 + Math.max(0, ...parts.map(({ depth }) => depth)),
    values: 1 + parts.reduce((sum, { values }) => sum + values, 0),
  };
}

describe('limits of JSON', () => {
  it('bound depth and values of any text that passes', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat({ max: 5 }), fc.nat({ max: 30 }), (text, maxDepth, maxTokens) => {
        if (!isWithin(text, maxDepth, maxTokens)) return;
        const { depth, values } = measure(JSON.parse(text));
        expect(depth).toBeLessThanOrEqual(maxDepth);
        expect(values).toBeLessThanOrEqual(2 * maxTokens + 1);
      }),
    );
  });

  it('pass every text of small depth and few values', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { depth, values } = measure(JSON.parse(text));
        expect(isWithin(text, depth, 2 * values)).toBe(true);
      }),
    );
  });

  it('may be reached, and not exceeded', () => {
    // Three levels, four opening brackets and four commas, two properties.
    const text = '[[1,2],{"a":1,"b":[]},3]';
    const [depth, tokens, properties] = [3, 8, 2];
    expect([
      isWithin(text, depth, tokens, properties),
      isWithin(text, depth - 1, tokens, properties),
      isWithin(text, depth, tokens - 1, properties),
      isWithin(text, depth, tokens, properties - 1),
    ]).toEqual([true, false, false, false]);
  });

  it('are not exceeded by the last bracket either', () => {
    expect([isWithin('[', 1, 0), isWithin('{', 0, 1), isWithin('{', 1, 1)]).toEqual([false, false, true]);
  });

  it('ignore brackets, commas and colons in strings', () => {
    expect(isWithin('":::"', 0, 0, 0)).toBe(true);
    expect(isWithin(JSON.stringify('[[[,,,"\\'), 0, 0)).toBe(true);
    expect(isWithin('"a\\"[[[', 0, 0)).toBe(true);
  });
});

describe('a line decoder', () => {
  const refusal =
    `a message has more than ${MAX_MESSAGE_TOKENS} items or ${MAX_MESSAGE_PROPERTIES} properties, ` +
    `or more than ${MAX_MESSAGE_DEPTH} levels`;

  it('refuses a line of many empty lists before it parses it', () => {
    const line = Buffer.from(`[${'[],'.repeat(MAX_MESSAGE_TOKENS)}0]\n`);
    expect(() => [...new LineDecoder().decode(line)]).toThrow(refusal);
  });

  it('takes messages at the limits', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const list = `[${'0,'.repeat(MAX_MESSAGE_TOKENS - 1)}0]`;
    const properties = Array.from({ length: MAX_MESSAGE_PROPERTIES }, (_, index) => `"${index}":0`);
    const text = JSON.stringify('x'.repeat(MAX_MESSAGE_BYTES - 2));
    for (const message of [nested(MAX_MESSAGE_DEPTH), list, `{${properties.join(',')}}`, text]) {
      expect([...new LineDecoder().decode(Buffer.from(`${message}\n`))]).toEqual([JSON.parse(message)]);
    }
    expect(() => [...new LineDecoder().decode(Buffer.from(`${text.slice(0, -1)}x"\n`))]).toThrow(
      `a message has more than ${MAX_MESSAGE_BYTES} bytes`,
    );
  });

  it('refuses a line of many properties before it parses it', () => {
    const properties = Array.from({ length: MAX_MESSAGE_PROPERTIES + 1 }, (_, index) => `"${index}":0`);
    expect(() => [...new LineDecoder().decode(Buffer.from(`{${properties.join(',')}}\n`))]).toThrow(refusal);
  });

  it('refuses a line of deep lists before it parses it', () => {
    expect(() => [...new LineDecoder().decode(Buffer.from(`${'['.repeat(100_000)}\n`))]).toThrow(refusal);
  });

  it('holds no more memory than the limit of a message, however small the chunks are', () => {
    const decoder = new LineDecoder();
    for (let bytes = 0; bytes < MAX_MESSAGE_BYTES; bytes += 1) decoder.decode(Buffer.from('1')).next();
    expect(decoder.bufferedBytes).toBe(MAX_MESSAGE_BYTES);
    expect(() => [...decoder.decode(Buffer.from('1'))]).toThrow(
      `a message has more than ${MAX_MESSAGE_BYTES} bytes`,
    );
  });

  it('doubles the memory of a line that grows, from 1,024 bytes', () => {
    const decoder = new LineDecoder(5_000);
    const seen = [1_024, 1, 1_023, 1, 2_047, 1, 903].map((bytes) => {
      decoder.decode(Buffer.alloc(bytes, '1')).next();
      return decoder.bufferedBytes;
    });
    expect(seen).toEqual([1_024, 2_048, 2_048, 4_096, 4_096, 5_000, 5_000]);
    const other = new LineDecoder();
    other.decode(Buffer.alloc(3_000, '1')).next();
    expect(other.bufferedBytes).toBe(3_000);
  });

  it('keeps nothing of whole lines, and nothing at all of an empty chunk', () => {
    const decoder = new LineDecoder();
    expect([...decoder.decode(Buffer.from('1\n2\n')), ...decoder.decode(Buffer.alloc(0))]).toEqual([1, 2]);
    expect(decoder.bufferedBytes).toBe(0);
  });

  it('releases its memory at the end of a line', () => {
    const decoder = new LineDecoder();
    expect([...decoder.decode(Buffer.from('"'.padEnd(100_000, 'x')))]).toEqual([]);
    expect([...decoder.decode(Buffer.from('"\n'))]).toEqual([`${'x'.repeat(99_999)}`]);
    expect(decoder.bufferedBytes).toBe(0);
  });
});

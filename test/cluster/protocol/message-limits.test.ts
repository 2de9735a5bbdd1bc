// The limits of one message as docs/security.md states them: what reaches a limit is accepted, and one more is refused.
import { describe, expect, it } from 'vitest';
import { LineDecoder } from '../../../src/cluster/channel/ndjson.js';
import { decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';

const parses = (json: string): boolean => {
  try {
    return [...new LineDecoder().decode(Buffer.from(`${json}\n`))].length === 1;
  } catch {
    return false;
  }
};

const isRead = (metrics: unknown): boolean => decodeMetrics(metrics) !== undefined;

const flat = (count: number, value: unknown = ''): unknown[] =>
  Array.from({ length: count }, (_, index) => [`k${index}`, value]).flat();

/** A batch of one counter with so many points, each with all of the attributes. */
const batch = ({
  resource = [] as unknown[],
  attributes = [] as unknown[],
  points = 1,
  description = '',
  value = 1 as unknown,
  type = 3,
} = {}): object => {
  const metric = { name: '', description, unit: '', valueType: 0, type, isMonotonic: true };
  const places = attributes.flatMap((_, index) => (index % 2 === 0 ? [index / 2] : []));
  return {
    resource,
    attributes,
    times: [1, 0, 2, 0],
    scopes: [
      {
        name: '',
        metrics: [
          {
            ...metric,
            points: Array.from({ length: points }, () => [0, places.length, ...places]).flat(),
            values: Array(points).fill(value),
          },
        ],
      },
    ],
  };
};

/** An exponential histogram with so many buckets on each side of zero. */
function exponential(positive: number, negative: number): object {
  const side = (count: number): unknown[] => [0, Array(count).fill(1)];
  const value = [[positive + negative, 1, null, null], 3, 0, side(positive), side(negative)];
  return batch({ type: 1, value });
}

/** Items of all lists. */
function itemsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? value.length : 0;
  return own + Object.values(value).reduce((sum: number, item) => sum + itemsOf(item), 0);
}

const withItems = (items: number): object => {
  const least = itemsOf(batch({ attributes: ['k', []] }));
  return batch({ attributes: ['k', Array(items - least).fill(true)] });
};

describe('a message has at most', () => {
  it.each<[string, number, (count: number) => boolean]>([
    ['1 MiB', 1_048_576, (bytes) => parses(`"${'x'.repeat(bytes - 2)}"`)],
    ['12 levels', 12, (levels) => parses('['.repeat(levels) + ']'.repeat(levels))],
    ['50,000 commas and brackets', 50_000, (tokens) => parses(`[${'0,'.repeat(tokens - 1)}0]`)],
    ['10,000 properties', 10_000, (count) => parses(`{${Array(count).fill('"a":0').join(',')}}`)],
    ['25,000 list items', 25_000, (items) => isRead(withItems(items))],
    ['2,000 scopes, metrics and points', 2_000, (parts) => isRead(batch({ points: parts - 2 }))],
    ['1,000 attributes of a point', 1_000, (count) => isRead(batch({ attributes: flat(count) }))],
    ['200 attributes of its resource', 200, (count) => isRead(batch({ resource: flat(count) }))],
    ['1,024 buckets above zero', 1_024, (count) => isRead(exponential(count, 0))],
    ['1,024 buckets below zero', 1_024, (count) => isRead(exponential(0, count))],
    ['1 Mi characters of text', 1_048_576, (count) => isRead(batch({ description: 'x'.repeat(count) }))],
  ])('%s', (_, limit, isAccepted) => {
    expect([limit - 1, limit, limit + 1].map(isAccepted)).toEqual([true, true, false]);
  });
});

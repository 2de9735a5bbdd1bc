import { describe, expect, it } from 'vitest';
import {
  type DialectName,
  type ExpectedTags,
  InMemorySink,
  type MatcherResult,
  statsdMatchers,
} from '../../src/testing.js';

const { toHaveCounter, toHaveGauge, toHaveTiming, toHaveSample } = statsdMatchers;

function memory(lines: string[], dialect: DialectName = 'dogstatsd'): InMemorySink {
  const transport = new InMemorySink({ dialect });
  transport.sink(lines);
  return transport;
}

const passes = (results: MatcherResult[]): boolean[] => results.map(({ pass }) => pass);

describe('the counter matcher', () => {
  const orders = memory([
    'orders:1|c|#country:fi',
    'orders:1|c|@0.5|#country:fi,shop:a',
    'orders:4|c',
    'other:1|c',
  ]);

  it('adds up the series that have the tags', () => {
    expect(
      passes([
        toHaveCounter(orders, 'orders', 7),
        toHaveCounter(orders, 'orders', 3, { country: 'fi' }),
        toHaveCounter(orders, 'orders', 2, { country: 'fi', shop: 'a' }),
        toHaveCounter(orders, 'orders', 6),
        toHaveCounter(orders, 'orders', 0, { country: 'se' }),
        toHaveCounter(orders, 'order', 0),
      ]),
    ).toEqual([true, true, true, false, false, false]);
  });

  it('reports the actual value, the received lines and the malformed ones', () => {
    const short = memory(['orders:2|c', 'orders:x|c']);
    expect(toHaveCounter(short, 'orders', 3).message()).toBe(
      'expected the counter orders to be 3: it is 2\n\n2 lines have arrived:\n  orders:2|c\n  orders:x|c\n' +
        'malformed: "orders:x|c": the value "x" is not a plain decimal number',
    );
    expect(toHaveCounter(short, 'orders', 2).message()).toBe(
      'expected the counter orders not to be 2: it is 2\n\n2 lines have arrived:\n  orders:2|c\n  orders:x|c\n' +
        'malformed: "orders:x|c": the value "x" is not a plain decimal number',
    );
    expect(toHaveCounter(memory([]), 'a', 1, { z: '1', b: '2' }).message()).toBe(
      'expected the counter a{b=2,z=1} to be 1: there is none\n\nno line has arrived',
    );
  });

  it('shows the last of many lines', () => {
    const many = memory(Array.from({ length: 23 }, (_, index) => `n${index}:1|c`));
    expect(toHaveCounter(many, 'n', 1).message().split('\n').slice(2, 5)).toEqual([
      '23 lines have arrived:',
      '  (3 before these)',
      '  n3:1|c',
    ]);
  });

  it('tolerates rounding of a sum of thirds', () => {
    const third = memory(Array.from({ length: 9 }, () => 'n:1|c|@0.3333333333333333'));
    expect(toHaveCounter(third, 'n', 27).pass).toBe(true);
  });
});

describe('tags in a dialect without tags', () => {
  const folded = memory(['orders.country.fi.shop.a_b:2|c', 'orders.country.fi:1|c'], 'statsd');

  it.each<[number, ExpectedTags, boolean]>([
    [2, { shop: 'a b', country: 'fi' }, true],
    [1, { country: 'fi' }, true],
    [3, { country: 'fi' }, false],
    [3, {}, false],
  ])('are looked for in the name: %d with %o is %s', (value, tags, pass) => {
    expect(toHaveCounter(folded, 'orders', value, tags).pass).toBe(pass);
  });
});

describe('the gauge matcher', () => {
  it('takes the last value', () => {
    const gauges = memory(['q:3|g', 'q:-2|g', 'r:1|g|#k:a', 'r:2|g|#k:b']);
    expect(
      passes([
        toHaveGauge(gauges, 'q', -2),
        toHaveGauge(gauges, 'q', 3),
        toHaveGauge(gauges, 'r', 2, { k: 'b' }),
        toHaveGauge(gauges, 's', 0),
      ]),
    ).toEqual([true, false, true, false]);
    expect(toHaveGauge(gauges, 's', 0).message()).toMatch(/^expected the gauge s to be 0: there is none\n/);
  });

  it('adds a signed value where the dialect means it as relative', () => {
    expect(toHaveGauge(memory(['q:0|g', 'q:-5|g', 'q:+2|g'], 'statsd'), 'q', -3).pass).toBe(true);
  });

  it('throws when several series match', () => {
    const gauges = memory(['r:1|g|#k:a', 'r:2|g|#k:b']);
    expect(() => toHaveGauge(gauges, 'r', 2)).toThrow(
      'several gauges match; name the tags of one: r{k=a} r{k=b}',
    );
  });

  it('names twenty of many series, escaped', () => {
    const gauges = memory(Array.from({ length: 30 }, (_, k) => `r:1|g|#k:${k}\u202e`));
    const named = Array.from({ length: 20 }, (_, k) => `r{k=${k}\\u{202e}}`);
    expect(() => toHaveGauge(gauges, 'r', 2)).toThrow(
      `several gauges match; name the tags of one: ${named.join(' ')} and 10 more`,
    );
  });

  it('reads the tags of a line once, however many values it has', () => {
    const gauges = memory([`r${':1'.repeat(1_000)}|g|#k:v`]);
    let reads = 0;
    const tags = new Proxy(gauges.samples[0]!.tags, {
      ownKeys: (target) => {
        reads += 1;
        return Reflect.ownKeys(target);
      },
    });
    const samples = gauges.samples.map((sample) => ({ ...sample, tags }));
    const received = { samples, dialect: gauges.dialect, lines: [], totals: () => gauges.totals() };
    expect(toHaveGauge(received, 'r', 1).pass).toBe(true);
    expect(reads).toBeLessThan(10);
  });
});

describe('the timing matcher', () => {
  const timings = memory(['t:10:20|d|@0.5', 't:60|ms|#k:v', 'u:1|h']);

  it('combines all recordings, weighted by their sample rates', () => {
    expect(
      passes([
        toHaveTiming(timings, 't', { count: 5, sum: 120, mean: 24, min: 10, max: 60 }),
        toHaveTiming(timings, 't', { count: 1, mean: 60, min: undefined }, { k: 'v' }),
        toHaveTiming(timings, 't', { count: 5, max: 61 }),
        toHaveTiming(timings, 'v', {}),
      ]),
    ).toEqual([true, true, false, false]);
    expect(toHaveTiming(timings, 't', { max: 61 }).message().split('\n')[0]).toBe(
      'expected the timing t to be {"max":61}: it is {"count":5,"sum":120,"mean":24,"min":10,"max":60}',
    );
  });

  it('accepts a number as the value of one recording', () => {
    expect(passes([toHaveTiming(timings, 't', 20), toHaveTiming(timings, 't', 30)])).toEqual([true, false]);
    expect(toHaveTiming(timings, 't', 30).message().split('\n')[0]).toBe(
      'expected the timing t to be 30: it is [10,20,60]',
    );
  });
});

it('each matcher looks at its own types alone', () => {
  const one = memory(['a:1|c', 'a:2|g', 'a:3|ms', 'a:4|h', 'a:5|d', 'a:6|s']);
  expect(
    passes([
      toHaveCounter(one, 'a', 1),
      toHaveGauge(one, 'a', 2),
      toHaveTiming(one, 'a', { count: 3, sum: 12, min: 3, max: 5 }),
      toHaveSample(one, 'a', '6'),
    ]),
  ).toEqual([true, true, true, true]);
  const set = memory(['a:6|s']);
  expect(
    passes([
      toHaveCounter(set, 'a', 0),
      toHaveGauge(memory(['a:3|ms']), 'a', 3),
      toHaveTiming(set, 'a', {}),
      toHaveTiming(set, 'a', 6),
    ]),
  ).toEqual([false, false, false, false]);
});

it('values are the same up to a part of a thousand million', () => {
  const large = memory(['a:1000000000.5|c', 'b:-1000000000.5|c', 'c:0|c']);
  expect(
    passes([
      toHaveCounter(large, 'a', 1_000_000_000),
      toHaveCounter(large, 'a', 999_999_999),
      toHaveCounter(large, 'a', 1_000_000_002),
      toHaveCounter(large, 'b', -1_000_000_000),
      toHaveCounter(large, 'b', -999_999_999),
      toHaveCounter(large, 'c', 0),
      toHaveCounter(large, 'c', 1e-12),
    ]),
  ).toEqual([true, false, false, true, false, true, false]);
});

it.each([undefined, null, 'text', {}, { samples: [] }, { totals: () => {} }])(
  'matchers throw for what is neither a server nor a sink: %o',
  (received) => {
    expect(() => toHaveCounter(received, 'a', 1)).toThrow(
      new TypeError('this matcher is for a StatsdTestServer or an InMemorySink'),
    );
  },
);

it('messages name the tags that were looked for', () => {
  const first = ({ message }: MatcherResult): string | undefined => message().split('\n')[0];
  const samples = memory(['u:ann|s']);
  expect([
    first(toHaveGauge(samples, 'g', 1, { k: 'v' })),
    first(toHaveTiming(samples, 't', 1, { k: 'v' })),
    first(toHaveTiming(samples, 't', { max: 2 })),
    first(toHaveSample(samples, 'u', 'bob', { k: 'v' })),
    first(toHaveSample(samples, 'u', 'bob')),
    first(toHaveSample(samples, 'u')),
  ]).toEqual([
    'expected the gauge g{k=v} to be 1: there is none',
    'expected the timing t{k=v} to be 1: there is none',
    'expected the timing t to be {"max":2}: there is none',
    'expected a sample of u{k=v} to be bob: there is none',
    'expected a sample of u to be bob: it is ["ann"]',
    'expected a sample of u not to be anything: it is ["ann"]',
  ]);
});

it('messages have twenty values, and the beginning of long ones', () => {
  const long = 'm'.repeat(501);
  const message = (sink: InMemorySink): string | undefined =>
    toHaveSample(sink, 'a', 'none').message().split('\n')[0];
  expect([
    message(memory([`a${':7'.repeat(22)}|h`])),
    message(memory([`a:${long}|s`])),
    toHaveSample(memory([]), 'a', long).message().split('\n')[0],
  ]).toEqual([
    `expected a sample of a to be none: it is [${Array(20).fill(7).join(',')}] and 2 further values`,
    `expected a sample of a to be none: it is ["${long.slice(1)}… (501 characters)"]`,
    `expected a sample of a to be ${long.slice(1)}… (501 characters): there is none`,
  ]);
});

describe('the sample matcher', () => {
  it('accepts any type, and any value when none is given', () => {
    const samples = memory(['users:ann|s', 'c:1|c|#k:v']);
    expect(
      passes([
        toHaveSample(samples, 'users', 'ann'),
        toHaveSample(samples, 'users'),
        toHaveSample(samples, 'c', undefined, { k: 'v' }),
        toHaveSample(samples, 'c', 2),
        toHaveSample(samples, 'd'),
      ]),
    ).toEqual([true, true, true, false, false]);
    expect(toHaveSample(samples, 'd').message().split('\n')[0]).toBe(
      'expected a sample of d to be anything: there is none',
    );
  });
});

it('matchers read lines without a type as counters and as gauges', () => {
  const points = memory(['a;k=v 1 100', 'a;k=v 2 100', 'a;k=v 3 110'], 'carbon');
  expect(passes([toHaveCounter(points, 'a', 5, { k: 'v' }), toHaveGauge(points, 'a', 3)])).toEqual([
    true,
    true,
  ]);
});

it('matchers throw for objects of another kind', () => {
  expect(() => toHaveCounter(['a:1|c'], 'a', 1)).toThrow(
    'this matcher is for a StatsdTestServer or an InMemorySink',
  );
});

it('matchers work through expect.extend', () => {
  expect.extend(statsdMatchers);
  interface Assertion {
    toHaveCounter(name: string, value: number): void;
    readonly not: Omit<Assertion, 'not'>;
  }
  const one = (): Assertion => expect(memory(['a:1|c'])) as unknown as Assertion;
  one().toHaveCounter('a', 1);
  one().not.toHaveCounter('a', 2);
  expect(() => one().toHaveCounter('a', 2)).toThrow('expected the counter a to be 2: it is 1');
  expect(() => one().not.toHaveCounter('a', 1)).toThrow('expected the counter a not to be 1: it is 1');
});

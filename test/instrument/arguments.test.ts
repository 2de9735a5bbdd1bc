import type { Attributes, Counter, Meter, UpDownCounter } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countExceptions,
  counted,
  createDistinctCounter,
  createRateMeter,
  inProgress,
  metered,
  snapshot,
  startTimer,
  time,
  timed,
  trackInProgress,
} from '../../src/instrument.js';
import { FakeCounter, FakeHistogram } from './support/fakes.js';
import { logged, NAMESPACE } from './support/logged.js';
import { sdk } from './support/sdk.js';

const fn = (): number => 1;
const wrong = (value: unknown): never => value as never;

describe('a helper that is made with wrong arguments', () => {
  const histogram = new FakeHistogram();
  const counter = new FakeCounter();
  const { meter } = sdk();

  it.each<[string, () => unknown]>([
    ['time: the first argument must be a histogram, not a function', () => time(wrong(fn), wrong(undefined))],
    ['time: the first argument must be a histogram, not an object', () => time(wrong(counter), fn)],
    [
      'time: the first argument must be a histogram, not an object',
      () =>
        time(
          {
            get record(): never {
              throw new Error('no record');
            },
          },
          fn,
        ),
    ],
    ['time: options must be an object, not null', () => time(histogram, fn, wrong(null))],
    [
      'time: options.unit must be "s" or "ms", not a string; options.attributes must be an object or a function, not a string',
      () => time(histogram, fn, wrong({ unit: 'min', attributes: 'a=b' })),
    ],
    ['time: options.now must be a function, not a number', () => time(histogram, fn, wrong({ now: 1 }))],
    ['timed: the first argument must be a histogram, not undefined', () => timed(wrong(undefined))],
    [
      'countExceptions: the first argument must be a counter, not an object',
      () => countExceptions(wrong(histogram), fn),
    ],
    [
      'countExceptions: options.match must be a class, a list of classes or a predicate, not a list',
      () => countExceptions(counter, fn, wrong({ match: ['TypeError'] })),
    ],
    ['counted: options must be an object, not a string', () => counted(counter, wrong('TypeError'))],
    [
      'trackInProgress: the first argument must be an up-down counter, not null',
      () => trackInProgress(wrong(null), fn),
    ],
    [
      'inProgress: options.attributes must be an object or a function, not true',
      () => inProgress(counter, wrong({ attributes: true })),
    ],
    [
      'createRateMeter: the first argument must be a meter, not a string; the second argument must be a name, not undefined',
      () => createRateMeter(wrong('logins'), wrong(undefined)),
    ],
    [
      'createRateMeter: options.suffixes.m1 must be a string, not a number',
      () => createRateMeter(meter, 'logins', { suffixes: wrong({ m1: 1 }) }),
    ],
    [
      'createRateMeter: the first argument must be a meter, not an object',
      () => createRateMeter(wrong({ createCounter() {} }), 'logins'),
    ],
    ['createRateMeter: options must be an object, not null', () => createRateMeter(meter, 'x', wrong(null))],
    [
      'createDistinctCounter: options must be an object, not null',
      () => createDistinctCounter(meter, 'x', wrong(null)),
    ],
    ...[5, '{user', 'user}', '', 'a'.repeat(51)].map((attribute): [string, () => unknown] => [
      `createDistinctCounter: options.attribute must be a name of at most 50 characters without braces, not a ${typeof attribute}`,
      () => createDistinctCounter(meter, 'x', { attribute: wrong(attribute) }),
    ]),
    [
      'createDistinctCounter: the first argument must be a meter, not null; the second argument must be a name, not a string; ' +
        'options.attribute must be a name of at most 50 characters without braces, not a string',
      () => createDistinctCounter(wrong(null), '', { attribute: '{user}' }),
    ],
    [
      'metered: x.type must be one of "counter", "upDownCounter", "gauge", "histogram", "rateMeter", not a string',
      () => metered(wrong({ x: { type: 'timer', name: 'x' } })),
    ],
    [
      'metered: x.type must be one of "counter", "upDownCounter", "gauge", "histogram", "rateMeter", not undefined; ' +
        'x.name must be a name, not undefined',
      () => metered(wrong({ x: null })),
    ],
    ...['', 7].map((name): [string, () => unknown] => [
      `metered: x.name must be a name, not a ${typeof name}`,
      () => metered({ x: { type: 'counter', name: wrong(name) } }),
    ]),
    ['metered: the first argument must be an object, not undefined', () => metered(wrong(undefined))],
    [
      'metered: the meter must be a meter or a function that returns one, not an object',
      () => metered({}, wrong({})),
    ],
  ])('throws "%s"', (message, make) => {
    expect(make).toThrow(new TypeError(message));
  });

  it('accepts units, percentiles and attributes at their limits', async () => {
    expect([
      time(histogram, fn, { unit: 's' })(),
      createDistinctCounter(meter, 'x', { attribute: 'a'.repeat(50) }).add(1),
      await snapshot(sdk().reader, { percentiles: [0, 100] }),
    ]).toEqual([1, undefined, {}]);
  });

  it.each([-1, 101])('rejects a snapshot with the percentile %d', async (percentile) => {
    await expect(snapshot(sdk().reader, { percentiles: [percentile] })).rejects.toThrow(
      new TypeError('snapshot: options.percentiles must be a list of numbers from 0 to 100, not a list'),
    );
  });

  it('rejects for a snapshot', async () => {
    await expect(snapshot(wrong({}), { percentiles: [101] })).rejects.toThrow(
      new TypeError(
        'snapshot: the first argument must be a metric reader, not an object; ' +
          'options.percentiles must be a list of numbers from 0 to 100, not a list',
      ),
    );
  });
});

describe('a helper in a request', () => {
  const lines = logged();

  it('passes a promise through, and logs wrong arguments once', async () => {
    const promise = Promise.resolve(7);
    const results = [
      await time(wrong(undefined), promise),
      await time(wrong(undefined), promise),
      await countExceptions(wrong(undefined), promise),
      await trackInProgress(wrong(undefined), promise),
    ];
    const histogram = new FakeHistogram();
    await time(histogram, promise, wrong({ unit: 'us' }));
    expect({ results, recorded: histogram.recorded, lines }).toEqual({
      results: [7, 7, 7, 7],
      recorded: [],
      lines: [
        [NAMESPACE, 'time: the first argument must be a histogram, not undefined'],
        [NAMESPACE, 'time: options.unit must be "s" or "ms", not a string'],
      ],
    });
  });

  it('starts a timer that records nothing when its arguments are wrong', () => {
    const histogram = new FakeHistogram();
    const durations = [startTimer(histogram, wrong({ unit: 'us' })).stop(), startTimer(wrong(null)).stop()];
    expect([durations.every((each) => each >= 0), histogram.recorded, lines]).toEqual([
      true,
      [],
      [[NAMESPACE, 'startTimer: options.unit must be "s" or "ms", not a string']],
    ]);
  });

  it.each<[object, string]>([
    [{ unit: 'us' }, 'options.unit must be "s" or "ms", not a string'],
    [{ now: 1 }, 'options.now must be a function, not a number'],
    [{ attributes: 'a=b' }, 'options.attributes must be an object, not a string'],
    [wrong(null), 'options must be an object, not null'],
  ])('logs what is wrong with the options %j of a timer', (options, fault) => {
    startTimer(new FakeHistogram(), options);
    expect(lines).toEqual([[NAMESPACE, `startTimer: ${fault}`]]);
  });

  it('logs that what a timer is given is no histogram', () => {
    startTimer(wrong({}));
    expect(lines).toEqual([[NAMESPACE, 'startTimer: the first argument must be a histogram, not an object']]);
  });

  const noClock = new Error('no clock');
  it.each<[string, () => number, unknown[]]>([
    [
      'that throws',
      () => {
        throw noClock;
      },
      ['a clock threw; the duration is not recorded', noClock],
    ],
    [
      'that gives no number',
      () => wrong(undefined),
      ['a measurement must be a finite number, not NaN; it is ignored'],
    ],
  ])('measures nothing with a clock %s, and logs that once', (_what, now, line) => {
    const histogram = new FakeHistogram();
    expect(time(histogram, fn, { now })()).toBe(1);
    startTimer(histogram, { now }).stop();
    expect({ recorded: histogram.recorded, lines }).toEqual({ recorded: [], lines: [[NAMESPACE, ...line]] });
  });
});

describe('a meter that fails when a metered property is read', () => {
  const lines = logged();

  it('gives an instrument that records nothing, and logs the error', () => {
    const failing = (): Meter => {
      throw new Error('no meter');
    };
    const Job = metered({ runs: { type: 'counter', name: '{class}.runs' } }, failing)(class {});
    (Job.runs as Counter).add(1);
    expect(lines).toEqual([
      [
        NAMESPACE,
        'metered: an instrument could not be created; what it records is lost',
        new Error('no meter'),
      ],
    ]);
  });
});

const throwing: Attributes = {
  get id(): string {
    throw new Error('no id');
  },
};

const oddCounts = fc.constantFrom<unknown>(
  '3',
  true,
  null,
  1n,
  -1,
  Number.NaN,
  Infinity,
  {},
  [2],
  Symbol('x'),
);
const oddAttributes = fc.oneof(
  fc.constantFrom<unknown>(null, { id: 1n }, throwing, 'text', 5, Symbol('x'), [], () => ({ a: 1 })),
  fc.dictionary(fc.string(), fc.anything()),
);

describe('for any count and attributes', () => {
  logged();

  it('a rate meter never throws, and its rates and its counter agree', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.oneof(fc.nat(9), oddCounts), oddAttributes), { maxLength: 8 }),
        async (marks) => {
          const { meter, points } = sdk();
          let now = 0;
          const logins = createRateMeter(meter, 'logins', { now: () => now });
          for (const [count, attributes] of marks) logins.mark(count as number, attributes as Attributes);
          now = 5_000;
          const all = new Map((await points()).map(([name, , values]) => [name, total(values)]));
          expect(all.get('logins.m1_rate')).toBeCloseTo((all.get('logins') ?? 0) / 5, 9);
        },
      ),
    );
  });

  it('the other helpers never throw, never change a result, and count up as often as down', async () => {
    await fc.assert(
      fc.asyncProperty(oddAttributes, async (attributes) => {
        const { meter, points } = sdk();
        const active: UpDownCounter = meter.createUpDownCounter('active');
        const given = () => attributes as Attributes;
        const options = { attributes: given };
        const wrapped = time(
          meter.createHistogram('duration'),
          countExceptions(meter.createCounter('failures'), trackInProgress(active, fn, options), options),
          options,
        );
        expect(wrapped()).toBe(1);
        await trackInProgress(active, Promise.resolve(1), { attributes: attributes as Attributes });
        startTimer(meter.createHistogram('timer')).stop(attributes as Attributes);
        for (const [name, , values] of await points()) if (name === 'active') expect(total(values)).toBe(0);
      }),
    );
  });
});

function total(values: readonly [object, unknown][]): number {
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

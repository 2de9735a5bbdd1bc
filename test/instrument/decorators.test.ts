// The decorators called as compilers call them. What compilers make of real classes is in compiled.test.ts.
import { describe, expect, it } from 'vitest';
import { counted, inProgress, timed } from '../../src/instrument.js';
import { FakeCounter, FakeHistogram, steppingClock } from './support/fakes.js';

type Method = (this: { base: number }, a: number) => number;
type AnyDecorator = (...args: unknown[]) => unknown;

function instruments() {
  const histogram = new FakeHistogram();
  const failures = new FakeCounter();
  const active = new FakeCounter();
  return {
    decorators: {
      timed: timed(histogram, { now: steppingClock(1000) }),
      counted: counted(failures),
      inProgress: inProgress(active),
    },
    seen: () => ({ durations: histogram.recorded, failures: failures.values, active: active.values }),
  };
}

const standardContext = (kind: string, name: string | symbol = 'add') => ({ kind, name, static: false });

/** A method that throws for numbers below 0. */
function add(this: { base: number }, a: number): number {
  if (a < 0) throw new RangeError('below 0');
  return this.base + a;
}

const standard = (decorator: unknown, method: Method): Method =>
  (decorator as AnyDecorator)(method, standardContext('method')) as Method;

const legacy = (decorator: unknown, method: Method): Method => {
  const before = { value: method, writable: true, enumerable: false, configurable: true };
  const after = (decorator as AnyDecorator)({}, 'add', before) as TypedPropertyDescriptor<Method>;
  expect({ ...after, value: undefined }).toEqual({ ...before, value: undefined });
  return after.value!;
};

describe.each([
  { kind: 'standard', apply: standard },
  { kind: 'legacy', apply: legacy },
])('as $kind decorators', ({ apply }) => {
  it.each([
    ['timed', 'counted', 'inProgress'],
    ['timed', 'inProgress', 'counted'],
    ['counted', 'timed', 'inProgress'],
    ['counted', 'inProgress', 'timed'],
    ['inProgress', 'timed', 'counted'],
    ['inProgress', 'counted', 'timed'],
  ] as const)('they work one on another: %s on %s on %s', (outer, middle, inner) => {
    const { decorators, seen } = instruments();
    const method = [inner, middle, outer].reduce<Method>((fn, name) => apply(decorators[name], fn), add);
    expect({ name: method.name, arity: method.length, result: method.call({ base: 40 }, 2) }).toEqual({
      name: 'add',
      arity: 1,
      result: 42,
    });
    expect(() => method.call({ base: 40 }, -1)).toThrow(new RangeError('below 0'));
    expect(seen()).toEqual({
      durations: [
        [1, undefined],
        [1, undefined],
      ],
      failures: [1],
      active: [1, -1, 1, -1],
    });
  });
});

describe('as standard decorators', () => {
  it('the decorators wrap the function that a field is initialized with', () => {
    const { decorators, seen } = instruments();
    const initialise = (decorators.timed as AnyDecorator)(undefined, standardContext('field')) as (
      initial: () => number,
    ) => () => number;
    expect([initialise(() => 42)(), seen().durations]).toEqual([42, [[1, undefined]]]);
  });

  it('the decorators leave a field that holds no function unchanged', () => {
    const initialise = (timed(new FakeHistogram()) as AnyDecorator)(undefined, standardContext('field'));
    expect((initialise as (initial: unknown) => unknown)(42)).toBe(42);
  });

  it.each(['class', 'getter', 'setter', 'accessor'])('they refuse a %s when the class is made', (kind) => {
    const decorate = () =>
      (counted(new FakeCounter()) as AnyDecorator)(() => {}, standardContext(kind, 'size'));
    expect(decorate).toThrow(new TypeError('@counted is for methods; "size" is not a method'));
    expect(() =>
      (timed(new FakeHistogram()) as AnyDecorator)(() => {}, standardContext(kind, 'size')),
    ).toThrow(new TypeError('@timed is for methods; "size" is not a method'));
  });
});

describe('as legacy decorators', () => {
  it('the decorators refuse everything but methods', () => {
    const decorate =
      (...args: unknown[]) =>
      () =>
        (inProgress(new FakeCounter()) as AnyDecorator)(...args);
    const symbol = Symbol('size');
    expect(decorate({}, 'size', { get: () => 1 })).toThrow(
      new TypeError('@inProgress is for methods; "size" is not a method'),
    );
    expect(decorate({}, symbol, undefined)).toThrow(
      new TypeError('@inProgress is for methods; "Symbol(size)" is not a method'),
    );
    expect(decorate(class {})).toThrow(new TypeError('@inProgress is for methods; a class is not a method'));
  });
});

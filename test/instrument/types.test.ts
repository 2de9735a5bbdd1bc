// What TypeScript infers: a function that is measured can be used exactly as before.
import type { Attributes, Counter, Gauge, Histogram, UpDownCounter } from '@opentelemetry/api';
import { describe, expectTypeOf, it } from 'vitest';
import {
  countExceptions,
  metered,
  type RateMeter,
  startTimer,
  time,
  trackInProgress,
} from '../../src/instrument.js';
import { FakeCounter, FakeHistogram } from './support/fakes.js';

const histogram = new FakeHistogram();
const counter = new FakeCounter();

interface Row {
  readonly id: number;
}

interface Query extends PromiseLike<Row[]> {
  where(condition: string): Query;
}

const never = (): boolean => Date.now() < 0;

describe('the type of a function', () => {
  it('stays as it was: parameters, result, synchronous or not', () => {
    const add = (a: number, b = 2): number => a + b;
    const load = async (id: string, ...more: string[]): Promise<Row> => ({ id: id.length + more.length });
    expectTypeOf(time(histogram, add)).toEqualTypeOf<typeof add>();
    expectTypeOf(countExceptions(counter, add)).toEqualTypeOf<typeof add>();
    expectTypeOf(trackInProgress(counter, add)).toEqualTypeOf<typeof add>();
    expectTypeOf(time(histogram, load)).toEqualTypeOf<typeof load>();
    expectTypeOf(countExceptions(counter, load)).toEqualTypeOf<typeof load>();
    expectTypeOf(trackInProgress(counter, load)).toEqualTypeOf<typeof load>();
  });

  it('stays as it was with `this`, type parameters, overloads and a mixed result', () => {
    function bound(this: Row, by: number): number {
      return this.id + by;
    }
    const identity = <T>(value: T): T => value;
    function overloaded(value: string): string;
    function overloaded(value: number): number;
    function overloaded(value: string | number): string | number {
      return value;
    }
    const cached = (id: string): Row | Promise<Row> => (id === '' ? { id: 0 } : Promise.resolve({ id: 1 }));
    expectTypeOf(time(histogram, bound)).toEqualTypeOf<typeof bound>();
    expectTypeOf(time(histogram, identity)('text' as const)).toEqualTypeOf<'text'>();
    expectTypeOf(time(histogram, overloaded)).toEqualTypeOf<typeof overloaded>();
    expectTypeOf(time(histogram, cached)).toEqualTypeOf<typeof cached>();
  });

  it('says so when a result with more to it comes back as a plain promise', () => {
    const select = (table: string): Query => {
      throw new Error(table);
    };
    const measured = time(histogram, select);
    expectTypeOf(measured).parameters.toEqualTypeOf<[string]>();
    expectTypeOf(measured).returns.toEqualTypeOf<Promise<Row[]>>();
  });
});

describe('the type of a promise', () => {
  it('stays that of its value', () => {
    expectTypeOf(time(histogram, Promise.resolve(1))).toEqualTypeOf<Promise<number>>();
    expectTypeOf(countExceptions(counter, Promise.resolve('a'))).toEqualTypeOf<Promise<string>>();
    expectTypeOf(trackInProgress(counter, Promise.resolve())).toEqualTypeOf<Promise<void>>();
    if (never()) {
      const query: Query = time(histogram, () => {}) as never;
      expectTypeOf(time(histogram, query)).toEqualTypeOf<Promise<Row[]>>();
    }
  });
});

describe('the types of the callbacks for attributes', () => {
  it('know result, exception and arguments', () => {
    const load = async (id: string, fresh: boolean): Promise<Row> => ({ id: fresh ? 1 : id.length });
    time(histogram, load, {
      attributes: (result, error, args) => {
        expectTypeOf(result).toEqualTypeOf<Row | undefined>();
        expectTypeOf(error).toEqualTypeOf<unknown>();
        expectTypeOf(args).toEqualTypeOf<[id: string, fresh: boolean]>();
        return {};
      },
    });
    countExceptions(counter, load, {
      attributes: (error, args) => {
        expectTypeOf(error).toEqualTypeOf<unknown>();
        expectTypeOf(args).toEqualTypeOf<[id: string, fresh: boolean]>();
        return {};
      },
    });
    trackInProgress(counter, load, {
      attributes: (args) => {
        expectTypeOf(args).toEqualTypeOf<[id: string, fresh: boolean]>();
        return {};
      },
    });
  });
});

describe('what is refused', () => {
  it('is anything but a function or a promise, and an instrument of another kind', () => {
    expectTypeOf(time<() => void>)
      .parameter(0)
      .toEqualTypeOf<{ record(value: number, attributes?: Attributes): void }>();
    if (never()) {
      // @ts-expect-error 1 is neither a function nor a promise
      time(histogram, 1);
      // @ts-expect-error a counter records nothing
      time(counter, () => {});
      // @ts-expect-error a histogram cannot be added to
      countExceptions(histogram, () => {});
      // @ts-expect-error nothing takes minutes
      startTimer(histogram, { unit: 'min' });
    }
  });
});

describe('metered', () => {
  it('adds properties of the right type to the class', () => {
    const Metered = metered({
      counter: { type: 'counter', name: 'a' },
      upDownCounter: { type: 'upDownCounter', name: 'b' },
      gauge: { type: 'gauge', name: 'c' },
      histogram: { type: 'histogram', name: 'd', unit: 's' },
      rateMeter: { type: 'rateMeter', name: 'e' },
    })(
      class Some {
        own = 1;
      },
    );
    expectTypeOf(Metered.counter).toEqualTypeOf<Counter>();
    expectTypeOf(Metered.upDownCounter).toEqualTypeOf<UpDownCounter>();
    expectTypeOf(Metered.gauge).toEqualTypeOf<Gauge>();
    expectTypeOf(Metered.histogram).toEqualTypeOf<Histogram>();
    expectTypeOf(Metered.rateMeter).toEqualTypeOf<RateMeter>();
    expectTypeOf(new Metered().own).toEqualTypeOf<number>();
  });
});

// What holds for every helper: the app gets from its functions and promises what it would get without it.
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { observeCalls } from '../../src/instrument/observe.js';
import { countExceptions, time, trackInProgress } from '../../src/instrument.js';
import { deferred, FakeCounter, FakeHistogram } from './support/fakes.js';

type Wrap = <F extends (...args: never[]) => unknown>(target: F) => F;
type Watch = <T>(promise: PromiseLike<T>) => Promise<Awaited<T>>;

interface Helper {
  readonly name: string;
  readonly wrap: Wrap;
  readonly watch: Watch;
}

const helpers: Helper[] = [
  {
    name: 'time',
    wrap: (target) => time(new FakeHistogram(), target) as typeof target,
    watch: (promise) => time(new FakeHistogram(), promise),
  },
  {
    name: 'countExceptions',
    wrap: (target) => countExceptions(new FakeCounter(), target) as typeof target,
    watch: (promise) => countExceptions(new FakeCounter(), promise),
  },
  {
    name: 'trackInProgress',
    wrap: (target) => trackInProgress(new FakeCounter(), target) as typeof target,
    watch: (promise) => trackInProgress(new FakeCounter(), promise),
  },
];

function outcome(call: () => unknown): { returned: unknown } | { threw: unknown } {
  try {
    return { returned: call() };
  } catch (error) {
    return { threw: error };
  }
}

/** What `await` takes for a promise although it is none. */
function thenable(
  then: (onFulfilled: (value: number) => void, onRejected: (error: unknown) => void) => void,
): PromiseLike<number> {
  return Object.assign(Object.create(null), Object.fromEntries(new Map([['then', then]])));
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'was fulfilled',
    (error: unknown) => error,
  );

describe.each(helpers)('a function given to $name', ({ wrap }) => {
  it('keeps its name and its number of parameters', () => {
    const add = wrap(function addThem(a: number, b: number) {
      return a + b;
    });
    expect({ name: add.name, length: add.length }).toEqual({ name: 'addThem', length: 2 });
  });

  it('keeps its custom properties, frozen or not, except its prototype', () => {
    const custom = () => Promise.resolve('custom');
    const original = Object.freeze(
      Object.assign(
        function original() {
          return 1;
        },
        { version: 3, [promisify.custom]: custom },
      ),
    );
    const wrapped = wrap(original);
    expect({ version: wrapped.version, promisified: promisify(wrapped) }).toEqual({
      version: 3,
      promisified: custom,
    });
    expect(wrapped.prototype).not.toBe(original.prototype);
  });

  it('has no more properties of its own, whatever kind of function it is', () => {
    const plain = wrap(() => 1);
    // A function that is not in strict mode has `arguments` and `caller`.
    const sloppy = wrap(new Function('return 1') as () => number);
    const ghostly = new Proxy(() => 1, { ownKeys: (target) => [...Reflect.ownKeys(target), 'ghost'] });
    expect([Reflect.ownKeys(sloppy), Reflect.ownKeys(wrap(ghostly)), wrap(ghostly)()]).toEqual([
      Reflect.ownKeys(plain),
      Reflect.ownKeys(plain),
      1,
    ]);
  });

  it('receives all its arguments', () => {
    expect(wrap((...all: unknown[]) => all)(1, undefined, 'three')).toEqual([1, undefined, 'three']);
  });

  it('is called on the object it was called on', () => {
    const counter = {
      count: 41,
      next: wrap(function next(this: { count: number }) {
        return this.count + 1;
      }),
    };
    expect(counter.next()).toBe(42);
  });

  it('stays synchronous and returns the same object', () => {
    const result = { a: 1 };
    expect(wrap(() => result)()).toBe(result);
  });

  it('throws the same exception at once', () => {
    const error = new Error('no');
    const failing = wrap(() => {
      throw error;
    });
    expect(outcome(failing)).toEqual({ threw: error });
    expect((outcome(failing) as { threw: unknown }).threw).toBe(error);
  });

  it('may throw values that are not errors, even undefined', () => {
    const failing = wrap(() => {
      throw undefined;
    });
    expect(outcome(failing)).toEqual({ threw: undefined });
  });

  it('resolves to the same object when it is asynchronous', async () => {
    const result = { a: 1 };
    const promise = wrap(async () => result)();
    expect(promise).toBeInstanceOf(Promise);
    expect(await promise).toBe(result);
  });

  it('rejects with the same exception when it is asynchronous', async () => {
    const error = new Error('no');
    expect(await rejection(wrap(async () => Promise.reject(error))())).toBe(error);
  });

  it('may return a thenable, which becomes a promise', async () => {
    const promise = wrap(() => thenable((onFulfilled) => onFulfilled(7)))();
    expect(promise).toBeInstanceOf(Promise);
    expect(await promise).toBe(7);
  });

  it('may return proxies that throw on access, functions, and undefined', () => {
    const moody = new Proxy(
      {},
      {
        get() {
          throw new Error('do not ask');
        },
      },
    );
    const callback = () => 1;
    for (const result of [moody, callback, null, undefined, 0, '']) {
      expect(wrap(() => result)()).toBe(result);
    }
  });
});

describe.each(helpers)('a promise given to $name', ({ watch }) => {
  it('yields a promise of the same value', async () => {
    const value = { a: 1 };
    expect(await watch(Promise.resolve(value))).toBe(value);
  });

  it('yields a promise that rejects with the same exception', async () => {
    const error = new Error('no');
    expect(await rejection(watch(Promise.reject(error)))).toBe(error);
  });

  it('does not settle before the given one', async () => {
    const { promise, resolve } = deferred<string>();
    const order: string[] = [];
    const watched = watch(promise).then((value) => order.push(value));
    order.push('first');
    resolve('then');
    await watched;
    expect(order).toEqual(['first', 'then']);
  });
});

describe('an observation', () => {
  it('ends once when a thenable settles repeatedly', async () => {
    const seen: unknown[] = [];
    const unruly = thenable((onFulfilled, onRejected) => {
      onFulfilled(1);
      onFulfilled(2);
      onRejected(new Error('and fails'));
      throw new Error('and throws');
    });
    const fn = observeCalls(() => unruly, {
      begin: (args) => args.length,
      succeeded: (state, result) => void seen.push(['succeeded', state, result]),
      failed: (state, error) => void seen.push(['failed', state, error]),
    });
    expect({ result: await fn(), seen }).toEqual({ result: 1, seen: [['succeeded', 0, 1]] });
  });
});

import { describe, expect, it } from 'vitest';
import { trackInProgress } from '../../src/instrument.js';
import { deferred, FakeCounter } from './support/fakes.js';
import { logged } from './support/logged.js';

describe('trackInProgress', () => {
  const log = logged();

  it('adds one while a synchronous function runs', () => {
    const counter = new FakeCounter();
    const during = trackInProgress(counter, () => [...counter.values])();
    expect({ during, after: counter.values }).toEqual({ during: [1], after: [1, -1] });
  });

  it('subtracts one, once, after a synchronous exception', () => {
    const counter = new FakeCounter();
    const fail = trackInProgress(counter, () => {
      throw new Error('no');
    });
    expect(fail).toThrow('no');
    expect(counter.values).toEqual([1, -1]);
  });

  it('subtracts one when the promise of an asynchronous function is fulfilled', async () => {
    const counter = new FakeCounter();
    const { promise, resolve } = deferred<string>();
    const result = trackInProgress(counter, async () => promise)();
    const during = [...counter.values];
    resolve('done');
    expect({ result: await result, during, values: counter.values }).toEqual({
      result: 'done',
      during: [1],
      values: [1, -1],
    });
  });

  it('subtracts one when the promise of an asynchronous function is rejected', async () => {
    const counter = new FakeCounter();
    const { promise, reject } = deferred<string>();
    const result = trackInProgress(counter, async () => promise)();
    const during = [...counter.values];
    reject('no');
    expect({ outcomes: await Promise.allSettled([result]), during, values: counter.values }).toEqual({
      outcomes: [{ status: 'rejected', reason: 'no' }],
      during: [1],
      values: [1, -1],
    });
  });

  it('subtracts one for a promise that is not awaited', async () => {
    const counter = new FakeCounter();
    const { promise, resolve } = deferred<void>();
    trackInProgress(counter, promise);
    const during = [...counter.values];
    resolve();
    await promise;
    expect({ during, values: counter.values }).toEqual({ during: [1], values: [1, -1] });
  });

  it('subtracts one for a promise that rejects', async () => {
    const counter = new FakeCounter();
    await Promise.allSettled([trackInProgress(counter, Promise.reject(new Error('no')))]);
    expect(counter.values).toEqual([1, -1]);
  });

  it('counts calls that overlap', async () => {
    const counter = new FakeCounter();
    const wait = trackInProgress(counter, (promise: Promise<void>) => promise);
    const [first, second] = [deferred<void>(), deferred<void>()];
    const calls = [wait(first.promise), wait(second.promise)];
    second.resolve();
    first.resolve();
    await Promise.all(calls);
    expect(counter.values).toEqual([1, 1, -1, -1]);
  });

  it('evaluates the attributes callback once per call and uses them for both counts', async () => {
    const counter = new FakeCounter();
    let asked = 0;
    const upload = trackInProgress(counter, async (kind: string) => kind, {
      attributes: ([kind]) => {
        asked += 1;
        return { kind };
      },
    });
    await upload('image');
    expect({ added: counter.added, asked }).toEqual({
      added: [
        [1, { kind: 'image' }],
        [-1, { kind: 'image' }],
      ],
      asked: 1,
    });
    expect(counter.added[0]?.[1]).toBe(counter.added[1]?.[1]);
  });

  it('subtracts with the original attributes after the app changed its attributes object', async () => {
    const counter = new FakeCounter();
    const { promise, resolve } = deferred<void>();
    const attributes = { queue: 'a' };
    const call = trackInProgress(counter, () => promise, { attributes })();
    attributes.queue = 'b';
    resolve();
    await call;
    expect(counter.added).toEqual([
      [1, { queue: 'a' }],
      [-1, { queue: 'a' }],
    ]);
  });

  it('counts without attributes when their callback throws, and logs that once', () => {
    const counter = new FakeCounter();
    const fn = trackInProgress(counter, () => {}, {
      attributes: () => {
        throw new Error('a mistake');
      },
    });
    fn();
    fn();
    expect({ added: counter.added, logCount: log.length }).toEqual({
      added: [
        [1, undefined],
        [-1, undefined],
        [1, undefined],
        [-1, undefined],
      ],
      logCount: 1,
    });
  });

  it('does not let an error of the counter reach the caller', () => {
    const added: number[] = [];
    const broken = {
      add(value: number) {
        added.push(value);
        throw new Error('broken');
      },
    };
    expect([trackInProgress(broken, () => 'fine')(), log.length, added]).toEqual(['fine', 1, [1]]);
  });

  it('calls the attributes callback for a promise without arguments', async () => {
    const counter = new FakeCounter();
    await trackInProgress(counter, Promise.resolve(), { attributes: (args) => ({ args: args.length }) });
    expect(counter.added).toEqual([
      [1, { args: 0 }],
      [-1, { args: 0 }],
    ]);
  });
});

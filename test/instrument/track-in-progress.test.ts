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
    expect([await result, during, counter.values]).toEqual(['done', [1], [1, -1]]);
  });

  it('subtracts one when the promise of an asynchronous function is rejected', async () => {
    const counter = new FakeCounter();
    const { promise, reject } = deferred<string>();
    const result = trackInProgress(counter, async () => promise)();
    const during = [...counter.values];
    reject('no');
    expect([await Promise.allSettled([result]), during, counter.values]).toEqual([
      [{ status: 'rejected', reason: 'no' }],
      [1],
      [1, -1],
    ]);
  });

  it('subtracts one for a promise that is not awaited', async () => {
    const counter = new FakeCounter();
    const { promise, resolve } = deferred<void>();
    trackInProgress(counter, promise);
    const during = [...counter.values];
    resolve();
    await promise;
    expect([during, counter.values]).toEqual([[1], [1, -1]]);
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
    expect([counter.added, asked]).toEqual([
      [
        [1, { kind: 'image' }],
        [-1, { kind: 'image' }],
      ],
      1,
    ]);
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
    expect([counter.added, log.length]).toEqual([
      [
        [1, undefined],
        [-1, undefined],
        [1, undefined],
        [-1, undefined],
      ],
      1,
    ]);
  });

  it('does not let an error of the counter reach the caller', () => {
    const broken = {
      add() {
        throw new Error('broken');
      },
    };
    expect([trackInProgress(broken, () => 'fine')(), log.length]).toEqual(['fine', 1]);
  });
});

import { createNoopMeter } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { time } from '../../src/instrument.js';
import { deferred, FakeHistogram, steppingClock } from './support/fakes.js';
import { logged, NAMESPACE } from './support/logged.js';

const error = new TypeError('no');

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => {});
}

describe('time', () => {
  const log = logged();

  it('records how long a synchronous function took, in seconds', () => {
    const histogram = new FakeHistogram();
    const add = time(histogram, (a: number, b: number) => a + b, { now: steppingClock(250) });
    expect([add(1, 2), add(3, 4), histogram.recorded]).toEqual([
      3,
      7,
      [
        [0.25, undefined],
        [0.25, undefined],
      ],
    ]);
  });

  it('records milliseconds for a histogram that is in milliseconds', () => {
    const histogram = new FakeHistogram();
    time(histogram, () => {}, { unit: 'ms', now: steppingClock(250) })();
    expect(histogram.recorded).toEqual([[250, undefined]]);
  });

  it('records a call that throws', () => {
    const histogram = new FakeHistogram();
    const fail = time(
      histogram,
      () => {
        throw error;
      },
      { now: steppingClock(1000) },
    );
    expect(fail).toThrow(error);
    expect(histogram.recorded).toEqual([[1, undefined]]);
  });

  it('records an asynchronous function when its promise settles, not when it returns', async () => {
    const histogram = new FakeHistogram();
    const { promise, resolve } = deferred<string>();
    let now = 5_000;
    const result = time(histogram, async () => promise, { now: () => now })();
    const beforeItSettled = [...histogram.recorded];
    now = 7_000;
    resolve('done');
    expect({ result: await result, beforeItSettled, recorded: histogram.recorded }).toEqual({
      result: 'done',
      beforeItSettled: [],
      recorded: [[2, undefined]],
    });
  });

  it('records a rejection', async () => {
    const histogram = new FakeHistogram();
    await settled(time(histogram, async () => Promise.reject(error), { now: steppingClock(500) })());
    expect(histogram.recorded).toEqual([[0.5, undefined]]);
  });

  it('times a promise from the call on, and records it when it is not awaited', async () => {
    const histogram = new FakeHistogram();
    const { promise, resolve } = deferred<string>();
    let now = 100;
    time(histogram, promise, { now: () => now });
    now = 400;
    resolve('done');
    await promise;
    expect(histogram.recorded).toEqual([[0.3, undefined]]);
  });

  it('records the rejection of a promise', async () => {
    const histogram = new FakeHistogram();
    await settled(time(histogram, Promise.reject(error), { now: steppingClock(500) }));
    expect(histogram.recorded).toEqual([[0.5, undefined]]);
  });

  it('times overlapping calls separately', async () => {
    const histogram = new FakeHistogram();
    let now = 0;
    const wait = time(histogram, (promise: Promise<void>) => promise, { now: () => now });
    const [first, second] = [deferred<void>(), deferred<void>()];
    const calls = [wait(first.promise)];
    now = 1_000;
    calls.push(wait(second.promise));
    now = 3_000;
    second.resolve();
    await calls[1];
    now = 4_000;
    first.resolve();
    await calls[0];
    expect(histogram.recorded).toEqual([
      [2, undefined],
      [4, undefined],
    ]);
  });

  it('records static attributes', () => {
    const histogram = new FakeHistogram();
    time(histogram, () => {}, { attributes: { job: 'reindex' }, now: steppingClock(1000) })();
    expect(histogram.recorded).toEqual([[1, { job: 'reindex' }]]);
  });

  it('calls the attributes callback with the result or the exception and the arguments', async () => {
    const histogram = new FakeHistogram();
    const divide = time(
      histogram,
      async (a: number, b: number) => {
        if (b === 0) throw error;
        return a / b;
      },
      {
        attributes: (result, thrown, [a, b]) => ({
          result: result ?? -1,
          failure: thrown instanceof Error ? thrown.name : '',
          arguments: `${a},${b}`,
        }),
        now: steppingClock(1000),
      },
    );
    await divide(6, 3);
    await settled(divide(6, 0));
    expect(histogram.recorded).toEqual([
      [1, { result: 2, failure: '', arguments: '6,3' }],
      [1, { result: -1, failure: 'TypeError', arguments: '6,0' }],
    ]);
  });

  it('calls the attributes callback for a promise without arguments', async () => {
    const histogram = new FakeHistogram();
    await time(histogram, Promise.resolve('ok'), {
      attributes: (result, thrown, args) => ({ result: result ?? '', failed: !!thrown, args: args.length }),
      now: steppingClock(1000),
    });
    expect(histogram.recorded).toEqual([[1, { result: 'ok', failed: false, args: 0 }]]);
  });

  it('records without attributes when the callback throws, and logs that once', () => {
    const histogram = new FakeHistogram();
    const mistake = new Error('a mistake');
    const fn = time(histogram, () => 'fine', {
      attributes: () => {
        throw mistake;
      },
      now: steppingClock(1000),
    });
    expect([fn(), fn(), histogram.recorded, log]).toEqual([
      'fine',
      'fine',
      [
        [1, undefined],
        [1, undefined],
      ],
      [[NAMESPACE, 'an attributes callback threw; recording without its attributes', mistake]],
    ]);
  });

  it('does not let an error of the histogram reach the caller, and logs it once', async () => {
    const broken = {
      record() {
        throw error;
      },
    };
    const fn = time(broken, () => 'fine');
    const asynchronous = time(broken, async () => 'fine');
    expect({ result: fn(), asynchronous: await asynchronous(), log }).toEqual({
      result: 'fine',
      asynchronous: 'fine',
      log: [[NAMESPACE, 'an instrument threw; the measurement is lost', error]],
    });
  });

  it('never records a negative duration, whatever the clock does', () => {
    const histogram = new FakeHistogram();
    time(histogram, () => {}, { now: steppingClock(-10) })();
    expect(histogram.recorded).toEqual([[0, undefined]]);
  });

  it('measures real time when no clock is given', async () => {
    const histogram = new FakeHistogram();
    const before = performance.now();
    await time(histogram, async () => new Promise(setImmediate), { unit: 'ms' })();
    const [[duration]] = histogram.recorded as [[number, undefined]];
    expect(duration > 0 && duration <= performance.now() - before).toBe(true);
  });

  it('works without an SDK', async () => {
    const histogram = createNoopMeter().createHistogram('nowhere');
    expect(await time(histogram, async (a: number) => a + 1)(1)).toBe(2);
  });
});

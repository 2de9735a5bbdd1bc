import { describe, expect, it } from 'vitest';
import { countExceptions } from '../../src/instrument.js';
import { FakeCounter } from './support/fakes.js';
import { logged, NAMESPACE } from './support/logged.js';

class PaymentError extends Error {}
class CardDeclined extends PaymentError {}
class Refusal {}

/** What is added when a function throws this, a promise-returning one rejects with it, and a promise does. */
async function counts(
  thrown: unknown,
  options?: Parameters<typeof countExceptions>[2] & object,
): Promise<number[]> {
  const forms = [
    (counter: FakeCounter) =>
      countExceptions(
        counter,
        () => {
          throw thrown;
        },
        options,
      )(),
    (counter: FakeCounter) => countExceptions(counter, async () => Promise.reject(thrown), options)(),
    (counter: FakeCounter) => countExceptions(counter, Promise.reject(thrown), options),
  ];
  const totals: number[] = [];
  for (const form of forms) {
    const counter = new FakeCounter();
    await (async () => form(counter))().then(
      () => totals.push(Number.NaN),
      (error) => expect(error).toBe(thrown),
    );
    totals.push(counter.values.reduce((sum, value) => sum + value, 0));
  }
  return totals;
}

const ONCE = [1, 1, 1];
const NEVER = [0, 0, 0];

describe('countExceptions', () => {
  const log = logged();

  it('counts nothing when nothing is thrown', async () => {
    const counter = new FakeCounter();
    const results = [
      countExceptions(counter, () => 1)(),
      await countExceptions(counter, async () => 2)(),
      await countExceptions(counter, Promise.resolve(3)),
    ];
    expect({ results, added: counter.added }).toEqual({ results: [1, 2, 3], added: [] });
  });

  it('counts every exception, whatever it is', async () => {
    expect(await counts(new Error('no'))).toEqual(ONCE);
    expect(await counts('just text')).toEqual(ONCE);
    expect(await counts(undefined)).toEqual(ONCE);
    expect(await counts(null)).toEqual(ONCE);
    expect(log).toEqual([]);
  });

  it('does not count aborted work by default', async () => {
    const aborted = AbortSignal.abort().reason;
    expect(await counts(aborted)).toEqual(NEVER);
    expect(await counts(aborted, { match: () => true })).toEqual(ONCE);
    expect(await counts(new DOMException('', 'TimeoutError'))).toEqual(ONCE);
  });

  it('counts instances of a class only', async () => {
    expect(await counts(new PaymentError(), { match: PaymentError })).toEqual(ONCE);
    expect(await counts(new CardDeclined(), { match: PaymentError })).toEqual(ONCE);
    expect(await counts(new Error('other'), { match: PaymentError })).toEqual(NEVER);
    expect(await counts(new TypeError('any'), { match: Error })).toEqual(ONCE);
    expect(await counts('no error', { match: Error })).toEqual(NEVER);
    expect(await counts(new DOMException('', 'AbortError'), { match: DOMException })).toEqual(ONCE);
    expect(await counts(new Refusal(), { match: Refusal })).toEqual(ONCE);
    expect(await counts(new Error('other'), { match: Refusal })).toEqual(NEVER);
  });

  it('counts instances of any of several classes', async () => {
    const match = [RangeError, CardDeclined];
    expect(await counts(new CardDeclined(), { match })).toEqual(ONCE);
    expect(await counts(new RangeError(), { match })).toEqual(ONCE);
    expect(await counts(new PaymentError(), { match })).toEqual(NEVER);
    expect(await counts(new PaymentError(), { match: [] })).toEqual(NEVER);
  });

  it('counts exceptions for which a predicate of any kind of function returns true', async () => {
    const isText = (error: unknown) => typeof error === 'string';
    const methods = {
      classify(error: unknown) {
        return typeof error === 'string';
      },
    };
    function declared(error: unknown) {
      return typeof error === 'string';
    }
    const namesClass = (error: unknown) => (error as { class?: string }).class !== 'any' && isText(error);
    for (const match of [isText, methods.classify, declared, namesClass]) {
      expect(await counts('text', { match })).toEqual(ONCE);
      expect(await counts(new Error('no text'), { match })).toEqual(NEVER);
    }
  });

  it('counts the exception when the predicate throws, and logs that once', async () => {
    const counter = new FakeCounter();
    const mistake = new Error('a mistake');
    const fail = countExceptions(counter, async () => Promise.reject(new Error('no')), {
      match: () => {
        throw mistake;
      },
    });
    await Promise.allSettled([fail(), fail()]);
    expect({ values: counter.values, log }).toEqual({
      values: [1, 1],
      log: [[NAMESPACE, 'a match callback threw; counting the exception', mistake]],
    });
  });

  it('adds attributes, static or computed from the exception and the arguments', async () => {
    const counter = new FakeCounter();
    const fail = async (order: string) => Promise.reject(new RangeError(order));
    await Promise.allSettled([
      countExceptions(counter, fail, { attributes: { kind: 'payment' } })('a'),
      countExceptions(counter, fail, {
        attributes: (error, [order]) => ({ 'error.type': (error as Error).name, order }),
      })('b'),
    ]);
    expect(counter.added).toEqual([
      [1, { kind: 'payment' }],
      [1, { 'error.type': 'RangeError', order: 'b' }],
    ]);
  });

  it('does not call the attributes callback for exceptions that are not counted', async () => {
    let asked = 0;
    const attributes = () => {
      asked += 1;
      return {};
    };
    await counts(new Error('no'), { match: PaymentError, attributes });
    expect(asked).toBe(0);
  });

  it('counts without attributes when their callback throws', async () => {
    const counter = new FakeCounter();
    const fail = countExceptions(counter, async () => Promise.reject(new Error('no')), {
      attributes: () => {
        throw new Error('a mistake');
      },
    });
    await Promise.allSettled([fail()]);
    expect({ added: counter.added, logCount: log.length }).toEqual({ added: [[1, undefined]], logCount: 1 });
  });

  it('does not let an error of the counter replace the exception', async () => {
    const broken = {
      add() {
        throw new Error('broken');
      },
    };
    const [result] = await Promise.allSettled([countExceptions(broken, Promise.reject('the real one'))]);
    expect(result).toEqual({ status: 'rejected', reason: 'the real one' });
  });
});

import { describe, expect, test } from 'vitest';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { FakeClock } from '../../support/fake-clock.js';

function start(): { clock: FakeClock; ledger: Ledger } {
  return { clock: new FakeClock(), ledger: new Ledger() };
}

describe('the ledger counts', () => {
  test('lines and bytes by what became of them', () => {
    const { ledger } = start();
    ledger.accept(10, 100);
    ledger.reject('queue_full', 3, 30);
    ledger.reject('queue_full', 2, 20);
    ledger.write(4, 40);
    ledger.confirm(5, 50);
    ledger.drop('unknown', 1);
    const { offered, written, confirmed, dropped } = ledger;
    expect({ offered, written, confirmed, dropped }).toEqual({
      offered: { lines: 15, bytes: 150 },
      written: { lines: 4, bytes: 40 },
      confirmed: { lines: 5, bytes: 50 },
      dropped: { queue_full: 5, unknown: 1 },
    });
  });

  test('occurrences by name', () => {
    const { ledger } = start();
    for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'ECONNREFUSED']) {
      ledger.count(ledger.connectFailures, code);
    }
    expect(ledger.connectFailures).toEqual({ ECONNREFUSED: 2, ETIMEDOUT: 1 });
  });
});

describe('waiting until lines are settled', () => {
  test('is over at once when there is nothing to wait for', async () => {
    const { clock, ledger } = start();
    expect([await ledger.whenSettled(100, clock), clock.pendingMillis]).toEqual([true, []]);
    ledger.reject('queue_full', 3, 30);
    expect([await ledger.whenSettled(100, clock), clock.pendingMillis]).toEqual([true, []]);
  });

  test('is over when every line accepted before is written, confirmed or dropped', async () => {
    const { clock, ledger } = start();
    ledger.accept(6, 60);
    const waiting = ledger.whenSettled(100, clock);
    ledger.accept(1, 10);
    expect([ledger.hasFlushWaiters, clock.pendingMillis, clock.holdsProcess]).toEqual([true, [100], true]);
    ledger.write(1, 10);
    ledger.confirm(2, 20);
    expect(ledger.hasFlushWaiters).toBe(true);
    ledger.drop('unknown', 3);
    expect([await waiting, ledger.hasFlushWaiters, clock.pendingMillis, ledger.flushDeadlinesMissed]).toEqual(
      [true, false, [], 0],
    );
  });

  test('gives up at its deadline, which is counted, and leaves other waiters waiting', async () => {
    const { clock, ledger } = start();
    ledger.accept(2, 20);
    const impatient = ledger.whenSettled(100, clock);
    const patient = ledger.whenSettled(1_000, clock);
    clock.advance(100);
    expect([await impatient, ledger.hasFlushWaiters, ledger.flushDeadlinesMissed]).toEqual([false, true, 1]);
    ledger.confirm(2, 20);
    expect([await patient, ledger.hasFlushWaiters, ledger.flushDeadlinesMissed]).toEqual([true, false, 1]);
  });

  test('serves every waiter whose lines are settled', async () => {
    const { clock, ledger } = start();
    const order: string[] = [];
    ledger.accept(1, 10);
    const first = ledger.whenSettled(100, clock).then(() => order.push('first'));
    ledger.accept(1, 10);
    const second = ledger.whenSettled(100, clock).then(() => order.push('second'));
    ledger.write(1, 10);
    await first;
    expect(order).toEqual(['first']);
    ledger.write(1, 10);
    await second;
    expect(order).toEqual(['first', 'second']);
  });
});

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
    ledger.refuse('queue_full', 3, 30);
    ledger.refuse('queue_full', 2, 20);
    ledger.write(4, 40);
    ledger.confirm(5, 50);
    ledger.drop('unknown', 1);
    const { enqueued, written, confirmed, dropped } = ledger;
    expect({ enqueued, written, confirmed, dropped }).toEqual({
      enqueued: { lines: 15, bytes: 150 },
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
    expect([await ledger.settled(100, clock), clock.pendingMillis]).toEqual([true, []]);
    ledger.refuse('queue_full', 3, 30);
    expect([await ledger.settled(100, clock), clock.pendingMillis]).toEqual([true, []]);
  });

  test('is over when every line accepted before is written, confirmed or dropped', async () => {
    const { clock, ledger } = start();
    ledger.accept(6, 60);
    const waiting = ledger.settled(100, clock);
    ledger.accept(1, 10);
    expect([ledger.hasWaiters, clock.pendingMillis, clock.holdsProcess]).toEqual([true, [100], true]);
    ledger.write(1, 10);
    ledger.confirm(2, 20);
    expect(ledger.hasWaiters).toBe(true);
    ledger.drop('unknown', 3);
    expect([await waiting, ledger.hasWaiters, clock.pendingMillis, ledger.flushDeadlinesMissed]).toEqual([
      true,
      false,
      [],
      0,
    ]);
  });

  test('gives up at its deadline, which is counted, and leaves other waiters waiting', async () => {
    const { clock, ledger } = start();
    ledger.accept(2, 20);
    const impatient = ledger.settled(100, clock);
    const patient = ledger.settled(1_000, clock);
    clock.advance(100);
    expect([await impatient, ledger.hasWaiters, ledger.flushDeadlinesMissed]).toEqual([false, true, 1]);
    ledger.confirm(2, 20);
    expect([await patient, ledger.hasWaiters, ledger.flushDeadlinesMissed]).toEqual([true, false, 1]);
  });

  test('serves every waiter whose lines are settled', async () => {
    const { clock, ledger } = start();
    const order: string[] = [];
    ledger.accept(1, 10);
    const first = ledger.settled(100, clock).then(() => order.push('first'));
    ledger.accept(1, 10);
    const second = ledger.settled(100, clock).then(() => order.push('second'));
    ledger.write(1, 10);
    await first;
    expect(order).toEqual(['first']);
    ledger.write(1, 10);
    await second;
    expect(order).toEqual(['first', 'second']);
  });
});

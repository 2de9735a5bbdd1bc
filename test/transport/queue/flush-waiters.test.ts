import { describe, expect, test } from 'vitest';
import { FlushWaiters } from '../../../src/transport/queue/flush-waiters.js';
import { FakeClock } from '../../support/fake-clock.js';

function start(): { clock: FakeClock; waiters: FlushWaiters } {
  return { clock: new FakeClock(), waiters: new FlushWaiters() };
}

describe('a flush', () => {
  test('resolves at once when every accepted line is settled', async () => {
    const { clock, waiters } = start();
    expect([await waiters.wait(100, clock), clock.pendingMillis]).toEqual([true, []]);
    waiters.accept(2);
    waiters.settle(2);
    expect([await waiters.wait(100, clock), clock.pendingMillis]).toEqual([true, []]);
  });

  test('waits for the lines accepted before it, not for later ones, and holds the process meanwhile', async () => {
    const { clock, waiters } = start();
    waiters.accept(6);
    const waiting = waiters.wait(100, clock);
    waiters.accept(1);
    expect([waiters.isEmpty, clock.pendingMillis, clock.holdsProcess]).toEqual([false, [100], true]);
    waiters.settle(3);
    expect(waiters.isEmpty).toBe(false);
    waiters.settle(3);
    expect([await waiting, waiters.isEmpty, clock.pendingMillis]).toEqual([true, true, []]);
  });

  test('resolves to false at its deadline, and leaves the others waiting', async () => {
    const { clock, waiters } = start();
    waiters.accept(2);
    const early = waiters.wait(100, clock);
    const late = waiters.wait(1_000, clock);
    expect(waiters.nextDeadline).toBe(100);
    clock.advance(100);
    expect([await early, waiters.isEmpty, waiters.nextDeadline]).toEqual([false, false, 1_000]);
    waiters.settle(2);
    expect([await late, waiters.isEmpty, waiters.nextDeadline]).toEqual([true, true, undefined]);
  });

  test('resolves with every other flush whose lines are settled', async () => {
    const { clock, waiters } = start();
    const order: string[] = [];
    waiters.accept(1);
    const first = waiters.wait(100, clock).then(() => order.push('first'));
    waiters.accept(1);
    const second = waiters.wait(100, clock).then(() => order.push('second'));
    const third = waiters.wait(100, clock).then(() => order.push('third'));
    waiters.settle(1);
    await first;
    expect(order).toEqual(['first']);
    waiters.settle(1);
    await Promise.all([second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
  });
});

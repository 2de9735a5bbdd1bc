import { describe, expect, test } from 'vitest';
import { FlushWaiters } from '../../../src/transport/queue/flush-waiters.js';
import { FakeClock } from '../../support/fake-clock.js';

function start(): { clock: FakeClock; waiters: FlushWaiters } {
  return { clock: new FakeClock(), waiters: new FlushWaiters() };
}

describe('a flush', () => {
  test('resolves at once when every accepted line is settled', async () => {
    const { clock, waiters } = start();
    expect({ isSettled: await waiters.wait(100, clock), pendingMillis: clock.pendingMillis }).toEqual({
      isSettled: true,
      pendingMillis: [],
    });
    waiters.accept(2);
    waiters.settle(2);
    expect({ isSettled: await waiters.wait(100, clock), pendingMillis: clock.pendingMillis }).toEqual({
      isSettled: true,
      pendingMillis: [],
    });
  });

  test('waits for the lines accepted before it, not for later ones, and holds the process meanwhile', async () => {
    const { clock, waiters } = start();
    waiters.accept(6);
    const waiting = waiters.wait(100, clock);
    waiters.accept(1);
    expect({
      isEmpty: waiters.isEmpty,
      pendingMillis: clock.pendingMillis,
      holdsProcess: clock.holdsProcess,
    }).toEqual({ isEmpty: false, pendingMillis: [100], holdsProcess: true });
    waiters.settle(3);
    expect(waiters.isEmpty).toBe(false);
    waiters.settle(3);
    expect({ waiting: await waiting, isEmpty: waiters.isEmpty, pendingMillis: clock.pendingMillis }).toEqual({
      waiting: true,
      isEmpty: true,
      pendingMillis: [],
    });
  });

  test('resolves to false at its deadline, and leaves the others waiting', async () => {
    const { clock, waiters } = start();
    waiters.accept(2);
    const early = waiters.wait(100, clock);
    const late = waiters.wait(1_000, clock);
    expect(waiters.nextDeadline).toBe(100);
    clock.advance(100);
    expect({ early: await early, isEmpty: waiters.isEmpty, nextDeadline: waiters.nextDeadline }).toEqual({
      early: false,
      isEmpty: false,
      nextDeadline: 1_000,
    });
    waiters.settle(2);
    expect({ late: await late, isEmpty: waiters.isEmpty, nextDeadline: waiters.nextDeadline }).toEqual({
      late: true,
      isEmpty: true,
      nextDeadline: undefined,
    });
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

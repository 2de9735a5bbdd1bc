import { describe, expect, test } from 'vitest';
import { DeadlineTimer } from '../../src/runtime/deadline-timer.js';
import { FakeClock } from '../support/fake-clock.js';

describe('a deadline timer', () => {
  test.each([
    ['later', 50, 70],
    ['for the same time', 20, 40],
    ['earlier', 5, 25],
  ])('that is set anew, %s, goes off at the new time alone', (_what, millis, at) => {
    const clock = new FakeClock();
    const alarm = new DeadlineTimer(clock);
    const rings: [string, number][] = [];
    const ring = (name: string) => () => rings.push([name, clock.now()]);
    alarm.arm(40, ring('old'));
    clock.advance(20);
    alarm.arm(millis, ring('new'));
    clock.advance(200);
    expect({ rings, pendingMillis: clock.pendingMillis }).toEqual({
      rings: [['new', at]],
      pendingMillis: [],
    });
  });

  test('keeps its running timer when it is extended, or set for the same time', () => {
    const clock = new FakeClock();
    const started: number[] = [];
    const counting = {
      now: () => clock.now(),
      after: (millis: number, callback: () => void) => {
        started.push(millis);
        return clock.after(millis, callback);
      },
    };
    const alarm = new DeadlineTimer(counting);
    for (const millis of [10, 10, 20, 30]) alarm.arm(millis, () => {});
    expect(clock.pendingMillis).toEqual([10]);
    clock.advance(10);
    expect({ pendingMillis: clock.pendingMillis, started }).toEqual({
      pendingMillis: [20],
      started: [10, 20],
    });
  });

  test('expires when its timer fires, a moment early or not', () => {
    const clock = new FakeClock();
    const early = {
      now: () => clock.now(),
      after: (millis: number, ring: () => void) => clock.after(millis - 0.5, ring),
    };
    const alarm = new DeadlineTimer(early);
    const rings: number[] = [];
    alarm.arm(10, () => rings.push(clock.now()));
    clock.advance(20);
    expect(rings).toEqual([9.5]);
  });

  test('can be armed again when it expires', () => {
    const clock = new FakeClock();
    const alarm = new DeadlineTimer(clock);
    const rings: number[] = [];
    alarm.arm(10, () => {
      rings.push(clock.now());
      alarm.arm(10, () => rings.push(clock.now()));
    });
    clock.advance(100);
    expect(rings).toEqual([10, 20]);
  });

  test('does not expire after it was cancelled, and leaves no timer', () => {
    const clock = new FakeClock();
    const alarm = new DeadlineTimer(clock);
    const rings: number[] = [];
    alarm.cancel();
    alarm.arm(10, () => rings.push(clock.now()));
    alarm.arm(20, () => rings.push(clock.now()));
    alarm.cancel();
    expect(clock.pendingMillis).toEqual([]);
    clock.advance(100);
    expect(rings).toEqual([]);
  });
});

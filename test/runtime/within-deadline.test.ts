import { expect, test } from 'vitest';
import { withinDeadline } from '../../src/runtime/within-deadline.js';
import { FakeClock } from '../support/fake-clock.js';

test.each([
  ['resolves', () => Promise.resolve()],
  ['rejects', () => Promise.reject(new Error('failed'))],
] as const)('work that %s in time is within its deadline, and leaves no timer', async (_how, start) => {
  const clock = new FakeClock();
  expect({
    withinDeadline: await withinDeadline(100, start(), clock),
    pendingMillis: clock.pendingMillis,
  }).toEqual({ withinDeadline: true, pendingMillis: [] });
});

test('work that takes longer is not within its deadline', async () => {
  const clock = new FakeClock();
  const inTime = withinDeadline(100, new Promise(() => {}), clock);
  expect(clock.pendingMillis).toEqual([100]);
  clock.advance(100);
  expect(await inTime).toBe(false);
});

test('a deadline that is over starts no timer in the past', () => {
  const clock = new FakeClock();
  void withinDeadline(-5, new Promise(() => {}), clock);
  expect(clock.pendingMillis).toEqual([0]);
});

test('the timer holds the process by default', () => {
  const holds = [{}, { holdProcess: false }].map((options) => {
    const clock = new FakeClock();
    void withinDeadline(100, new Promise(() => {}), clock, options);
    return clock.holdsProcess;
  });
  expect(holds).toEqual([true, false]);
});

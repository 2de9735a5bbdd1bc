import { expect, test } from 'vitest';
import { cancellableDelay } from '../../src/runtime/cancellable-delay.js';
import { FakeClock } from '../support/fake-clock.js';

test('a delay resolves with the time that passed, and does not hold the process', async () => {
  const clock = new FakeClock();
  const { elapsed } = cancellableDelay(clock, 100);
  expect({ pendingMillis: clock.pendingMillis, holdsProcess: clock.holdsProcess }).toEqual({
    pendingMillis: [100],
    holdsProcess: false,
  });
  clock.advance(100);
  expect(await elapsed).toBe(100);
});

test('a delay that is cut short resolves at once and leaves no timer, however often it is cut short', async () => {
  const clock = new FakeClock();
  clock.advance(1_000);
  const { elapsed, cutShort } = cancellableDelay(clock, 100);
  clock.advance(30);
  cutShort();
  cutShort();
  expect({ elapsed: await elapsed, pendingMillis: clock.pendingMillis }).toEqual({
    elapsed: 30,
    pendingMillis: [],
  });
  cutShort();
});

import { expect, test } from 'vitest';
import { systemClock } from '../../src/runtime/clock.js';
import { yieldToEventLoop } from '../../src/runtime/yield.js';

/** The timers that keep this process alive. */
function holdingTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('a timer of the system clock keeps the process alive only if it is asked to', () => {
  const before = holdingTimers();
  const timers = [undefined, { holdProcess: false }, { holdProcess: true }].map((options) => {
    const timer = systemClock.after(60_000, () => {}, options);
    const held = holdingTimers() - before;
    timer.cancel();
    return held;
  });
  expect(timers).toEqual([0, 0, 1]);
});

test('a timer of the system clock fires once, and not after it was cancelled', async () => {
  const fired: string[] = [];
  systemClock.after(1, () => fired.push('cancelled')).cancel();
  await new Promise<void>((resolve) => {
    systemClock.after(1, () => fired.push('first'), { holdProcess: true });
    systemClock.after(2, resolve, { holdProcess: true });
  });
  expect(fired).toEqual(['first']);
});

test('what was due before runs while work yields to the event loop', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('due'));
  await yieldToEventLoop();
  expect([...order, 'after']).toEqual(['due', 'after']);
});

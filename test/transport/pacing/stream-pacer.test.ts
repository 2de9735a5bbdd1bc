import { describe, expect, test } from 'vitest';
import { StreamPacer } from '../../../src/transport/pacing/stream-pacer.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('the stream pacer', () => {
  test('permits four megabytes a second, or more when more is exported', () => {
    const clock = new FakeClock();
    const pacer = new StreamPacer({}, clock);
    pacer.recordOffered(1_000_000);
    expect(pacer.millisUntil(65_536)).toBe(0);
    pacer.take(65_536);
    expect(pacer.millisUntil(65_536)).toBe(17);
    pacer.recordOffered(99_000_000);
    // A hundred megabytes in five seconds.
    expect(pacer.millisUntil(65_536)).toBe(Math.ceil(65_536 / 20_000));
  });

  test('follows the configured rate, and never waits when pacing is off', () => {
    const clock = new FakeClock();
    const set = new StreamPacer({ bytesPerSecond: 1_000 }, clock);
    const none = new StreamPacer(false, clock);
    for (const pacer of [set, none]) pacer.take(65_536);
    expect([set.millisUntil(1_000), none.millisUntil(1_000)]).toEqual([1_000, 0]);
  });
});

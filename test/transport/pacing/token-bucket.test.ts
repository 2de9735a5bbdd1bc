import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../../../src/transport/pacing/token-bucket.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('a token bucket', () => {
  test('permits a burst at once, then only the rate', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(10, clock);
    expect([bucket.available(2), bucket.millisUntil(10, 2)]).toEqual([10, 0]);
    bucket.take(10);
    expect([bucket.available(2), bucket.millisUntil(10, 2)]).toEqual([0, 5]);
    clock.advance(3);
    expect([bucket.available(2), bucket.millisUntil(10, 2)]).toEqual([6, 2]);
    clock.advance(1_000);
    expect(bucket.available(2)).toBe(10);
  });

  test('makes an amount larger than a burst wait for a full bucket, and the next amount for the rest', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(10, clock);
    bucket.take(4);
    expect(bucket.millisUntil(30, 1)).toBe(4);
    clock.advance(4);
    bucket.take(30);
    expect(bucket.millisUntil(1, 1)).toBe(21);
  });
});

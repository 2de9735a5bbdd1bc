import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../../../src/transport/pacing/token-bucket.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('a token bucket', () => {
  test('permits a burst at once, then only the rate', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(10, clock);
    expect({ available: bucket.available(2), millisUntil: bucket.millisUntil(10, 2) }).toEqual({
      available: 10,
      millisUntil: 0,
    });
    bucket.take(10);
    expect({ available: bucket.available(2), millisUntil: bucket.millisUntil(10, 2) }).toEqual({
      available: 0,
      millisUntil: 5,
    });
    clock.advance(3);
    expect({ available: bucket.available(2), millisUntil: bucket.millisUntil(10, 2) }).toEqual({
      available: 6,
      millisUntil: 2,
    });
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

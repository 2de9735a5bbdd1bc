import { describe, expect, test } from 'vitest';
import { backoffMillis, pathBackoffCapMillis } from '../../src/runtime/backoff.js';

describe('back-off', () => {
  const failures = [0, 1, 2, 3, 6, 7, 8, 1_000, Number.MAX_SAFE_INTEGER];

  test('doubles its upper bound after each failure, up to ten seconds', () => {
    expect(failures.map((count) => backoffMillis(count, () => 1))).toEqual([
      100, 200, 400, 800, 6_400, 10_000, 10_000, 10_000, 10_000,
    ]);
  });

  test('uses the whole range down to 100 ms, so that clients do not reconnect together', () => {
    expect(failures.map((count) => backoffMillis(count, () => 0))).toEqual(failures.map(() => 100));
    expect(backoffMillis(5, () => 0.5)).toBe(1_600);
  });

  test('is at most a second for a path where no process listens, and ten for any other fault', () => {
    const causes = ['ENOENT', 'ECONNREFUSED', 'EACCES', 'unknown'];
    expect(causes.map((cause) => [cause, pathBackoffCapMillis(cause)])).toEqual([
      ['ENOENT', 1_000],
      ['ECONNREFUSED', 1_000],
      ['EACCES', 10_000],
      ['unknown', 10_000],
    ]);
  });
});

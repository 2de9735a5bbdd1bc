import { describe, expect, test } from 'vitest';
import {
  BURST_PAYLOADS,
  DatagramPacer,
  ExportRate,
  StreamPacer,
  TokenBucket,
} from '../../../src/transport/pacing/pacing.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('the rhythm of exports', () => {
  test('is taken for one every ten seconds until it is known', () => {
    const rhythm = new ExportRate();
    rhythm.add(1_000, 0);
    expect(rhythm.perMillisecond).toBe(1_000 / 5_000);
  });

  test('counts what comes within a quarter of a second as one export', () => {
    const rhythm = new ExportRate();
    for (const now of [0, 100, 350]) rhythm.add(1_000, now);
    expect(rhythm.perMillisecond).toBe(3_000 / 5_000);
  });

  test('spreads the larger of the last two exports over half of the time between them', () => {
    const rhythm = new ExportRate();
    rhythm.add(6_000, 0);
    rhythm.add(1_000, 60_000);
    expect(rhythm.perMillisecond).toBe(6_000 / 30_000);
    rhythm.add(1_000, 120_000);
    expect(rhythm.perMillisecond).toBe(1_000 / 30_000);
  });

  test('is not thrown off by a flush between two exports', () => {
    const rhythm = new ExportRate();
    for (const now of [0, 60_000, 61_000]) rhythm.add(1_000, now);
    expect(rhythm.perMillisecond).toBe(1_000 / 15_000);
    rhythm.add(1_000, 120_000);
    expect(rhythm.perMillisecond).toBe(1_000 / 29_500);
  });
});

describe('a token bucket', () => {
  test('lets a burst through, and then what the rate allows', () => {
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

  test('makes what is larger than a burst wait for a whole one, and the next for the rest', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(10, clock);
    bucket.take(4);
    expect(bucket.millisUntil(30, 1)).toBe(4);
    clock.advance(4);
    bucket.take(30);
    expect(bucket.millisUntil(1, 1)).toBe(21);
  });
});

describe('the pace of streams', () => {
  test('is four megabytes a second, unless more is exported', () => {
    const clock = new FakeClock();
    const pace = new StreamPacer({}, clock);
    pace.recordOffered(1_000_000);
    expect(pace.millisUntil(65_536)).toBe(0);
    pace.take(65_536);
    expect(pace.millisUntil(65_536)).toBe(17);
    pace.recordOffered(99_000_000);
    // A hundred megabytes in five seconds.
    expect(pace.millisUntil(65_536)).toBe(Math.ceil(65_536 / 20_000));
  });

  test('can be set, or given up', () => {
    const clock = new FakeClock();
    const set = new StreamPacer({ bytesPerSecond: 1_000 }, clock);
    const none = new StreamPacer(false, clock);
    for (const pace of [set, none]) pace.take(65_536);
    expect([set.millisUntil(1_000), none.millisUntil(1_000)]).toEqual([1_000, 0]);
  });
});

describe('the pace of datagrams', () => {
  /** Sends so many of one size until all are sent; answers how many went when. */
  function schedule(
    pace: DatagramPacer,
    clock: FakeClock,
    total: number,
    { millisLeft, bytes = 1_432 }: { millisLeft?: number; bytes?: number } = {},
  ): [number, number][] {
    const sent: [number, number][] = [];
    for (let pending = total; pending > 0; ) {
      const sizes = Array.from({ length: Math.min(pending, BURST_PAYLOADS) }, () => bytes);
      clock.advance(pace.millisUntilTurn({ sizes, pendingBytes: pending * bytes, millisLeft }));
      const count = pace.take(sizes);
      sent.push([clock.now(), count]);
      pending -= count;
    }
    return sent;
  }

  test('sends a small export at once', () => {
    const clock = new FakeClock();
    const pace = new DatagramPacer({}, clock);
    pace.recordOffered(32, 32 * 1_432);
    expect(schedule(pace, clock, 32)).toEqual([[0, 32]]);
  });

  test('sends the rest at one a millisecond, a tick of eight at a time', () => {
    const clock = new FakeClock();
    const pace = new DatagramPacer({}, clock);
    pace.recordOffered(50, 50 * 1_432);
    expect(schedule(pace, clock, 50)).toEqual([
      [0, 32],
      [8, 8],
      [16, 8],
      [18, 2],
    ]);
  });

  test('spreads a large export over half of the interval', () => {
    const clock = new FakeClock();
    const pace = new DatagramPacer({}, clock);
    pace.recordOffered(40_000, 40_000 * 1_432);
    const sent = schedule(pace, clock, 40_000);
    expect(sent.at(-1)).toEqual([(40_000 - 32) / 8, 32]);
    expect(new Set(sent.map(([, count]) => count))).toEqual(new Set([32]));
  });

  test('never exceeds twenty a millisecond', () => {
    const clock = new FakeClock();
    const pace = new DatagramPacer({}, clock);
    pace.recordOffered(10_000_000, 10_000_000 * 1_432);
    // Two milliseconds for each burst, which could be more but for its size.
    expect(schedule(pace, clock, 32 * 51).at(-1)?.[0]).toBe(100);
    expect(schedule(pace, clock, 32 * 50, { millisLeft: 1 }).at(-1)?.[0]).toBe(200);
  });

  test('hurries while somebody waits, as much as the deadline asks for', () => {
    const clock = new FakeClock();
    const pace = new DatagramPacer({}, clock);
    pace.recordOffered(64, 64 * 1_432);
    expect(schedule(pace, clock, 64, { millisLeft: 10_000 }).at(-1)?.[0]).toBe(16);
    // Six a millisecond, to be done in half of the time.
    const waitMillis = pace.millisUntilTurn({
      sizes: [1_432],
      pendingBytes: 3_000 * 1_432,
      millisLeft: 1_000,
    });
    expect(waitMillis).toBe(Math.ceil(32 / 6));
  });

  test('counts a large datagram as the usual ones that it is as long as', () => {
    const clock = new FakeClock();
    const pace = new DatagramPacer({}, clock);
    pace.recordOffered(12, 12 * 8 * 1_432);
    expect(schedule(pace, clock, 12, { bytes: 8 * 1_432 })).toEqual([
      [0, 4],
      ...Array.from({ length: 8 }, (_, index) => [8 * (index + 1), 1]),
    ]);
  });

  test('lets no more large datagrams go at once for the small ones that are offered behind them', () => {
    const pace = new DatagramPacer({}, new FakeClock());
    pace.recordOffered(10, 10 * 8_192);
    pace.recordOffered(1, 100);
    const sizes = [...Array.from({ length: 10 }, () => 8_192), 100];
    expect(pace.millisUntilTurn({ sizes, pendingBytes: 82_020, millisLeft: undefined })).toBe(0);
    expect(pace.take(sizes)).toBe(Math.floor(32 / (8_192 / 1_432)));
  });

  test('can be set, or given up', () => {
    const clock = new FakeClock();
    const set = new DatagramPacer({ datagramsPerSecond: 100 }, clock);
    expect(schedule(set, clock, 34)).toEqual([
      [0, 32],
      [10, 1],
      [20, 1],
    ]);
    const none = new DatagramPacer(false, clock);
    expect(schedule(none, clock, 80)).toEqual([
      [20, 32],
      [20, 32],
      [20, 16],
    ]);
  });
});

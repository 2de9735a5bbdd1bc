import { describe, expect, test } from 'vitest';
import { BURST_DATAGRAMS, DatagramPacer } from '../../../src/transport/pacing/datagram-pacer.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('the datagram pacer', () => {
  /** Sends `total` datagrams of one size; returns pairs of time and number sent. */
  function schedule(
    pacer: DatagramPacer,
    clock: FakeClock,
    total: number,
    { millisLeft, bytes = 1_432 }: { millisLeft?: number; bytes?: number } = {},
  ): [number, number][] {
    const sent: [number, number][] = [];
    for (let pending = total; pending > 0; ) {
      const sizes = Array.from({ length: Math.min(pending, BURST_DATAGRAMS) }, () => bytes);
      clock.advance(pacer.millisUntilTurn({ sizes, pendingBytes: pending * bytes, millisLeft }));
      const count = pacer.take(sizes);
      sent.push([clock.now(), count]);
      pending -= count;
    }
    return sent;
  }

  test('sends a small export at once', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    pacer.recordOffered(32, 32 * 1_432);
    expect(schedule(pacer, clock, 32)).toEqual([[0, 32]]);
  });

  test('sends what exceeds a burst at one per millisecond, eight at a time', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    pacer.recordOffered(50, 50 * 1_432);
    expect(schedule(pacer, clock, 50)).toEqual([
      [0, 32],
      [8, 8],
      [16, 8],
      [18, 2],
    ]);
  });

  test('spreads a large export over half of the interval', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    pacer.recordOffered(40_000, 40_000 * 1_432);
    const sent = schedule(pacer, clock, 40_000);
    expect(sent.at(-1)).toEqual([(40_000 - 32) / 8, 32]);
    expect(new Set(sent.map(([, count]) => count))).toEqual(new Set([32]));
  });

  test('never exceeds twenty per millisecond', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    pacer.recordOffered(10_000_000, 10_000_000 * 1_432);
    // Two milliseconds for each burst: its size limits the rate.
    expect(schedule(pacer, clock, 32 * 51).at(-1)?.[0]).toBe(100);
    expect(schedule(pacer, clock, 32 * 50, { millisLeft: 1 }).at(-1)?.[0]).toBe(200);
  });

  test('sends faster while a flush waits, as fast as its deadline requires', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    pacer.recordOffered(64, 64 * 1_432);
    expect(schedule(pacer, clock, 64, { millisLeft: 10_000 }).at(-1)?.[0]).toBe(16);
    // Six per millisecond, to be done in half of the time.
    const waitMillis = pacer.millisUntilTurn({
      sizes: [1_432],
      pendingBytes: 3_000 * 1_432,
      millisLeft: 1_000,
    });
    expect(waitMillis).toBe(Math.ceil(32 / 6));
  });

  test('counts a large datagram as several of the usual size', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    pacer.recordOffered(12, 12 * 8 * 1_432);
    expect(schedule(pacer, clock, 12, { bytes: 8 * 1_432 })).toEqual([
      [0, 4],
      ...Array.from({ length: 8 }, (_, index) => [8 * (index + 1), 1]),
    ]);
  });

  test('spreads an export of large datagrams by their bytes, not by their number', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    // 40,000 of the usual size in five seconds.
    pacer.recordOffered(5_000, 40_000 * 1_432);
    expect(schedule(pacer, clock, 12, { bytes: 8 * 1_432 })).toEqual([
      [0, 4],
      [4, 4],
      [8, 4],
    ]);
  });

  test('counts the configured rate in datagrams, whatever their size', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({ datagramsPerSecond: 100 }, clock);
    expect(schedule(pacer, clock, 7, { bytes: 8 * 1_432 })).toEqual([
      [0, 4],
      [10, 1],
      [20, 1],
      [30, 1],
    ]);
  });

  test('sends a datagram that is larger than a burst when the burst is there', () => {
    const clock = new FakeClock();
    const pacer = new DatagramPacer({}, clock);
    expect(schedule(pacer, clock, 2, { bytes: 40 * 1_432 })).toEqual([
      [0, 1],
      [40, 1],
    ]);
  });

  test('sends no more large datagrams at once when small ones follow them', () => {
    const pacer = new DatagramPacer({}, new FakeClock());
    pacer.recordOffered(10, 10 * 8_192);
    pacer.recordOffered(1, 100);
    const sizes = [...Array.from({ length: 10 }, () => 8_192), 100];
    expect(pacer.millisUntilTurn({ sizes, pendingBytes: 82_020, millisLeft: undefined })).toBe(0);
    expect(pacer.take(sizes)).toBe(Math.floor(32 / (8_192 / 1_432)));
  });

  test('follows the configured rate, and never waits when pacing is off', () => {
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

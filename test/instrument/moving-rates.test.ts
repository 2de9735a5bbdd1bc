import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MovingRates, TICK_MILLIS } from '../../src/instrument/moving-rates.js';

const closeTo = (value: number): unknown => expect.closeTo(value, 12);

describe('moving rates', () => {
  it('are 0 until the first tick, then what was counted per second', () => {
    const rates = new MovingRates(0);
    rates.mark(10, 0);
    expect([rates.rates(4_999), rates.rates(5_000)]).toEqual([
      { m1: 0, m5: 0, m15: 0 },
      { m1: 2, m5: 2, m15: 2 },
    ]);
  });

  it('decay by a factor of e after each window without an event', () => {
    const rates = new MovingRates(0);
    rates.mark(5, 0);
    rates.rates(5_000);
    const silentFor = (millis: number) => rates.rates(5_000 + millis);
    expect(silentFor(60_000)).toEqual({
      m1: closeTo(Math.exp(-1)),
      m5: closeTo(Math.exp(-1 / 5)),
      m15: closeTo(Math.exp(-1 / 15)),
    });
    expect(silentFor(900_000)).toEqual({
      m1: closeTo(Math.exp(-15)),
      m5: closeTo(Math.exp(-3)),
      m15: closeTo(Math.exp(-1)),
    });
  });

  it('approach the counted rate by 1 - e^(-5 s / window) per tick, as the load average does', () => {
    const rates = new MovingRates(0);
    // The first tick finds nothing, so that all begin at 0.
    rates.mark(50, 5_000);
    const step = (seconds: number) => 10 * (1 - Math.exp(-5 / seconds));
    expect(rates.rates(10_000)).toEqual({
      m1: closeTo(step(60)),
      m5: closeTo(step(300)),
      m15: closeTo(step(900)),
    });
  });

  it('converge on a steady rate', () => {
    const rates = new MovingRates(0);
    for (let second = 0; second < 7_200; second += 1) rates.mark(3, second * 1000);
    expect(rates.rates(7_200_000)).toEqual({ m1: closeTo(3), m5: closeTo(3), m15: closeTo(3) });
  });

  it('assign an event to its tick however late the rates are read', () => {
    const rates = new MovingRates(0);
    rates.mark(5, 4_000);
    rates.mark(10, 6_000);
    const one = 1 + (2 - 1) * (1 - Math.exp(-5 / 60));
    expect(rates.rates(10_000).m1).toEqual(closeTo(one));
  });

  it('do not change until a clock that jumped back has caught up', () => {
    const rates = new MovingRates(10_000);
    rates.mark(5, 15_000);
    expect({ rates: rates.rates(1_000), m1: rates.rates(20_000).m1 }).toEqual({
      rates: { m1: 0, m5: 0, m15: 0 },
      m1: closeTo(1 - Math.exp(-5 / 60)),
    });
  });

  it('stay finite and correct over a year without events', () => {
    const rates = new MovingRates(0);
    rates.mark(1e6, 0);
    expect(rates.rates(365 * 86_400_000)).toEqual({ m1: 0, m5: closeTo(0), m15: closeTo(0) });
  });

  it('are the same whether they are read at each tick or only at the end', () => {
    const marks = fc.array(
      fc.record({ count: fc.nat(1_000), pauseMillis: fc.integer({ min: 0, max: 300_000 }) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(marks, fc.integer({ min: 0, max: 300_000 }), (events, lastPause) => {
        const lazy = new MovingRates(0);
        const eager = new MovingRates(0);
        let now = 0;
        const watchUntil = (end: number): void => {
          for (let tick = 0; tick <= end; tick += TICK_MILLIS) if (tick > now) eager.rates(tick);
          now = end;
        };
        for (const { count, pauseMillis } of events) {
          watchUntil(now + pauseMillis);
          lazy.mark(count, now);
          eager.mark(count, now);
        }
        watchUntil(now + lastPause);
        const { m1, m5, m15 } = eager.rates(now);
        const close = (value: number) => expect.closeTo(value, 9);
        expect(lazy.rates(now)).toEqual({ m1: close(m1), m5: close(m5), m15: close(m15) });
      }),
    );
  });
});

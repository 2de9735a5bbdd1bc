import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBudget, PendingBytes } from '../../src/listener/pending-bytes.js';

describe('a byte budget', () => {
  it('gives what is left, all or nothing, and takes it back', () => {
    const budget = new ByteBudget(10);
    expect([budget.take(6), budget.take(5), budget.take(4), budget.take(1)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    budget.release(3);
    expect([budget.take(4), budget.take(3), budget.take(0)]).toEqual([false, true, true]);
  });
});

describe('pending bytes', () => {
  /** How much of the budget is taken. */
  function taken(budget: ByteBudget, total: number): number {
    for (let bytes = total; bytes > 0; bytes -= 1) {
      if (!budget.take(bytes)) continue;
      budget.release(bytes);
      return total - bytes;
    }
    return total;
  }

  it('take 256 bytes at least, then twice as many, or what is needed', () => {
    const budget = new ByteBudget(5_000);
    const pending = new PendingBytes(budget);
    const steps = [0, 1, 255, 1, 255, 1, 1_024].map((bytes) => {
      expect(pending.append(Buffer.alloc(bytes))).toBe(true);
      return [pending.length, taken(budget, 5_000)];
    });
    expect(steps).toEqual([
      [0, 0],
      [1, 256],
      [256, 256],
      [257, 512],
      [512, 512],
      [513, 1_024],
      [1_537, 2_048],
    ]);
    pending.clear();
    expect([pending.length, taken(budget, 5_000)]).toEqual([0, 0]);
    pending.append(Buffer.alloc(3_000));
    expect([pending.length, taken(budget, 5_000)]).toEqual([3_000, 3_000]);
  });

  it('keep what they have when the budget has no room for more', () => {
    const budget = new ByteBudget(300);
    const pending = new PendingBytes(budget);
    pending.append(Buffer.from('abc'));
    expect([pending.append(Buffer.alloc(298)), pending.length, taken(budget, 300)]).toEqual([false, 3, 256]);
    expect([pending.append(Buffer.alloc(297)), pending.length, taken(budget, 300)]).toEqual([false, 3, 256]);
    expect(pending.append(Buffer.from('d'))).toBe(true);
    expect([String(pending.take()), pending.length, taken(budget, 300)]).toEqual(['abcd', 0, 0]);
  });

  it('are the parts, one after the other, and begin with a number', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 })), (parts) => {
        const pending = new PendingBytes(new ByteBudget(2 ** 20));
        for (const part of parts) pending.append(Buffer.from(part));
        const all = Buffer.concat(parts);
        if (all.length >= 4) expect(pending.readUInt32LE()).toBe(all.readUInt32LE());
        expect(pending.take()).toEqual(all);
      }),
    );
  });
});

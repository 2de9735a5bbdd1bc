import { describe, expect, test } from 'vitest';
import { ExportRate } from '../../../src/transport/pacing/export-rate.js';

describe('the export rate', () => {
  test('assumes an export every ten seconds until it has seen two', () => {
    const rate = new ExportRate();
    rate.add(1_000, 0);
    expect(rate.perMillisecond).toBe(1_000 / 5_000);
  });

  test('counts chunks within a quarter of a second as one export', () => {
    const rate = new ExportRate();
    for (const now of [0, 100, 350]) rate.add(1_000, now);
    expect(rate.perMillisecond).toBe(3_000 / 5_000);
  });

  test('spreads the larger of the last two exports over half of the time between them', () => {
    const rate = new ExportRate();
    rate.add(6_000, 0);
    rate.add(1_000, 60_000);
    expect(rate.perMillisecond).toBe(6_000 / 30_000);
    rate.add(1_000, 120_000);
    expect(rate.perMillisecond).toBe(1_000 / 30_000);
  });

  test('halves its interval at most when a flush comes between two exports', () => {
    const rate = new ExportRate();
    for (const now of [0, 60_000, 61_000]) rate.add(1_000, now);
    expect(rate.perMillisecond).toBe(1_000 / 15_000);
    rate.add(1_000, 120_000);
    expect(rate.perMillisecond).toBe(1_000 / 29_500);
  });
});

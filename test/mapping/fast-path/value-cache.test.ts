import { expect, it } from 'vitest';
import { SMALL_NUMBER_MASK, ValueCache } from '../../../src/mapping/fast-path/value-cache.js';

it('the cache of values gives each key a region of free slots, and keeps what the others have', () => {
  const cache = new ValueCache();
  const bases = [64, 960, 64, 4_096].map((slots) => {
    const base = cache.allocateTexts(slots);
    expect(cache.texts.slice(base, base + slots)).toEqual(new Array(slots).fill(''));
    cache.texts[base] = `text at ${base}`;
    cache.textRefs[base + slots - 1] = base + 1;
    return { base, texts: cache.texts.length, refs: cache.textRefs.length };
  });
  expect(bases).toEqual([
    { base: 0, texts: 1_024, refs: 1_024 },
    { base: 64, texts: 1_024, refs: 1_024 },
    { base: 1_024, texts: 2_048, refs: 2_048 },
    { base: 1_088, texts: 5_184, refs: 5_184 },
  ]);
  expect(cache.texts.filter((text) => text !== '')).toEqual(
    [0, 64, 1_024, 1_088].map((base) => `text at ${base}`),
  );
  expect([...cache.textRefs].filter((ref) => ref !== 0)).toEqual([1, 65, 1_025, 1_089]);
  cache.clearTexts();
  expect(cache.texts).toEqual(new Array(5_184).fill(''));
});

it('the cache of values gives each key with numbers a region, behind one that stays empty', () => {
  const cache = new ValueCache();
  const bases = [1, 2, 3].map((ref) => {
    const base = cache.allocateNumbers();
    cache.numberRefs[base] = cache.numberRefs[base + SMALL_NUMBER_MASK] = ref;
    return [base, cache.numberRefs.length];
  });
  expect(bases).toEqual([
    [1_024, 4_096],
    [2_048, 4_096],
    [3_072, 4_096],
  ]);
  expect([cache.allocateNumbers(), cache.numberRefs.length]).toEqual([4_096, 10_240]);
  expect([...cache.numberRefs].filter((ref) => ref !== 0)).toEqual([1, 1, 2, 2, 3, 3]);
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Glob } from '../../../src/mapping/naming/glob.js';

/** The definition: an expression in which `.*` stands for each star. */
function asExpression(pattern: string): RegExp {
  const texts = pattern.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${texts.join('.*')}$`, 's');
}

describe('a glob', () => {
  it('matches what an expression with ".*" for each star matches', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab.'), maxLength: 8 });
    const pattern = fc.array(text, { minLength: 2, maxLength: 4 }).map((texts) => texts.join('*'));
    fc.assert(
      fc.property(pattern, text, fc.infiniteStream(text), (glob, other, texts) => {
        const filled = glob.replace(/\*/g, () => texts.next().value ?? '');
        expect([filled, other].map((name) => new Glob(glob).matches(name))).toEqual([
          true,
          asExpression(glob).test(other),
        ]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('needs the texts of both ends without overlap, and those between them in order', () => {
    const names = ['aa', 'aba', 'aca', 'abca', 'acba'];
    expect(names.map((name) => new Glob('a*b*c*a').matches(name))).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(['a', 'aa'].map((name) => new Glob('a*a').matches(name))).toEqual([false, true]);
    expect(['aba', 'abba'].map((name) => new Glob('ab*ba').matches(name))).toEqual([false, true]);
    expect(['abc', 'abbc'].map((name) => new Glob('a*b*bc').matches(name))).toEqual([false, true]);
  });

  it('with many stars answers for a long name that does not match', () => {
    // An expression would try 255 over 20 combinations and not end.
    expect(new Glob(`${'*a'.repeat(20)}*b`).matches('a'.repeat(255))).toBe(false);
  });
});

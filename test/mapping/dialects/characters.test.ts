// Written as ranges, the expressions match what Unicode's categories say.
import { describe, expect, it } from 'vitest';
import { orControls, SEPARATORS_AND_CONTROLS } from '../../../src/mapping/dialects/characters.js';

const codePoints = Array.from({ length: 0x11_0000 }, (_, codePoint) => String.fromCodePoint(codePoint));

/** A low half after a high one would be one character. */
const matches = (expression: RegExp): string[] =>
  codePoints.filter((character) => character.replace(expression, '') === '');

describe('orControls()', () => {
  it('matches controls and halves of surrogate pairs besides the expression', () => {
    expect(matches(orControls(/[#,\s]/u))).toEqual(matches(/[#,\s\p{Cc}\p{Cs}]/gu));
  });

  it('keeps what the expression says of places', () => {
    expect('~a~;\0'.replace(orControls(/^~|;/u), '_')).toBe('_a~__');
  });
});

describe('SEPARATORS_AND_CONTROLS', () => {
  it('matches separators of tags, fields, lines and paragraphs, controls, and halves of surrogate pairs', () => {
    expect(matches(SEPARATORS_AND_CONTROLS)).toEqual(matches(/[,|\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu));
  });
});

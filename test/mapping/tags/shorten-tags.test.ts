import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import {
  isWholeTag,
  shortenSegments,
  shortenTags,
  shortenUntil,
} from '../../../src/mapping/tags/shorten-tags.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';

const { dogstatsd, statsd, telegraf } = dialects;

describe('tags that are too long', () => {
  it('have their values cut to what the Datadog agent keeps: 200 characters with the key', () => {
    const tags: Tag[] = [
      ['path', 'p'.repeat(300)],
      ['short', 'value'],
    ];
    expect(shortenTags(tags, dogstatsd)).toEqual([
      ['path', 'p'.repeat(195)],
      ['short', 'value'],
    ]);
  });

  it('are left out when the key alone is too long', () => {
    expect(shortenTags([['k'.repeat(200), 'v']], dogstatsd)).toEqual([]);
  });

  it('are cut at 251 bytes per segment where they are folded into the name', () => {
    expect(shortenTags([['k'.repeat(256), 'ä'.repeat(200)]], statsd)).toEqual([
      ['k'.repeat(251), 'ä'.repeat(125)],
    ]);
  });

  it('are the same list when all are whole, or the server has no limit', () => {
    const tags: Tag[] = [['k', 'v'.repeat(190)]];
    const long: Tag[] = [['k', 'v'.repeat(10_000)]];
    expect([shortenTags(tags, dogstatsd), shortenTags(tags, statsd), shortenTags(long, telegraf)]).toEqual([
      tags,
      tags,
      long,
    ]);
    const longest: Tag[] = [['k', 'v'.repeat(198)]];
    const longestSegment: Tag[] = [['k', 'v'.repeat(251)]];
    expect([
      shortenTags(tags, dogstatsd) === tags,
      shortenTags(tags, statsd) === tags,
      shortenTags(long, telegraf) === long,
      shortenTags(longest, dogstatsd) === longest,
      shortenTags(longestSegment, statsd) === longestSegment,
    ]).toEqual([true, true, true, true, true]);
  });

  it('keep a character of their value where there is room for one', () => {
    expect(shortenTags([['k'.repeat(198), 'vv']], dogstatsd)).toEqual([['k'.repeat(198), 'v']]);
  });

  it('have an underscore where there is room for half of a character only', () => {
    expect(shortenTags([['k'.repeat(198), '😀v']], dogstatsd)).toEqual([['k'.repeat(198), '_']]);
  });

  it('are cut where a character of two code units is elsewhere', () => {
    expect(shortenTags([['k', `😀${'v'.repeat(300)}`]], dogstatsd)).toEqual([['k', `😀${'v'.repeat(196)}`]]);
  });

  it('are never cut in the middle of a character', () => {
    expect(shortenTags([['k', `${'v'.repeat(197)}😀`]], dogstatsd)).toEqual([['k', 'v'.repeat(197)]]);
    expect(shortenTags([['k', `${'v'.repeat(249)}😀`]], statsd)).toEqual([['k', 'v'.repeat(249)]]);
  });

  it('are whole afterwards, and begin as they did', () => {
    const text = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text)),
        fc.constantFrom(dogstatsd, statsd, telegraf),
        (tags, dialect) => {
          for (const [key, value] of shortenTags(tags, dialect)) {
            expect(isWholeTag(key, value, dialect)).toBe(true);
            expect(tags.some(([k, v]) => k.startsWith(key) && v.startsWith(value))).toBe(true);
          }
        },
      ),
    );
  });
});

it('the segments of a name are cut one by one', () => {
  expect(shortenSegments(`a.${'b'.repeat(300)}.c.${'ä'.repeat(200)}`)).toBe(
    `a.${'b'.repeat(251)}.c.${'ä'.repeat(125)}`,
  );
});

const lengthOf = (list: readonly Tag[]): number => list.reduce((sum, [, value]) => sum + value.length, 0);

describe('tags of a line that is too long', () => {
  it('have their longest values cut to one length, the largest that fits', () => {
    const tags: Tag[] = [
      ['a', 'x'.repeat(50)],
      ['b', 'y'.repeat(40)],
      ['c', 'z'.repeat(10)],
    ];
    const shorter = shortenUntil(tags, (list) => lengthOf(list) <= 80);
    expect(shorter?.map(([, value]) => value.length)).toEqual([35, 35, 10]);
  });

  it('keep a character each, and cannot be shortened further', () => {
    const tags: Tag[] = [
      ['a', 'xxx'],
      ['b', 'yy'],
    ];
    expect([
      shortenUntil(tags, (list) => lengthOf(list) <= 2),
      shortenUntil(tags, (list) => lengthOf(list) <= 1),
      shortenUntil([], () => false),
    ]).toEqual([
      [
        ['a', 'x'],
        ['b', 'y'],
      ],
      undefined,
      undefined,
    ]);
  });

  it('fit afterwards whenever they can', () => {
    const tags = fc.array(fc.tuple(fc.constant('k'), fc.string({ minLength: 1, maxLength: 100 })));
    fc.assert(
      fc.property(tags, fc.nat(300), (list, room) => {
        const shorter = shortenUntil(list, (shown) => lengthOf(shown) <= room);
        expect(shorter === undefined ? list.length > room : lengthOf(shorter) <= room).toBe(true);
      }),
    );
  });
});

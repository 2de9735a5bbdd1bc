import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { lineSyntaxOf } from '../../../src/mapping/lines/line-syntax.js';
import { foldName, seriesText, tagSection } from '../../../src/mapping/lines/series-text.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';

const TAGS: readonly Tag[] = [
  ['a', '1'],
  ['b', '2'],
];

describe('a series', () => {
  it.each([
    ['statsd', 'n.a.1.b.2', ''],
    ['graphite', 'n;a=1;b=2', ''],
    ['dogstatsd', 'n', '|#a:1,b:2'],
    ['telegraf', 'n,a=1,b=2', ''],
    ['signalfx', 'n[a=1,b=2]', ''],
    ['librato', 'n#a=1,b=2', ''],
    ['carbon', 'n;a=1;b=2', ''],
  ] as const)('of %s has %s before its value and %j after it', (name, head, tail) => {
    const series = seriesText('n', TAGS, dialects[name]);
    expect({ head: series.head, tail: series.tail, stamp: series.stamp }).toEqual({
      head,
      tail,
      stamp: undefined,
    });
  });

  it.each(Object.values(dialects))('of $name without tags is the name alone', (dialect) => {
    expect(seriesText('n', [], dialect)).toEqual({ head: 'n', tail: '', stamp: undefined, identity: 'n' });
  });

  it('keeps its tags with a record whose lines have no type for tags to follow', () => {
    const { head, tail } = seriesText('n', TAGS, { ...dialects.dogstatsd, line: 'plaintext' });
    expect({ head, tail }).toEqual({ head: 'n|#a:1,b:2', tail: '' });
  });

  it('is one to the server if its identity is', () => {
    const identity = (name: string, dialect: Dialect): string => seriesText(name, TAGS, dialect).identity;
    expect(identity('a.b', dialects.telegraf)).toBe(identity('a_b', dialects.telegraf));
    expect(identity('a.b', dialects.statsd)).not.toBe(identity('a_b', dialects.statsd));
  });
});

describe('the identity of a series', () => {
  const identity = (dialect: Dialect, name: string, tags = TAGS): string =>
    seriesText(name, tags, dialect).identity;

  it.each([
    ['statsd', 'A.b.a.1.b.2'],
    ['dogstatsd', 'A.b|#a:1,b:2'],
    ['telegraf', 'A_b,a=1,b=2'],
    ['netdata', 'a_b_a_1_b_2'],
  ] as const)('to %s is its name as the server compares names, and its tags: %s', (name, expected) => {
    expect(identity(dialects[name], 'A.b')).toBe(expected);
  });

  it('folds the tags where they are part of the name, and them alone', () => {
    const tags: readonly Tag[] = [['K.x', 'V']];
    expect([identity(dialects.netdata, 'N.x', tags), identity(dialects.telegraf, 'N.x', tags)]).toEqual([
      'n_x_k_x_v',
      'N_x,K.x=V',
    ]);
    expect(identity(dialects.netdata, 'N.x', [])).toBe('n_x');
  });
});

it('foldName ignores what the server ignores', () => {
  const names = (ignoreCase: boolean, equivalentCharacters: RegExp | undefined): string =>
    foldName('A.b-c--d', { ignoreCase, equivalentCharacters });
  expect([
    names(false, undefined),
    names(true, undefined),
    names(false, /[.-]/),
    names(true, /[.-]+/),
  ]).toEqual(['A.b-c--d', 'a.b-c--d', 'A_b_c__d', 'a_b_c_d']);
});

it('the tail of a series has the fields of the origin after its tags', () => {
  const stamp = { text: '|T1', second: 1 };
  expect([TAGS, []].map((tags) => seriesText('n', tags, dialects.dogstatsd, stamp, '|c:x'))).toEqual([
    { head: 'n', tail: '|#a:1,b:2|c:x', stamp, identity: 'n|#a:1,b:2' },
    { head: 'n', tail: '|c:x', stamp, identity: 'n' },
  ]);
});

it('a section of tags has the text of the dialect around and between them', () => {
  const section = (tags: readonly Tag[]): string => tagSection(tags, lineSyntaxOf(dialects.signalfx));
  expect([section([]), section(TAGS.slice(1)), section(TAGS)]).toEqual(['', '[b=2]', '[a=1,b=2]']);
});

import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { seriesText } from '../../../src/mapping/lines/series-text.js';
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

// Whatever surrounds them, letters and digits tell series apart on every server.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { counter, mapOnce, point } from '../support/mapping.js';
import { attributes } from '../support/metrics/arbitrary-metrics.js';

const ordinary = fc.string({ unit: fc.constantFrom(...'abcxyzABC0189'), minLength: 1, maxLength: 5 });
const surrounding = fc.oneof(
  fc.constantFrom(
    '',
    ':',
    '|#',
    ',',
    ';',
    '=',
    ']',
    '\n',
    ' ',
    '\u2028',
    '|c\nforged:1',
    '.',
    '"}',
    '~',
    '日',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }).map((text) => text.replace(/[\p{L}\p{N}]/gu, '')),
);

/** Two texts that differ only in their letters and digits. */
const twoTexts = fc
  .record({ before: surrounding, one: ordinary, other: ordinary, after: surrounding })
  .map(
    ({ before, one, other, after }) => [before + one + after, before + other + after, one, other] as const,
  );

function seriesOf(name: DialectName, of: Record<string, unknown>): string {
  const metric = counter([point(1, { attributes: of })]);
  const { lines } = mapOnce(dialects[name], [metric], { tags: { constant: 'tag' } });
  return lines.join('\n');
}

describe.each(Object.keys(dialects) as DialectName[])('series for %s', (name) => {
  // Chart ids have no capitals.
  const fold = (text: string): string =>
    dialects[name].nameCollisions.ignoreCase ? text.toLowerCase() : text;

  it('differ when a value of theirs does', () => {
    fc.assert(
      fc.property(attributes, twoTexts, surrounding, (others, [one, other, core, otherCore], keyEnd) => {
        fc.pre(fold(core) !== fold(otherCore));
        const key = `k9${keyEnd}`;
        const [first, second] = [one, other].map((value) => seriesOf(name, { ...others, [key]: value }));
        fc.pre(first !== '' && second !== '');
        expect(first).not.toBe(second);
      }),
    );
  });

  it('differ when a key of theirs does', () => {
    fc.assert(
      fc.property(twoTexts, ordinary, ([one, other, core, otherCore], value) => {
        fc.pre(fold(core) !== fold(otherCore));
        const [first, second] = [one, other].map((key) => seriesOf(name, { [key]: value }));
        expect(first).not.toBe(second);
      }),
    );
  });

  it('are one line each, with every value in its own field', () => {
    fc.assert(
      fc.property(attributes, (of) => {
        const line = seriesOf(name, of);
        fc.pre(line !== '');
        const { open, assign, separator, place } = dialects[name].tags;
        expect(line.split('\n')).toHaveLength(1);
        if (place === 'folded') return;
        const tagText = line.slice(line.indexOf(open) + open.length);
        const tags = tagText.split(separator).map((tag) => tag.split(assign)[0]);
        const keys = new Set(tags);
        expect(keys.size).toBe(tags.length);
        expect([...keys].filter((key) => key === 'constant')).toHaveLength(1);
      }),
    );
  });
});

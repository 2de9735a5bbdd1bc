import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { PointTags } from '../../../src/mapping/tags/point-tags.js';
import { legalTags } from '../../../src/mapping/tags/tags.js';

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom(null, '', 'a|b,c', ['x']));
const key = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('a b', 'a_b', 'a.b', 'host', '', 'Z'));

it.each(Object.values(dialects))('tags for $name are those of legalTags, point after point', (dialect) => {
  const tags = new PointTags(dialect);
  fc.assert(
    fc.property(fc.array(fc.dictionary(key, value, { maxKeys: 40 }), { maxLength: 5 }), (points) => {
      expect(points.map((attributes) => tags.of(attributes))).toEqual(
        points.map((attributes) => legalTags(attributes, dialect)),
      );
    }),
    { numRuns: 50 },
  );
});

it.each(Object.values(dialects))(
  "the tag of a bucket's bound for $name is that of its attribute, and is kept",
  (dialect) => {
    const tags = new PointTags(dialect);
    const bounds = ['0.5', '+Inf', '', '0.5'];
    expect(bounds.map((le) => tags.ofBound(le))).toEqual(bounds.map((le) => legalTags({ le }, dialect)[0]));
    expect(tags.ofBound('0.5')).toBe(tags.ofBound('0.5'));
  },
);

it('the tags of 1,024 bounds are kept at a time', () => {
  const tags = new PointTags(dialects.telegraf);
  const first = tags.ofBound('0');
  for (let bound = 1; bound < 1_024; bound++) tags.ofBound(`${bound}`);
  const kept = tags.ofBound('0');
  tags.ofBound('1024');
  expect([kept === first, tags.ofBound('0') === first, tags.ofBound('0')]).toEqual([true, false, first]);
});

it('is right for more keys than it remembers', () => {
  const tags = new PointTags(dialects.statsd);
  const points = Array.from({ length: 3_000 }, (_, index) => ({ [`key ${index}`]: 1 }));
  expect(points.map((attributes) => tags.of(attributes))).toEqual(
    points.map((_, index) => [[`key_${index}`, '1']]),
  );
});

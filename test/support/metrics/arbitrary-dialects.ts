// Marks and limits that no server has, for rules that must not depend on those of the servers.
import * as fc from 'fast-check';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';

const mark = fc.string({ unit: fc.constantFrom('#', ';', ',', 'é', '::', '\n'), maxLength: 3 });

export const anyTagSyntax: fc.Arbitrary<Dialect['tags']> = fc.record({
  place: fc.constantFrom<Dialect['tags']['place']>('end', 'name', 'folded'),
  open: mark,
  assign: mark,
  separator: mark,
  close: mark,
});

export const anyLimits: fc.Arbitrary<Pick<Dialect['limits'], 'nameLength' | 'tagLength' | 'lineBytes'>> =
  fc.record({
    nameLength: fc.constantFrom(4, 40, Infinity),
    tagLength: fc.constantFrom(4, 40, Infinity),
    lineBytes: fc.constantFrom(300, 400, 430, Infinity),
  });

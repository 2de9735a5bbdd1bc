import { expect, test } from 'vitest';
import type { Dialect, StatsdType } from '../../../src/mapping/dialects/dialect.js';
import { type DialectName, dialectOf, dialects } from '../../../src/mapping/dialects/index.js';
import { dialectServers } from '../../support/server-models/index.js';

const TYPES: readonly StatsdType[] = ['c', 'g', 'ms', 'h', 'd', 's'];

test('every record has the name of its key', () => {
  expect(Object.entries<Dialect>(dialects).filter(([name, dialect]) => dialect.name !== name)).toEqual([]);
});

test('every expression is global, not sticky, and unicode', () => {
  for (const { illegal } of Object.values<Dialect>(dialects)) {
    for (const expression of Object.values(illegal)) {
      expect({ global: expression.global, sticky: expression.sticky, unicode: expression.unicode }).toEqual({
        global: true,
        sticky: false,
        unicode: true,
      });
    }
  }
});

test.each(Object.keys(dialects).filter((name) => name !== 'carbon') as DialectName[])(
  '%s takes the types that its record accepts or misreads, and rejects the others',
  (name) => {
    const { acceptedTypes, misreadTypes = {} }: Dialect = dialects[name];
    const taken = TYPES.filter((type) => {
      const server = dialectServers[name].start();
      server.receive(`a:1|${type}`);
      return server.rejected.length === 0;
    });
    expect(taken).toEqual(TYPES.filter((type) => acceptedTypes.includes(type) || type in misreadTypes));
  },
);

test('a dialect with rules for sets accepts their type, and no other does', () => {
  const wrong = Object.values<Dialect>(dialects).filter(
    ({ acceptedTypes, sets }) => acceptedTypes.includes('s') !== (sets !== undefined),
  );
  expect(wrong).toEqual([]);
});

test('a dialect is found by its name, and a record is itself', () => {
  const mine = { ...dialects.statsd, name: 'mine' };
  expect([dialectOf('vector'), dialectOf(mine)]).toEqual([dialects.vector, mine]);
  expect(() => dialectOf('toString')).toThrow(
    `there is no dialect "toString"; there are ${Object.keys(dialects).join(', ')}`,
  );
});

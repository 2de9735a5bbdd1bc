import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { joinName, LegalNames, legalName } from '../../../src/mapping/naming/legal-name.js';

const { name: illegal } = dialects.statsd.illegal;

describe('a name', () => {
  it.each([
    ['http.server.request.duration', 'http.server.request.duration'],
    ['Req_count-2', 'Req_count-2'],
    ['bad name é', 'bad_name__'],
    ['a/b', 'a_b'],
    ['a:1|c\nb:2|c', 'a_1_c_b_2_c'],
    ['a,b;c=d[e]#f@g', 'a_b_c_d_e__f_g'],
    ['a\u00a0b\u2028c\u007fd\ud800e', 'a_b_c_d_e'],
    ['👍x', 'x'],
    ['a👍', 'a_'],
    // Levels of a Graphite tree are not empty.
    ['a..b...c', 'a.b.c'],
    ['.a.', 'a'],
    // gostatsd rejects a leading `_`; `_e` and `_sc` are events and checks to the Datadog agent.
    ['_e{1,1}:x|y', 'e_1_1__x_y'],
    ['_sc|a', 'sc_a'],
    ['-._a', 'a'],
    ['1xx', '1xx'],
    ['', ''],
    ['...', ''],
    ['🙂', ''],
  ])('%j is sent as %j', (name, legal) => {
    expect(legalName(name, illegal)).toBe(legal);
  });

  it('of one dialect may have characters that are illegal in another', () => {
    expect(legalName('a-b', dialects.dogstatsd.illegal.name)).toBe('a_b');
  });

  it.each(Object.values(dialects))('is safe with $name, whatever it was', ({ illegal: { name } }) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        expect(legalName(text, name)).toMatch(/^(?:[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.))*(?<!\.))?$/);
      }),
    );
  });

  it('that is legal stays as it is, and so does what was made legal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = legalName(text, illegal);
        expect(legalName(once, illegal)).toBe(once);
      }),
    );
  });
});

test('a prefix goes before the name with a dot, and no prefix goes without one', () => {
  const { statsd } = dialects;
  expect([joinName('a.b', 'c', statsd), joinName('', 'c', statsd)]).toEqual(['a.b.c', 'c']);
});

test('a whole name begins with a letter where the server requires one', () => {
  const names = (dialect: keyof typeof dialects): string[] => [
    joinName('', '1st', dialects[dialect]),
    joinName('2nd', '1st', dialects[dialect]),
    joinName('app', '1st', dialects[dialect]),
    joinName('', 'first', dialects[dialect]),
  ];
  expect([names('dogstatsd'), names('statsd')]).toEqual([
    ['x1st', 'x2nd.1st', 'app.1st', 'first'],
    ['1st', '2nd.1st', 'app.1st', 'first'],
  ]);
});

test('a memory of names gives what legalName does, for the first time and again', () => {
  const names = new LegalNames(illegal);
  const given = ['a b', 'c', '...', 'a b', '...', 'c'];
  expect(given.map((name) => names.of(name))).toEqual(['a_b', 'c', '', 'a_b', '', 'c']);
});

test('a memory of names gives the names of any number of metrics', () => {
  const names = new LegalNames(illegal);
  const given = Array.from({ length: 5_000 }, (_, index) => `m ${index}`);
  for (let round = 0; round < 2; round++) {
    expect(given.map((name) => names.of(name))).toEqual(given.map((name) => name.replace(' ', '_')));
  }
});

import { expect, it } from 'vitest';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { isIdentityUnambiguous } from '../../../src/mapping/fast-path/series-identity.js';

const { dogstatsd, statsd } = dialects;

/** Only its own marks are replaced. */
const bare: Dialect = {
  ...dogstatsd,
  illegal: { ...dogstatsd.illegal, name: /\|/g, tagKey: /:/g, tagValue: /,/g },
};

function marked(tags: Partial<Dialect['tags']>, dialect: Dialect = bare): Dialect {
  return { ...dialect, tags: { ...dialect.tags, ...tags } };
}

it.each<[string, Dialect, boolean]>([
  ['for marks that no name, key or value has', bare, true],
  ['without a mark before the tags', marked({ open: '' }), false],
  ['without a mark between key and value', marked({ assign: '' }), false],
  ['without a mark between tags', marked({ separator: '' }), false],
  ['without a mark before the tags, if others are replaced', marked({ open: '' }, dogstatsd), false],
  ['without a mark between key and value, if others are replaced', marked({ assign: '' }, dogstatsd), false],
  ['without a mark between tags, if others are replaced', marked({ separator: '' }, dogstatsd), false],
  ['with a mark that a name may have', marked({ open: '/#' }), false],
  ['with a mark that a key may have', marked({ assign: '=' }), false],
  ['with a mark that a value may have', marked({ separator: ';' }), false],
  ['with a dot before the tags, as names are compared', marked({ open: '.' }), true],
  ['for tags in the name', statsd, true],
  [
    'where the server takes marks of the name for others',
    { ...statsd, nameCollisions: { ignoreCase: false, equivalentCharacters: /[._]/ } },
    false,
  ],
])('the tags of a series can be told from it: %s', (_, dialect, isUnambiguous) => {
  expect(isIdentityUnambiguous(dialect)).toBe(isUnambiguous);
});

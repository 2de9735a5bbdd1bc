// Dialects by name or as a record, as users may give them.

import type { Dialect } from './dialect.js';
import { type DialectName, dialects } from './index.js';

export function dialectOf(dialect: DialectName | Dialect): Dialect {
  if (typeof dialect !== 'string') return dialect;
  if (Object.hasOwn(dialects, dialect)) return dialects[dialect];
  throw new TypeError(`there is no dialect "${dialect}"; there are ${Object.keys(dialects).join(', ')}`);
}

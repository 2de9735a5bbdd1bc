// Attributes that would forge lines or tags, be taken by a server for itself, or lose the line, if they arrived as they
// are.
import type { AttributeRecord } from '../../../src/mapping/tags/tags.js';

export const hostileAttributes: readonly AttributeRecord[] = [
  { v: 'x:5|c\nforged:9|c' },
  { 'k:1|c\nforged': 'key' },
  { v: 'a|@0.1|#k:v' },
  { v: 'a,b=c;d=e' },
  { v: '[x]#y{z}"}' },
  { v: 'no-break\u00a0em\u2003line\u2028next\u0085return\r\ttab' },
  { v: 'half a pair \ud800' },
  { v: '~tilde' },
  { v: 'é漢字😀' },
  { v: '' },
  { v: '=a==b' },
  { '': 'empty key' },
  { v: ['a', 1, { b: 'c,d|e' }] },
  // Keys with a meaning of their own on one server or another.
  { host: 'h', le: '1', quantile: '2', metric_type: 't', gsd_histogram: '1_2' },
  { name: 'q', __name__: 'zz', units: 'u', family: 'f', veneurlocalonly: 'x' },
];

/** Members of a set that one server or another would take apart, take for something else, or reject. */
export const hostileMembers: readonly string[] = [
  'a:b',
  'a|c',
  'x:5|c\nforged:9|c',
  '|#forged:x',
  'someone@example.org',
  '-5',
  '+5',
  '5',
  '5.0',
  '__proto__',
  'constructor',
  'zinit',
  'Zinit',
  'ü',
  'u\u0308',
  ' ',
  'é漢字😀',
  'd9428888-122b-11e1-b85c-61cd3cbb3210',
  'a,b=c;d=[e]"{f}',
  'v'.repeat(60),
  'v'.repeat(61),
  'v'.repeat(20_000),
  `${'v'.repeat(20_000)}w`,
];

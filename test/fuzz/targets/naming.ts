import assert from 'node:assert/strict';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { Glob } from '../../../src/mapping/naming/glob.js';
import {
  constantStart,
  fillTemplate,
  parseTemplate,
  templateFault,
} from '../../../src/mapping/naming/templates.js';
import { batchOf, counter, mapperOf, point } from '../../support/mapping.js';
import { checkWrittenLine } from './lines.js';
import type { Target } from './target.js';

/** The input is a template or glob, and after a newline a name. */
export const naming: Target = {
  corpus: [
    'timers.{http.route|none}.{http.request.method}\nhttp.server',
    '{type}.{name}\na.b',
    'a{b\nc',
    '{a|b|}.{c}\nx',
    '*a*a*a*a*b\naaaaaaaaaaaaaaaaaaaaaaaaaaab',
    'http.*.duration\nhttp.server.duration',
  ],
  tokens: ['{', '}', '|', '.', '*', '**', '{name}', '{type}', '{k}', '{k|x}', '\n', '/', '..', '{}'],
  run(input) {
    const [source = '', name = ''] = input.toString().slice(0, 1_000).split('\n');
    const glob = source.includes('*') ? source : `${source}*`;
    assert.equal(new Glob(glob).matches(name), matches(glob, name));
    const template = parseTemplate(source);
    const filled = fillTemplate(template, (key) => (key === 'k' ? name : ''));
    const start = constantStart(template, () => undefined);
    if (start !== undefined) assert(filled.startsWith(start), `${filled} does not begin with ${start}`);
    if (templateFault(source) !== undefined) return;
    assert(!/[{}]/.test(fillTemplate(template, () => 'v')), 'a brace is left');
    for (const dialect of [dialects.statsd, dialects.carbon, dialects.telegraf]) {
      const metrics = [counter([point(1, { attributes: { k: name } })])];
      for (const line of mapperOf(dialect, { names: { '*': source }, prefix: 'p' })(batchOf(metrics)).lines) {
        checkWrittenLine(line, dialect);
      }
    }
  },
};

/** By all places that each star may end at. */
function matches(glob: string, name: string): boolean {
  let ends = new Set([0]);
  for (const character of glob.split('')) {
    const next = new Set<number>();
    for (const end of ends) {
      if (character === '*') for (let at = end; at <= name.length; at += 1) next.add(at);
      else if (name[end] === character) next.add(end + 1);
    }
    ends = next;
  }
  return ends.has(name.length);
}

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
    'a*b*b\nab',
  ],
  tokens: ['{', '}', '|', '.', '*', '**', '{name}', '{type}', '{k}', '{k|x}', '\n', '/', '..', '{}'],
  run(input) {
    const [source = '', name = ''] = input.toString().slice(0, 1_000).split('\n');
    const glob = source.includes('*') ? source : `${source}*`;
    const compiled = new Glob(glob);
    for (const tried of [name, ...namesLike(glob, name)]) {
      assert.equal(compiled.matches(tried), matches(glob, tried), `${glob} and ${tried}`);
    }
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

/** Names that match the glob, or nearly: few do by chance. Parts of the filling stand for the stars. */
function namesLike(glob: string, filling: string): string[] {
  const texts = glob.split('*');
  const names = [0, 1, 2].map((length) =>
    texts.map((text, index) => text + filling.slice(index * length, (index + 1) * length)).slice(0, -1),
  );
  const last = texts.at(-1) ?? '';
  return names.flatMap((starts) => {
    const start = starts.join('');
    // Whole, and with the end overlapping what is before it, or lacking or having one character.
    return [
      start + last,
      start.slice(0, -1) + last,
      start + last.slice(1),
      start + last.slice(0, -1),
      `${start}${last}x`,
    ];
  });
}

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

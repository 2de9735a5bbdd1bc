// The docstrings of the public surface, as scripts/api.js extracts them from the declarations.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFile, writeModels } from '../api.js';
import { ENTRY_POINTS, root } from '../build/extractor.js';

/** `[entry point, its exported items]` of every entry point. */
export function publicItems() {
  writeModels({ mayWrite: false });
  return ENTRY_POINTS.map((entry) => {
    const [{ members }] = JSON.parse(readFileSync(modelFile(entry), 'utf8')).members;
    return [entry, members];
  });
}

/** A docstring as text: what TSDoc calls the comment, without its frame and tags. */
export function docText({ docComment = '' }) {
  return docComment
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replace(/\{@link ([^}|]+)(?:\|[^}]*)?\}/g, '`$1`')
    .trim();
}

export function signature({ excerptTokens }) {
  return excerptTokens
    .map(({ text }) => text)
    .join('')
    .replace(/^export (?:declare )?/, '')
    .trim();
}

/** Members in the order of the source; the model has them by name. */
export function inSourceOrder(item) {
  const { fileUrlPath, name, members = [] } = item;
  if (fileUrlPath === undefined) return members;
  const source = readFileSync(join(root, fileUrlPath), 'utf8');
  const start = Math.max(0, source.search(new RegExp(`\\b(?:interface|class) ${name}\\b`)));
  const position = (member) => {
    const at = source.slice(start).search(new RegExp(`^\\s+(?:[a-z]+ )*${member.name}\\b`, 'm'));
    return at < 0 ? 0 : at;
  };
  return [...members].sort((a, b) => position(a) - position(b));
}

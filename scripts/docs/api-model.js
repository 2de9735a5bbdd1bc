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

/** A docstring without its frame: the text before the first block tag, and what `@defaultValue` says. */
export function docComment({ docComment: comment = '' }) {
  const lines = comment
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replace(/\{@link ([^}|]+)(?:\|[^}]*)?\}/g, '`$1`');
  const [text, ...blocks] = lines.split(/^@/m);
  const block = blocks.find((candidate) => candidate.startsWith('defaultValue')) ?? '';
  return { text: text.trim(), defaultValue: block.replace('defaultValue', '').trim() };
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

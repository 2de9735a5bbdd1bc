// The fenced code blocks of README, docs and docstrings.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { repository } from '../support/app-process.js';

export interface CodeBlock {
  /** From the root of the repository. */
  readonly file: string;
  /** Of its first line of code, counted from 1. */
  readonly line: number;
  /** The word after the fence; empty for output and pictures. */
  readonly language: string;
  readonly text: string;
}

/** docs/api.md and docs/interop.md are generated: one shows declarations, the other has its commands from its generator. */
const GENERATED = ['api.md'];

export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md') && !GENERATED.includes(name))
    .map((name) => `docs/${name}`),
  'examples/README.md',
  'CONTRIBUTING.md',
];

export const codeBlocks: readonly CodeBlock[] = pages.flatMap(blocksOf);

/** Examples in docstrings, which docs/api.md repeats. */
export const docstringBlocks: readonly CodeBlock[] = readdirSync(join(repository, 'src'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => blocksOf(`src/${name}`));

/** `docs/cluster.md` line 18 is `cluster-18`. */
export function blockName({ file, line }: CodeBlock): string {
  return `${basename(file, extname(file)).toLowerCase()}-${line}`;
}

function blocksOf(file: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { line: number; language: string; indent: string; lines: string[] } | undefined;
  for (const [index, text] of readFileSync(join(repository, file), 'utf8').split('\n').entries()) {
    const fence = /^(\s*(?:\* )?)```(\w*)$/.exec(text);
    if (open === undefined) {
      if (fence) open = { line: index + 2, language: fence[2]!, indent: fence[1]!, lines: [] };
    } else if (fence) {
      blocks.push({ file, line: open.line, language: open.language, text: `${open.lines.join('\n')}\n` });
      open = undefined;
    } else {
      open.lines.push(text.slice(Math.min(open.indent.length, text.length)));
    }
  }
  if (open) throw new Error(`${file}:${open.line - 1}: the code block does not end`);
  return blocks;
}

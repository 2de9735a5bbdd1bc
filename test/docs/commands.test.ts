// Commands in README and docs: npm scripts exist, options of the command line exist, and what a transcript shows is
// what the command prints.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository, startApp } from '../support/app-process.js';
import { type CodeBlock, codeBlocks } from './code-blocks.js';

interface Command {
  readonly where: string;
  readonly env: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

const program = join(repository, 'dist/esm/cli.js');
const {
  scripts,
  peerDependencies,
  name: packageName,
} = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
const KNOWN_LANGUAGES = ['js', 'ts', 'sh', 'json', 'yaml', ''];
const transcripts = codeBlocks.filter(({ language, text }) => language === '' && text.startsWith('$ '));
const commands = [
  ...codeBlocks.filter(({ language }) => language === 'sh').flatMap(commandsOf),
  ...transcripts.map((block) => parse(block, firstLine(block))),
];

test('every code block has a language that is checked', () => {
  expect(codeBlocks.filter(({ language }) => !KNOWN_LANGUAGES.includes(language))).toEqual([]);
});

test('every JSON block can be parsed', () => {
  for (const { text } of codeBlocks.filter(({ language }) => language === 'json')) JSON.parse(text);
});

test('every npm script that the documents run exists', () => {
  const run = commands.filter(({ words }) => words[0] === 'npm' && words[1] === 'run');
  expect(run.length).toBeGreaterThan(0);
  expect(run.filter(({ words }) => scripts[words[2]!] === undefined)).toEqual([]);
});

test('every package that the documents install is this one or a peer', () => {
  const installed = commands
    .filter(({ words }) => words[0] === 'npm' && words[1] === 'install')
    .flatMap(({ words }) => words.slice(2));
  const known = [packageName, ...Object.keys(peerDependencies)];
  expect(installed.length).toBeGreaterThan(0);
  expect(installed.filter((name) => !known.includes(name))).toEqual([]);
});

test('every option of otel-statsd in the documents is in its help', () => {
  const own = commands.filter(({ words }) => words[0] === 'npx' && words[1] === 'otel-statsd');
  expect(own.length).toBeGreaterThan(0);
  const unknown = own.flatMap(({ where, words: [, , command, ...rest] }) => {
    const help = execFileSync(process.execPath, [program, command!, '--help'], { encoding: 'utf8' });
    const flags = rest.filter((word) => word.startsWith('-'));
    return flags.filter((flag) => !help.includes(flag)).map((flag) => ({ where, command, flag }));
  });
  expect(unknown).toEqual([]);
});

describe('a transcript', () => {
  // What `listen` shows depends on what arrives.
  const repeatable = transcripts.filter((block) => !firstLine(block).includes(' listen'));
  test.each(repeatable.map((block) => [firstLine(block), block] as const))(
    'shows what the command prints: %s',
    async (_line, block) => {
      const { env, words } = parse(block, firstLine(block));
      const { stdout } = await startApp([program, ...words.slice(2)], { env }).ended;
      expect(`$ ${firstLine(block)}\n${stdout}`).toBe(block.text);
    },
  );
});

function firstLine({ text }: CodeBlock): string {
  return text.slice(2, text.indexOf('\n'));
}

function commandsOf(block: CodeBlock): Command[] {
  return block.text
    .replaceAll('\\\n', ' ')
    .split(/\n|&&/)
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => parse(block, line));
}

/** No command in the documents quotes a word. */
function parse({ file, line: at }: CodeBlock, line: string): Command {
  const env: Record<string, string> = {};
  const words = line.split(/[|>]/)[0]!.trim().split(/\s+/);
  while (/^[A-Z_]+=/.test(words[0] ?? '')) {
    const [name, value] = words.shift()!.split('=') as [string, string];
    env[name] = value;
  }
  return { where: `${file}:${at}`, env, words };
}

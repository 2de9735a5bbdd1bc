// Every block of JavaScript or TypeScript in README and docs compiles. Those that stand alone are programs: they run
// against a server, and the lines in their comments arrive there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StatsdTestServer } from '../../src/testing/test-server.js';
import { repository, startApp } from '../support/app-process.js';
import { typeErrors } from './check-types.js';
import { blockName, type CodeBlock, codeBlocks, docstringBlocks } from './code-blocks.js';

const modules = codeBlocks.filter(({ language }) => ['js', 'ts'].includes(language));

test('every module in the documents compiles', () => {
  expect(typeErrors(modules, { context: true })).toEqual({});
});

test('every example in a docstring compiles', () => {
  expect(docstringBlocks.length).toBeGreaterThan(0);
  expect(typeErrors(docstringBlocks, { context: true })).toEqual({});
});

const withErrors = typeErrors(modules, { context: false });
const programs = modules.filter(
  (block) => block.language === 'js' && block.text.includes('import ') && !withErrors[blockName(block)],
);
const [testFiles, apps] = [true, false].map((isTest) =>
  programs.filter(({ text }) => /^test\(/m.test(text) === isTest),
) as [CodeBlock[], CodeBlock[]];

describe('a program in the documents', () => {
  test.each(apps.map((block) => [`${block.file}:${block.line}`, block] as const))(
    'exits cleanly and sends the lines in its comments: %s',
    async (_where, block) => {
      await using server = await StatsdTestServer.start();
      const file = writeModule(
        blockName(block),
        block.text.replaceAll('udp://127.0.0.1:8125', server.endpoint),
      );
      const { ended } = startApp([file], { env: { OTEL_EXPORTER_STATSD_ENDPOINT: server.endpoint } });
      expect(await ended).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
      const expected = [...block.text.matchAll(/\/\/ (\S+:\S+\|\S+)$/gm)].map(([, line]) => line!);
      await server.waitFor(expected.length);
      expect(server.lines).toEqual(expected);
    },
  );

  test.each(testFiles.map((block) => [`${block.file}:${block.line}`, block] as const))(
    'passes as a test file: %s',
    async (_where, block) => {
      const file = writeModule(`${blockName(block)}.test`, block.text);
      const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
      const args = ['run', '--root', join(repository, '.cache/docs-programs'), file];
      const { status, stdout, stderr } = await startApp([vitest, ...args], { env: { NO_COLOR: '1' } }).ended;
      expect({ status, stderr, stdout }).toEqual({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/Tests {2}1 passed/),
      });
    },
  );
});

/** Inside of the repository, where the package finds itself by its own name. */
function writeModule(name: string, text: string): string {
  const folder = join(repository, '.cache/docs-programs');
  mkdirSync(folder, { recursive: true });
  // Without it, vitest would take the configuration of this repository.
  writeFileSync(join(folder, 'vitest.config.js'), 'export default {};\n');
  const file = join(folder, `${name}.js`);
  writeFileSync(file, text);
  return file;
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defineConfig, readConfigFile } from '../../../src/exporter/options/config-file.js';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const read = (name: string, text: string) =>
  readConfigFile({ OTEL_EXPORTER_STATSD_CONFIG: `./${name}` }, folderWith({ [name]: text }));

const PREFIX = { options: { prefix: 'shop' }, views: [], fault: undefined };

describe('a configuration file', () => {
  it.each([
    ['a.mjs', "export default { prefix: 'shop' };"],
    ['a.mjs', "export default () => ({ prefix: 'shop' });"],
    ['a.cjs', "module.exports = { prefix: 'shop' };"],
    ['a.cjs', "module.exports = () => ({ prefix: 'shop' });"],
    ['a.cjs', "exports.__esModule = true; exports.default = { prefix: 'shop' };"],
    ['a.js', "module.exports = { prefix: 'shop' };"],
    ['a.json', '{ "prefix": "shop" }'],
  ])('%s with %s is read at once', (name, text) => {
    expect(read(name, text)).toEqual({ ...PREFIX, path: `./${name}` });
  });

  it.each([
    ['a.mjs', "export default async () => ({ prefix: 'shop' });"],
    ['a.cjs', "module.exports = () => Promise.resolve({ prefix: 'shop' });"],
    ['a.mjs', "export default await Promise.resolve({ prefix: 'shop' });"],
  ])('%s with %s is read asynchronously', async (name, text) => {
    const reading = read(name, text);
    expect(reading).toBeInstanceOf(Promise);
    expect(await reading).toEqual({ ...PREFIX, path: `./${name}` });
  });

  it.each(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'])(
    'is imported where Node.js refuses to load it by require, with %s',
    async (code) => {
      const text = `
        const isFirst = !process.env.STATSD_TEST_LOADED;
        process.env.STATSD_TEST_LOADED = 'yes';
        if (isFirst) throw Object.assign(new Error('an ES module'), { code: '${code}' });
        module.exports = { prefix: 'shop' };`;
      onTestFinished(() => void Reflect.deleteProperty(process.env, 'STATSD_TEST_LOADED'));
      expect(await read('a.cjs', text)).toEqual({ ...PREFIX, path: './a.cjs' });
    },
  );

  it('may have views beside the options', () => {
    expect(read('a.mjs', "export default { views: [{ instrumentName: 'a*' }], prefix: 'shop' };")).toEqual({
      options: { prefix: 'shop' },
      views: [{ instrumentName: 'a*' }],
      path: './a.mjs',
      fault: undefined,
    });
  });

  it.each([{}, { OTEL_EXPORTER_STATSD_CONFIG: ' ' }])(
    'is not read with the environment %j',
    (environment) => {
      expect(readConfigFile(environment)).toEqual({
        options: {},
        views: [],
        path: undefined,
        fault: undefined,
      });
    },
  );
});

describe('a faulty configuration file', () => {
  it.each([
    ['a.mjs', "throw new Error('no\\nluck');", 'Error: no'],
    ['a.mjs', "export default () => { throw new TypeError('no luck'); };", 'TypeError: no luck'],
    ['a.mjs', "export default async () => { throw new TypeError('no luck'); };", 'TypeError: no luck'],
    ['a.mjs', 'export const prefix = 1;', 'prefix: '],
    ['a.mjs', 'export default 5;', 'its default export must be an object, or a function that returns one'],
    [
      'a.mjs',
      'export default async () => null;',
      'its default export must be an object, or a function that returns one',
    ],
    ['a.json', '{ "prefix": 1, "dialct": "statsd" }', 'prefix: '],
    ['a.json', '{ "prefix": 1, "dialct": "statsd" }', '(did you mean "dialect"?)'],
    ['a.json', '{ "views": {} }', 'views must be an array'],
    ['a.json', '{', 'SyntaxError: '],
    ['a.cjs', "require('not-there');", "Error: Cannot find module 'not-there'"],
    ['a.toml', '', 'its name must end in .mjs, .cjs, .js or .json'],
  ])('%s with %s has a fault of one line: %s', async (name, text, expected) => {
    const { options, fault } = await read(name, text);
    expect([options, fault?.startsWith(`OTEL_EXPORTER_STATSD_CONFIG is ignored: ./${name}: `)]).toEqual([
      {},
      true,
    ]);
    expect(fault).toContain(expected);
    expect(fault).not.toContain('\n');
  });

  it('has all faults of its options in one line', async () => {
    expect(await read('a.json', '{ "prefix": 1, "dialct": "statsd" }')).toEqual({
      options: {},
      views: [],
      path: './a.json',
      fault:
        'OTEL_EXPORTER_STATSD_CONFIG is ignored: ./a.json: prefix: expected a string, got 1 (number); ' +
        'dialct: unknown option (did you mean "dialect"?)',
    });
  });

  it('of JSON has the fault that JSON.parse() tells', () => {
    const fault = ((): unknown => {
      try {
        return JSON.parse('[1,');
      } catch (error) {
        return error;
      }
    })();
    expect(read('a.json', '[1,')).toEqual({
      options: {},
      views: [],
      path: './a.json',
      fault: `OTEL_EXPORTER_STATSD_CONFIG is ignored: ./a.json: ${fault}`,
    });
  });

  it('that throws is not loaded a second time', () => {
    expect(read('a.cjs', "throw Object.assign(new Error('no luck'), { code: 'ENOENT' });")).toEqual({
      options: {},
      views: [],
      path: './a.cjs',
      fault: 'OTEL_EXPORTER_STATSD_CONFIG is ignored: ./a.cjs: Error: no luck',
    });
  });

  it.each(['a.mjs', 'a.cjs', 'a.json'])('that is missing is told as such: %s', async (name) => {
    const folder = folderWith({});
    const { fault } = await readConfigFile({ OTEL_EXPORTER_STATSD_CONFIG: name }, folder);
    expect(fault).toBe(`OTEL_EXPORTER_STATSD_CONFIG is ignored: ${name}: there is no such file`);
  });
});

it('defineConfig gives back what it is given', () => {
  const config = { dialect: 'telegraf', views: [{ instrumentName: 'a' }] } as const;
  const make = async () => ({ prefix: 'x' });
  expect([defineConfig(config), defineConfig(make)]).toEqual([config, make]);
});

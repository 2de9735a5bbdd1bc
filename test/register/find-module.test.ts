import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { appFiles, findModule } from '../../src/register/find-module.js';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'find-module-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

test('a module is found from the first file that can resolve it', () => {
  const first = write('first/node_modules/cheese/index.js', 'module.exports = 1');
  write('second/node_modules/cheese/index.js', 'module.exports = 2');
  const from = ['nowhere', 'first', 'second'].map((name) => join(folder, name, 'app.js'));
  const found = findModule('cheese', from);
  expect({ file: found?.file, load: found?.load() }).toEqual({ file: first, load: 1 });
});

test('a module that cannot be resolved from any file is not found', () => {
  expect(findModule('cheese', [join(folder, 'app.js')])).toBeUndefined();
});

test('a module finds its own dependencies, wherever it is linked from', () => {
  write('store/cheese/node_modules/cheese/index.js', '');
  const milk = write('store/cheese/node_modules/milk/index.js', 'module.exports = "milk"');
  mkdirSync(join(folder, 'app/node_modules'), { recursive: true });
  symlinkSync(
    join(folder, 'store/cheese/node_modules/cheese'),
    join(folder, 'app/node_modules/cheese'),
    'dir',
  );
  const from = [join(folder, 'app/app.js')];
  const found = findModule('cheese', from)?.find('milk');
  expect({ unknown: findModule('milk', from), file: found?.file, load: found?.load() }).toEqual({
    unknown: undefined,
    file: milk,
    load: 'milk',
  });
});

test('a broken module is found; its error is thrown when it is loaded', () => {
  write('node_modules/cheese/index.js', 'throw new Error("out of cheese")');
  const found = findModule('cheese', [join(folder, 'app.js')]);
  expect(() => found?.load()).toThrow('out of cheese');
});

test('modules are searched from the working directory, the real path of the script, and this package', () => {
  const script = write('lib/tool.js', '');
  symlinkSync(script, join(folder, 'tool'));
  vi.spyOn(process, 'cwd').mockReturnValue('/somewhere');
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', join(folder, 'tool')]);
  const own = fileURLToPath(new URL('../../src/register/own-file.ts', import.meta.url));
  expect(appFiles()).toEqual(['/somewhere/package.json', script, expect.stringMatching(own)]);
  vi.restoreAllMocks();
});

test('without a working directory and a script, modules are searched from this package only', () => {
  vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw new Error('ENOENT: no such file or directory, uv_cwd');
  });
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node']);
  expect(appFiles()).toEqual([expect.stringMatching(/own-file\.ts$/)]);
  vi.restoreAllMocks();
});

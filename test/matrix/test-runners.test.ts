// Tests of an app under fake timers, which must not stop the delivery to `./testing`.
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { apps, run, tool } from './support/cells.js';

const cwd = join(apps, 'runners');

describe('./testing receives what an app exports under fake timers of', () => {
  test('Jest', () => run([tool('jest/bin/jest.js'), '--rootDir', '.', 'jest.test.js'], { cwd }));

  test('Vitest', () => run([tool('vitest/vitest.mjs'), 'run', '--root', '.', 'vitest.test.mjs'], { cwd }));

  test('node:test', () => run(['--test', 'node.test.mjs'], { cwd }));
});

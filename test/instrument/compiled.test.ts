// The helpers as the compiler of an app leaves them: real decorators of both kinds, `using`, and a process whose
// unhandled rejections.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Compiled, compileFixtures } from './support/compile.js';

describe.each([
  { kind: 'standard', options: {} },
  { kind: 'legacy', options: { experimentalDecorators: true } },
])('a class compiled with $kind decorators', ({ options }) => {
  let compiled: Compiled;
  beforeAll(async () => {
    compiled = await compileFixtures(options);
  });
  afterAll(() => compiled.remove());

  it('is measured as it says, and works as it did', async () => {
    expect(await compiled.run('decorated')).toEqual({
      outcomes: [9, 'RangeError'],
      parsed: [[1], 'SyntaxError'],
      names: ['buy', 1, 'parse'],
      durations: [
        [2, { result: '9' }],
        [2, { result: 'undefined' }],
        [2, null],
        [2, null],
        [3, { used: true }],
      ],
      failures: [1, 1],
      active: [1, 1, -1, -1],
      metrics: [['shop.Bakery.orders', '', [[{}, 2]]]],
    });
  });

  it('leaves unhandled rejections to Node.js', async () => {
    expect(await compiled.run('unhandled')).toEqual([
      'countExceptions, function',
      'countExceptions, promise',
      'time, function',
      'time, promise',
      'trackInProgress, function',
      'trackInProgress, promise',
    ]);
  });
});

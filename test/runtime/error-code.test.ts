import { expect, test } from 'vitest';
import { errorCode, errorWithCode } from '../../src/runtime/error-code.js';

test('the code of an error is its string code, else its name; what is no error is unknown', () => {
  const numbered = Object.assign(new TypeError('odd'), { code: 7 });
  const errors = [
    errorWithCode('ECONNREFUSED', 'refused'),
    new TypeError('bad'),
    numbered,
    'text',
    undefined,
  ];
  expect(errors.map(errorCode)).toEqual(['ECONNREFUSED', 'TypeError', 'TypeError', 'unknown', 'unknown']);
});

import { expect, it } from 'vitest';
import { counted } from '../../src/runtime/counted.js';

it('numbers are counted with their noun', () => {
  expect([counted(1, 'line'), counted(0, 'line'), counted(2000, 'line')]).toEqual([
    '1 line',
    '0 lines',
    '2,000 lines',
  ]);
});

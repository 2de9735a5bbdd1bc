import { expect, it } from 'vitest';
import { setProperty } from '../../../src/mapping/merge/set-property.js';

it('a property of any name is an ordinary one of the object itself', () => {
  const object: Record<string, number> = {};
  for (const [value, key] of ['a', '__proto__', 'a', '__proto__', 'constructor'].entries()) {
    setProperty(object, key, value);
  }
  const ordinary = { writable: true, enumerable: true, configurable: true };
  expect(Object.entries(Object.getOwnPropertyDescriptors(object))).toEqual([
    ['a', { value: 2, ...ordinary }],
    ['__proto__', { value: 3, ...ordinary }],
    ['constructor', { value: 4, ...ordinary }],
  ]);
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
});

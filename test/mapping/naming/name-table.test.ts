import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NameTable } from '../../../src/mapping/naming/name-table.js';

it('finds an exact name before any glob, and the first of several globs', () => {
  const table = new NameTable({ 'http.*': 1, '*.duration': 2, 'http.server.duration': 3, '*': 4 });
  const names = ['http.server.duration', 'http.client.duration', 'db.duration', 'cpu'];
  expect(names.map((name) => table.find(name))).toEqual([3, 1, 2, 4]);
});

it('finds nothing where no pattern matches the whole name', () => {
  const table = new NameTable({ cpu: 1, 'http.*': 2 });
  expect(
    ['cpu.time', 'cpucpu', 'a.cpu', 'xhttp.a', 'http', 'toString'].map((name) => table.find(name)),
  ).toEqual(Array(6).fill(undefined));
});

it('takes no glob for an exact name, even if the name is its text', () => {
  expect(new NameTable({ '*': 1, 'a*': 2 }).find('a*')).toBe(1);
});

it('takes every character but the star literally', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (start, middle) => {
      const literal = start.replaceAll('*', '.');
      const table = new NameTable({ [`${literal}*`]: true });
      expect([table.find(literal + middle), table.find(`x${literal}${middle}`)]).toEqual([
        true,
        `x${literal}${middle}`.startsWith(literal) ? true : undefined,
      ]);
    }),
  );
});

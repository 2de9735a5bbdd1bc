// What carbon 1.1.7 stored of each line on loopback, and what the model stores.
import { describe, expect, it, test } from 'vitest';
import { Carbon } from '../carbon.js';

function received(...lines: string[]): { points: Record<string, [number, number][]>; rejected: string[] } {
  const server = new Carbon();
  server.receive(lines.join('\n'));
  const points = Object.fromEntries([...server.points].map(([path, values]) => [path, [...values]]));
  return { points, rejected: server.rejected };
}

describe('the carbon model stores', () => {
  it.each<[string, string, number]>([
    ['a.b 5 100', 'a.b', 5],
    ['a.b -0.5 100\r', 'a.b', -0.5],
    ['a 1e-7 100', 'a', 1e-7],
    ['a 1_0 100', 'a', 10],
    ['a inf 100', 'a', Infinity],
    ['a;y=2;x=1 5 100', 'a;x=1;y=2', 5],
    ['a;x=1=2 5 100', 'a;x=1=2', 5],
    ['a;x=é/:,|" 5 100', 'a;x=é/:,|"', 5],
    ['a;x=1;x=2 5 100', 'a;x=2', 5],
    ['~a;name=q;x=1 5 100', 'a;x=1', 5],
    // Outside the tag index:
    ['a;x= 5 100', 'a;x=', 5],
    ['a;tag 5 100', 'a;tag', 5],
    ['a;x=~1 5 100', 'a;x=~1', 5],
    ['a;x!=1 5 100', 'a;x!=1', 5],
    ['a{x="1"} 5 100', 'OpenMetrics a{x="1"}', 5],
  ])('%j as %s', (line, path, value) => {
    expect(received(line)).toEqual({ points: { [path]: [[100, value]] }, rejected: [] });
  });

  it('the later of two writes for one second', () => {
    expect(received('a 9 100', 'a 2 100', 'a 3 101').points).toEqual({
      a: [
        [100, 2],
        [101, 3],
      ],
    });
  });
});

describe('the carbon model', () => {
  it.each([
    'a 5',
    'a 5 100 x',
    'a x 100',
    'a\u00a0b 5 100',
    'a\u2003b 5 100',
    'a\u2028b 5 100',
    'a\u001cb 5 100',
  ])('rejects %j', (line) => {
    expect(received(line)).toEqual({ points: {}, rejected: [line] });
  });
});

test('carbon drops NaN without an error', () => {
  expect(received('a nan 100')).toEqual({ points: {}, rejected: [] });
});

test('carbon cuts a datagram at 8192 bytes, and a time with it', () => {
  const server = new Carbon();
  server.receive(`${'a.b 1 10000\n'.repeat(682)}x 1 1700000000`);
  expect([...(server.points.get('x') ?? [])]).toEqual([[1700, 1]]);
});

import { expect, it } from 'vitest';
import { receivedText } from '../../src/testing/received.js';
import { InMemorySink } from '../../src/testing.js';

function received(lines: readonly string[], maxBytes?: number): string {
  const memory = new InMemorySink({ dialect: 'dogstatsd', maxBytes });
  memory.sink(lines);
  return receivedText(memory);
}

it('the text of received lines has the last twenty of them', () => {
  const lines = Array.from({ length: 21 }, (_, index) => `n${index}:1|c`);
  const shown = (from: number, to: number): string[] => lines.slice(from, to).map((line) => `  ${line}`);
  expect(received(lines.slice(0, 1))).toBe(['1 line has arrived:', ...shown(0, 1)].join('\n'));
  expect(received(lines.slice(0, 20))).toBe(['20 lines have arrived:', ...shown(0, 20)].join('\n'));
  expect(received(lines)).toBe(['21 lines have arrived:', '  (1 before these)', ...shown(1, 21)].join('\n'));
});

it('the text of received lines has the first five malformed ones with their reasons', () => {
  const lines = ['bad\u0007', ...[1, 2, 3, 4, 5].map((index) => `bad${index}`)];
  const reason = 'there is no ":" between name and value';
  expect(received(lines).split('\n').slice(7)).toEqual([
    'malformed: "bad\\u0007": it holds a control character',
    ...[1, 2, 3, 4].map((index) => `malformed: "bad${index}": ${reason}`),
  ]);
});

it('the text of received lines has the beginning of long ones', () => {
  const beginning = 'x'.repeat(500);
  expect(received([`${beginning}:1|c`, `${beginning}yz`, 'a:1|'.padEnd(100_000, 'x')]).split('\n')).toEqual([
    '3 lines have arrived:',
    `  ${beginning}… (504 characters)`,
    `  ${beginning}… (502 characters)`,
    `  ${'a:1|'.padEnd(500, 'x')}… (100000 characters)`,
    `malformed: "${beginning}… (502 characters)": there is no ":" between name and value`,
    `malformed: "${'a:1|'.padEnd(500, 'x')}… (100000 characters)": ${'there is no type "'.padEnd(500, 'x')}… (100015 characters)`,
  ]);
});

it('the text of received lines tells of those that were not kept', () => {
  expect(received([])).toBe('no line has arrived');
  expect(received(['a:1|c'], 10)).toBe('no line has arrived (1 further line not kept: maxBytes was reached)');
  expect(received(['a:1|c', 'b:1|c'], 300)).toBe(
    '1 line has arrived:\n  a:1|c\n  (1 further line not kept: maxBytes was reached)',
  );
});

it.each([
  // 140 bytes for a line, two for a character, 130 for a sample and 40 for a tag.
  ['bad', 140 + 2 * 3],
  ['a:1|c', 140 + 2 * 5 + 130],
  ['a:1:2|ms|#k:v,l:w', 140 + 2 * 17 + 2 * 130 + 2 * 40],
])('the memory of %s is estimated as %d bytes', (line, bytes) => {
  const kept = (maxBytes: number): [number, number] => {
    const memory = new InMemorySink({ dialect: 'dogstatsd', maxBytes });
    memory.sink([line]);
    return [memory.lines.length, memory.droppedLines];
  };
  expect([kept(bytes), kept(bytes - 1)]).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

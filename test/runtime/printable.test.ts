import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable, printableJson, printableLines } from '../../src/runtime/printable.js';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const odd = fc.constantFrom(
  '\x1b[31m',
  '\x9b',
  '\x7f',
  '\u202e',
  '\u2066',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u{e0001}',
  '\r',
  '\n',
  '\t',
);
const anyText = fc.string({ unit: fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 3 })) });

it.each([
  ['a\x1b[31mb', 'a\\u{1b}[31mb'],
  ['\x9b31m', '\\u{9b}31m'],
  ['a\x7f', 'a\\u{7f}'],
  ['user\u202etxt.exe', 'user\\u{202e}txt.exe'],
  ['line\r', 'line\\r'],
  ['Grüße, 世界 👋', 'Grüße, 世界 👋'],
])('%j is printed as %j', (text, printed) => {
  expect(printable(text)).toBe(printed);
});

it('several lines stay lines, and each is printable', () => {
  expect(printableLines('a\x7f\n\nb')).toBe('a\\u{7f}\n\nb');
});

it('what JSON has no text for is printed as null', () => {
  expect(printableJson(undefined)).toBe('null');
});

it('any text is printed without an unprintable character', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect([
        UNPRINTABLE.test(printable(text)),
        UNPRINTABLE.test(printableLines(text).replaceAll('\n', '')),
      ]).toEqual([false, false]);
    }),
  );
});

it('any JSON is printed without an unprintable character, and reads back as what it was', () => {
  fc.assert(
    fc.property(
      fc.dictionary(anyText, fc.oneof(anyText, fc.array(anyText))),
      fc.constantFrom(undefined, 2),
      (value, indent) => {
        const text = printableJson(value, indent);
        expect(UNPRINTABLE.test(text.replaceAll('\n', ''))).toBe(false);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
      },
    ),
  );
});

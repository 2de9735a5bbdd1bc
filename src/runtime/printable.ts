// One escaping for all text that is printed: text from the network, a file, a variable or an argument must not give a
// terminal commands or reorder what it shows.

/**
 * Controls (C0, DEL, C1: ESC, and CSI in one byte), format characters (bidirectional marks, zero-width ones, the soft
 * hyphen), separators of lines and paragraphs, and halves of surrogate pairs.
 */
const UNPRINTABLE = '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]';

/** Compiled when the first text is printed: that takes longer than most of the package does to load. */
let compiled: RegExp | undefined;

function unprintable(): RegExp {
  compiled ??= new RegExp(UNPRINTABLE, 'gu');
  return compiled;
}

/** One line of text, with `\u{9b}` for what is not printable. */
export function printable(text: string): string {
  return text.replace(unprintable(), (character) =>
    character === '\r' ? '\\r' : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** Several lines of text. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON whose strings escape what is not printable; JSON.stringify escapes C0 and half pairs only. */
export function printableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  return text.replace(unprintable(), (character) => (character === '\n' ? character : jsonEscape(character)));
}

function jsonEscape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}

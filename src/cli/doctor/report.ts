// The doctor's report, and its text.

import { counted } from '../../runtime/counted.js';
import { printable } from '../../runtime/printable.js';
import type { Output } from '../shared/io.js';
import { type Style, styleOf } from '../text/style.js';
import type { Setting } from './settings.js';

/** One statement of the doctor. */
export interface Finding {
  readonly status: 'ok' | 'note' | 'problem';
  /** Whole sentences. */
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

export interface Report {
  readonly healthy: boolean;
  /** Of this package, Node.js and the peers, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: readonly Setting[];
  /** The test metrics as lines. */
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

/** Width of prose in a pipe, and the most in a wide window, where longer lines are hard to read. */
const PROSE_WIDTH = 88;

/** A value is not shown in less room than this beside its source. */
const LEAST_VALUE_WIDTH = 24;

export function reportText({ healthy, settings, lines, findings }: Report, out: Output): string {
  const style = styleOf(out);
  const columns = out.size()?.columns ?? Infinity;
  const width = Math.min(PROSE_WIDTH, columns);
  const marks = { ok: style('green', '✓'), note: style('yellow', '!'), problem: style('red', '✗') };
  const problems = findings.filter(({ status }) => status === 'problem').length;
  return [
    style('bold', 'Configuration'),
    ...settingLines(settings, columns, style),
    '',
    style('bold', 'Test metrics'),
    ...lines.flatMap((line) => indented(2, wrap(line, columns - 2))),
    '',
    style('bold', 'Findings'),
    ...findings.flatMap(({ status, text, advice }) => [
      ...wrap(text, width - 4).map((line, index) => `  ${index === 0 ? marks[status] : ' '} ${line}`),
      ...wrap(advice ?? '', width - 6).map((line, index) => `    ${index === 0 ? '→' : ' '} ${line}`),
    ]),
    '',
    healthy ? style('green', 'Healthy.') : style('red', `${counted(problems, 'problem')}.`),
    '',
  ].join('\n');
}

/** Columns of name, value and source; where they do not fit beside each other, the source is below the value. */
function settingLines(settings: readonly Setting[], columns: number, style: Style): string[] {
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, { length }) => Math.max(most, length), 0);
  const nameWidth = widest(settings.map(({ name }) => name));
  const sourceWidth = widest(settings.map(({ source }) => source));
  const room = columns - nameWidth - 4;
  const beside = room - sourceWidth - 2;
  const natural = widest(settings.map(({ value }) => printable(value)));
  const isBeside = beside >= Math.min(natural, LEAST_VALUE_WIDTH);
  const valueWidth = Math.min(natural, isBeside ? beside : room);
  return settings.flatMap(({ name, value, source }) => {
    const from = source === 'default' ? (text: string) => style('dim', text) : (text: string) => text;
    const [first = '', ...rest] = wrap(value, valueWidth);
    const below = isBeside ? [] : wrap(`from ${source}`, room).map(from);
    return [
      `  ${name.padEnd(nameWidth)}  ${isBeside ? `${first.padEnd(valueWidth)}  ${from(source)}` : first}`,
      ...indented(nameWidth + 4, [...rest, ...(source === 'default' ? [] : below)]),
    ];
  });
}

function indented(spaces: number, lines: readonly string[]): string[] {
  return lines.map((line) => ' '.repeat(spaces) + line);
}

/** Breaks at spaces; a word that is longer than a line is continued on the next. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  const room = Math.max(1, width);
  for (const word of printable(text).split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...pieces(word, room));
  }
  return lines;
}

/** Broken after a comma or the like where there is one in the second half of a piece. */
function pieces(word: string, width: number): string[] {
  const all: string[] = [];
  let rest = word;
  while (rest.length > width) {
    const separators = [...rest.slice(0, width).matchAll(/[,;|#/]/g)].map(({ index }) => index + 1);
    const last = separators.at(-1) ?? 0;
    const end = last > width / 2 ? last : width;
    all.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...all, rest];
}

// The doctor's report as text.

import { printable } from '../../runtime/printable.js';
import type { Output } from '../shared/io.js';
import { counted } from '../text/numbers.js';
import { styleOf } from '../text/style.js';
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
  readonly settings: readonly Setting[];
  /** What the test metric is on the wire. */
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

/** Prose in a pipe, and at most so much in a wide window, where longer lines are hard to read. */
const PROSE_WIDTH = 88;

export function reportText({ healthy, settings, lines, findings }: Report, out: Output): string {
  const style = styleOf(out);
  const width = Math.min(PROSE_WIDTH, out.size()?.columns ?? PROSE_WIDTH);
  const nameWidth = Math.max(...settings.map(({ name }) => name.length));
  const valueWidth = Math.max(...settings.map(({ value }) => Math.min(value.length, 40)));
  const marks = { ok: style('green', '✓'), note: style('yellow', '!'), problem: style('red', '✗') };
  const problems = findings.filter(({ status }) => status === 'problem').length;
  return [
    style('bold', 'Configuration'),
    ...settings.map(({ name, value, source }) => {
      const from = source === 'default' ? style('dim', source) : source;
      return `  ${name.padEnd(nameWidth)}  ${printable(value).padEnd(valueWidth)}  ${from}`;
    }),
    '',
    style('bold', 'Test metric'),
    ...lines.map((line) => `  ${printable(line)}`),
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

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of printable(text).split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

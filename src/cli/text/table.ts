// Columns of text: as wide as their content needs, the first one cut where the window ends.

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** A first column narrower than this tells series no longer apart; other columns go before. */
const MIN_FIRST_WIDTH = 24;

export type Cells = readonly string[];

/**
 * Title line and rows, all of one width at most. Where the window is too narrow, columns are left out from the right.
 *
 * @param width of the window; Infinity for no limit
 * @param shorten cuts the first cell of a row down to a width
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly Cells[],
  width: number,
  shorten: (text: string, width: number) => string = cut,
): string[] {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = widthsOf(columns, rows);
  const firstWidth = widths[0] ?? 0;
  let kept = columns.length;
  while (kept > 1 && Math.min(firstWidth, MIN_FIRST_WIDTH) + othersWidth(widths, kept) > width) kept -= 1;
  const room = Math.max(1, Math.min(firstWidth, width - othersWidth(widths, kept)));
  return all.map((row) =>
    columns
      .slice(0, kept)
      .map(({ align }, index) => {
        const cell = index === 0 ? shorten(row[0] ?? '', room) : (row[index] ?? '');
        return pad(cell, index === 0 ? room : (widths[index] ?? 0), align);
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Of the whole table, if nothing is cut. */
export function naturalWidth(columns: readonly Column[], rows: readonly Cells[]): number {
  const widths = widthsOf(columns, rows);
  return (widths[0] ?? 0) + othersWidth(widths, columns.length);
}

function widthsOf(columns: readonly Column[], rows: readonly Cells[]): number[] {
  const all = [columns.map(({ title }) => title), ...rows];
  return columns.map((_, index) => Math.max(...all.map((row) => textWidth(row[index] ?? ''))));
}

function othersWidth(widths: readonly number[], kept: number): number {
  return widths.slice(1, kept).reduce((sum, each) => sum + each + GAP.length, 0);
}

/** With an ellipsis in the middle, because series often differ only at their end. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 1) return '…'.slice(0, width);
  const tail = Math.floor((width - 1) / 2);
  return `${characters.slice(0, width - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

/** At the end, for prose. */
export function cutEnd(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Characters, which for names and numbers is what a terminal counts, too. */
function textWidth(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Control characters of a line from the network would be commands to the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\r' ? '\\r' : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

// Columns of text: as wide as their content needs; the first one is shortened where the window is too narrow.

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** The first column does not get narrower than this; other columns are left out before. */
const MIN_FIRST_WIDTH = 24;

/** The first column does not get wider than this, whatever the window: every row has its width. */
const MAX_FIRST_WIDTH = 200;

export type Cells = readonly string[];

/**
 * Title line and rows, no line longer than the window. Where it is too narrow, columns are left out from the right.
 *
 * @param width of the window; Infinity for no limit
 * @param fitFirst the first cells of all rows, shortened to a width
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly Cells[],
  width: number,
  fitFirst: (width: number) => readonly string[] = (room) => rows.map(([first = '']) => cut(first, room)),
): string[] {
  const widths = widthsOf(columns, rows);
  const firstWidth = Math.min(widths[0] ?? 0, MAX_FIRST_WIDTH);
  let kept = columns.length;
  while (kept > 1 && Math.min(firstWidth, MIN_FIRST_WIDTH) + othersWidth(widths, kept) > width) kept -= 1;
  const room = Math.max(1, Math.min(firstWidth, width - othersWidth(widths, kept)));
  const titles = columns.map(({ title }) => title);
  const first = fitFirst(room);
  return [
    [cut(titles[0] ?? '', room), ...titles.slice(1)],
    ...rows.map((row, at) => [first[at] ?? '', ...row.slice(1)]),
  ].map((row) =>
    columns
      .slice(0, kept)
      .map(({ align }, index) => pad(row[index] ?? '', index === 0 ? room : (widths[index] ?? 0), align))
      .join(GAP)
      .trimEnd(),
  );
}

/** Of the whole table, if nothing is cut. */
export function naturalWidth(columns: readonly Column[], rows: readonly Cells[]): number {
  const widths = widthsOf(columns, rows);
  return Math.min(widths[0] ?? 0, MAX_FIRST_WIDTH) + othersWidth(widths, columns.length);
}

function widthsOf(columns: readonly Column[], rows: readonly Cells[]): number[] {
  const all = [columns.map(({ title }) => title), ...rows];
  return columns.map((_, index) => all.reduce((most, row) => Math.max(most, textWidth(row[index] ?? '')), 0));
}

function othersWidth(widths: readonly number[], kept: number): number {
  return widths.slice(1, kept).reduce((sum, each) => sum + each + GAP.length, 0);
}

/** Shortens with an ellipsis in the middle: names often differ only at their end. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 0) return '';
  const tail = Math.floor((width - 1) / 2);
  return `${characters.slice(0, width - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

/** Shortens with an ellipsis at the end. */
export function cutEnd(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Characters; a terminal shows most names and all numbers one column per character. */
function textWidth(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}

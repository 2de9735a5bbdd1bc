// Horizontal bars, one below the other, with their figures.
import { bar, COLOURS, line, text } from './svg.js';

const ROW = 26;
const HEAD = 48;
const LABEL_WIDTH = 212;
/** For the figure behind the longest bar. */
const FIGURE_WIDTH = 76;

export function barPanelHeight(bars) {
  return HEAD + bars.length * ROW;
}

/**
 * @param {{ title: string, note: string, bars: { name: string, value: number, label: string, isOurs: boolean }[],
 *   isLogarithmic?: boolean }} panel
 * @param {{ x: number, y: number, width: number }} area
 */
export function barPanel({ title, note, bars, isLogarithmic = false }, { x, y, width }) {
  const left = x + LABEL_WIDTH;
  const room = width - LABEL_WIDTH - FIGURE_WIDTH;
  const values = bars.map(({ value }) => value).filter(Number.isFinite);
  const most = Math.max(...values);
  // A logarithmic bar has no natural beginning: here it is half of the least.
  const least = Math.min(...values) / 2;
  const widthOf = (value) =>
    isLogarithmic ? (room * Math.log(value / least)) / Math.log(most / least) : (room * value) / most;
  const rows = bars.flatMap(({ name, value, label, isOurs }, index) => {
    const top = y + HEAD + index * ROW;
    const colour = isOurs ? COLOURS.ours : COLOURS.others;
    const end = Number.isFinite(value) ? Math.max(1, widthOf(value)) : 0;
    return [
      text(name, left - 8, top + 14, {
        size: 12,
        anchor: 'end',
        colour: isOurs ? COLOURS.ours : COLOURS.ink,
      }),
      bar(left, top + 2, end, 16, colour),
      text(label, left + end + 6, top + 14, { size: 12, isBold: isOurs }),
    ];
  });
  return [
    text(title, x, y + 14, { size: 16, isBold: true }),
    text(note, x, y + 32, { size: 11, colour: COLOURS.faint }),
    line(left, y + HEAD - 4, left, y + HEAD + bars.length * ROW, COLOURS.grid),
    ...rows,
  ].join('\n');
}

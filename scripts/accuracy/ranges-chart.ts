// All cases of all servers: for p50, p90 and p99 a bar from the median error to the worst, on a scale of powers of ten.

import type { Figure, Measurement } from './measure.js';
import { contrasts, setups } from './setups.js';
import { box, COLOURS, dot, line, text } from './svg.js';
import { spreadOf } from './tables.js';

export const RANGES_ROW_HEIGHT = 22;
const LABEL_WIDTH = 226;
const GAP = 26;
const FIGURES: readonly Figure[] = ['mean', 'p50', 'p90', 'p99'];
/** In percent. Less is drawn at the left end. */
const LEAST = 0.01;
const MOST = 100_000;
const TICKS = [
  [0.01, '0'],
  [0.1, '0.1'],
  [1, '1 %'],
  [10, '10'],
  [100, '100'],
  [10_000, '10⁴'],
] as const;

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export function rangesChart(
  measurements: readonly Measurement[],
  { x, y, width }: Area,
): { svg: string; rows: number } {
  const rows = [...setups, ...contrasts];
  const columnWidth = (width - LABEL_WIDTH - GAP * (FIGURES.length - 1)) / FIGURES.length;
  const top = y + 52;
  const bottom = top + rows.length * RANGES_ROW_HEIGHT;
  const parts = [
    text('Every server, every shape, 1,000 to 100,000 recordings', x, y, { size: 16, bold: true }),
    text(
      'Error in %: dot at the median of 18 cases, bar to the worst. The further left, the better.',
      x,
      y + 18,
      {
        size: 12,
        colour: COLOURS.faint,
      },
    ),
  ];
  FIGURES.forEach((figure, column) => {
    const left = x + LABEL_WIDTH + column * (columnWidth + GAP);
    const at = (error: number): number => {
      const part = Math.log(Math.max(error, LEAST) / LEAST) / Math.log(MOST / LEAST);
      return left + columnWidth * Math.min(1, part);
    };
    parts.push(text(figure, left, top - 10, { size: 13, bold: true }));
    for (const [tick, label] of TICKS) {
      parts.push(line(at(tick), top - 4, at(tick), bottom, COLOURS.grid));
      parts.push(text(label, at(tick), bottom + 13, { size: 9, colour: COLOURS.faint, anchor: 'middle' }));
    }
    rows.forEach((setup, row) => {
      const { median, worst } = spreadOf(
        measurements.filter((measurement) => measurement.setup === setup),
        figure,
      );
      const middle = top + (row + 0.5) * RANGES_ROW_HEIGHT;
      const colour = row < setups.length ? COLOURS.ours : COLOURS.others;
      parts.push(box(at(median), middle - 3, at(worst) - at(median), 6, colour, 0.35));
      parts.push(dot(at(median), middle, 4, colour));
    });
  });
  rows.forEach((setup, row) => {
    const middle = top + (row + 0.5) * RANGES_ROW_HEIGHT;
    parts.push(
      text(setup.title, x, middle + 4, {
        size: 12,
        colour: row < setups.length ? COLOURS.ink : COLOURS.others,
      }),
    );
  });
  parts.push(
    line(
      x,
      top + setups.length * RANGES_ROW_HEIGHT,
      x + width,
      top + setups.length * RANGES_ROW_HEIGHT,
      COLOURS.truth,
    ),
  );
  return { svg: parts.join('\n'), rows: rows.length };
}

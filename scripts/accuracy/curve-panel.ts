// One panel: the percentile curve as recorded and as reported, and below it the error of each percentile.

import type { Curve } from './measure.js';
import { box, COLOURS, curve, dot, line, text } from './svg.js';

export const PANEL_WIDTH = 284;
const CURVE_HEIGHT = 150;
const ERRORS_TOP = CURVE_HEIGHT + 12;
const ERRORS_HEIGHT = 64;
export const PANEL_HEIGHT = ERRORS_TOP + ERRORS_HEIGHT;

/** Milliseconds, in powers of ten. */
const LOWEST = 0.6;
const HIGHEST = 6000;
/** In percent; what is further off is cut off. */
const MOST_ERROR = 50;

const PERCENTILES = Array.from({ length: 99 }, (_, index) => index + 1);
const MARKED = [50, 90, 99];
/** Of the mean and the marked percentiles. */
const FIGURES_AT = [0, 84, 150, 218];

interface Place {
  readonly x: number;
  readonly y: number;
}

export function curvePanel(
  { reported, recorded }: Curve,
  colour: string,
  { x, y }: Place,
  { isLabelled }: { isLabelled: boolean },
): string {
  const at = (p: number): number => x + (p / 100) * PANEL_WIDTH;
  const level = (value: number): number => {
    const part = Math.log(value / LOWEST) / Math.log(HIGHEST / LOWEST);
    return y + CURVE_HEIGHT * (1 - Math.max(0, Math.min(1, part)));
  };
  const zero = y + ERRORS_TOP + ERRORS_HEIGHT / 2;
  const errorAt = (p: number): number => 100 * (reported.percentile(p) / recorded.percentile(p) - 1);
  const bars = PERCENTILES.map((p) => {
    const error = Math.max(-MOST_ERROR, Math.min(MOST_ERROR, errorAt(p)));
    const length = (Math.abs(error) / MOST_ERROR) * (ERRORS_HEIGHT / 2);
    return box(at(p) - 1.1, error > 0 ? zero - length : zero, 2.2, length, colour, 0.8);
  });
  const figures = [
    ['mean', 100 * (reported.mean / recorded.mean - 1)] as const,
    ...MARKED.map((p) => [`p${p}`, errorAt(p)] as const),
  ];
  return [
    ...grid(x, y, level, at),
    ...(isLabelled ? labels(x, y, level) : []),
    line(x, zero, x + PANEL_WIDTH, zero, COLOURS.faint, 0.8),
    curve(
      PERCENTILES.map((p) => [at(p), level(recorded.percentile(p))]),
      COLOURS.truth,
      7,
    ),
    ...PERCENTILES.filter((p) => p % 4 === 2 || p === 99).map((p) =>
      dot(at(p), level(reported.percentile(p)), 2.9, colour),
    ),
    ...bars,
    ...figures.map(([name, error], index) =>
      text(`${name} ${percent(error)}`, x + FIGURES_AT[index]!, y + PANEL_HEIGHT + 30, {
        size: 10,
        colour,
      }),
    ),
  ].join('\n');
}

const LEVELS = [1, 10, 100, 1000];

function grid(x: number, y: number, level: (value: number) => number, at: (p: number) => number): string[] {
  const bottom = y + PANEL_HEIGHT;
  return [
    ...LEVELS.map((value) => line(x, level(value), x + PANEL_WIDTH, level(value), COLOURS.grid)),
    box(x, y + ERRORS_TOP, PANEL_WIDTH, ERRORS_HEIGHT, '#f6f8fa'),
    ...[10, 50, 90, 99].flatMap((p) => [
      line(at(p), y, at(p), bottom, COLOURS.grid),
      text(`p${p}`, at(p), bottom + 13, { ...labelStyle, anchor: 'middle' }),
    ]),
  ];
}

function labels(x: number, y: number, level: (value: number) => number): string[] {
  return [
    ...LEVELS.map((value) => text(duration(value), x - 5, level(value) + 4, labelStyle)),
    ...[MOST_ERROR, 0, -MOST_ERROR].map((error) => {
      const height = y + ERRORS_TOP + (ERRORS_HEIGHT / 2) * (1 - error / MOST_ERROR);
      const sign = error > 0 ? '+' : error < 0 ? '−' : '';
      return text(`${sign}${Math.abs(error)} %`, x - 5, height + 4, labelStyle);
    }),
  ];
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}

const labelStyle = { size: 10, colour: COLOURS.faint, anchor: 'end' } as const;

function percent(error: number): string {
  const size = Math.abs(error);
  if (size < 0.05) return '0 %';
  return `${error < 0 ? '−' : '+'}${size < 9.95 ? size.toFixed(1) : size.toFixed(0)} %`;
}

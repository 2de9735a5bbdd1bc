// Measurements as aligned text: every case of a setup, and a summary of all setups.

import { TRIVIAL } from './distributions.js';
import { type Errors, type Figure, figures, type Measurement } from './measure.js';
import type { Setup } from './setups.js';

const WIDTH = 8;

export function detailsOf(title: string, measurements: readonly Measurement[]): string {
  const head = [`${'relative error in %'.padEnd(34)}`, ...figures.map((figure) => figure.padStart(WIDTH))];
  const rows = measurements.flatMap(({ distribution, count, againstTruth, againstServer }) => {
    const label = `${distribution.padEnd(11)} ${String(count).padStart(8)}`;
    if (againstTruth === undefined || againstServer === undefined) return [`${label}  sent as a summary`];
    return [
      `${label}  recorded    ${cellsOf(againstTruth)}`,
      `${' '.repeat(label.length)}  all sent    ${cellsOf(againstServer)}`,
    ];
  });
  return [`== ${title}`, head.join(''), ...rows, ''].join('\n');
}

function cellsOf(errors: Errors): string {
  return figures.map((figure) => signed(errors[figure]).padStart(WIDTH)).join('');
}

function signed(percent: number): string {
  const text = percentText(Math.abs(percent));
  return text === '0' || text === '–' ? text : `${percent < 0 ? '-' : '+'}${text}`;
}

/** At most four characters up to 9999; `0` for less than 0.005, a dash for NaN. */
export function percentText(percent: number): string {
  if (Number.isNaN(percent)) return '–';
  if (percent < 0.005) return '0';
  if (percent < 9.995) return percent.toFixed(2);
  return percent < 99.95 ? percent.toFixed(1) : percent.toFixed(0);
}

export interface Spread {
  readonly median: number;
  readonly worst: number;
}

/** Of the absolute errors of all cases but the trivial. */
export function spreadOf(
  measurements: readonly Measurement[],
  figure: Figure,
  against: 'againstTruth' | 'againstServer' = 'againstTruth',
): Spread {
  const errors = measurements
    .filter(({ distribution }) => distribution !== TRIVIAL)
    .flatMap((measurement) => measurement[against] ?? [])
    .map((all) => Math.abs(all[figure]))
    .sort((a, b) => a - b);
  return { median: errors[Math.floor(errors.length / 2)]!, worst: errors.at(-1)! };
}

export function spreadText({ median, worst }: Spread): string {
  if (Number.isNaN(worst)) return '–';
  return percentText(worst) === '0' ? '0' : `${percentText(median)} (${percentText(worst)})`;
}

export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export function summaryOf(
  setups: readonly Setup[],
  contrasts: readonly Setup[],
  measurements: readonly Measurement[],
): string {
  const head = ['', ...figures, 'lines', 'bytes'];
  const rowOf = (setup: Setup): string[] => {
    const own = measurements.filter((measurement) => measurement.setup === setup);
    return [
      setup.title,
      ...figures.map((figure) => spreadText(spreadOf(own, figure))),
      String(medianOf(own.map(({ lines }) => lines))),
      String(medianOf(own.map(({ bytes }) => bytes))),
    ];
  };
  const rows = [head, ...setups.map(rowOf), ['for contrast:'], ...contrasts.map(rowOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    '== Summary: absolute error against what was recorded, in %, median (worst) of all cases',
    ...rows.map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0]!) : `  ${cell.padStart(widths[column]!)}`,
        )
        .join(''),
    ),
    '',
  ].join('\n');
}

// A curve for each contender: the cost of a point by the size of the export, both on logarithmic scales.
import { COLOURS, curve, dot, line, text } from './svg.js';

const HEAD = 48;
const HEIGHT = 214;
const AXIS_WIDTH = 56;
const LABEL_WIDTH = 150;
const LINE = 15;

export const SCALE_PANEL_HEIGHT = HEAD + HEIGHT + 24;

export function scalePanel({ title, note, series }, { x, y, width }) {
  const left = x + AXIS_WIDTH;
  const right = x + width - LABEL_WIDTH;
  const top = y + HEAD;
  const bottom = top + HEIGHT;
  const sizes = series[0].values.map(({ points }) => points);
  const all = series.flatMap(({ values }) => values.map(({ value }) => value));
  const least = Math.min(...all) / 1.4;
  const most = Math.max(...all) * 1.4;
  const across = logarithmic(sizes[0], sizes.at(-1), left + 10, right - 10);
  const up = logarithmic(least, most, bottom, top);
  const ticks = [1, 2, 5]
    .flatMap((digit) => [10, 100, 1_000, 10_000, 100_000].map((power) => digit * power))
    .filter((tick) => tick > least && tick < most);
  return [
    text(title, x, y + 14, { size: 16, isBold: true }),
    text(note, x, y + 32, { size: 11, colour: COLOURS.faint }),
    ...ticks.flatMap((tick) => [
      line(left, up(tick), right, up(tick), COLOURS.grid),
      text(`${tick.toLocaleString('en-GB')} ns`, left - 6, up(tick) + 4, {
        size: 10,
        colour: COLOURS.faint,
        anchor: 'end',
      }),
    ]),
    ...sizes.map((size) =>
      text(size.toLocaleString('en-GB'), across(size), bottom + 16, {
        size: 10,
        colour: COLOURS.faint,
        anchor: 'middle',
      }),
    ),
    ...series.flatMap(({ values, isOurs }) => {
      const colour = isOurs ? COLOURS.ours : COLOURS.others;
      const points = values.map(({ points: size, value }) => [across(size), up(value)]);
      return [curve(points, colour), ...points.map(([px, py]) => dot(px, py, colour))];
    }),
    ...labels(series, up).map(({ name, isOurs, at }) =>
      text(name, right + 4, at + 4, {
        size: 12,
        isBold: isOurs,
        colour: isOurs ? COLOURS.ours : COLOURS.others,
      }),
    ),
  ].join('\n');
}

/** Beside the ends of the curves, but never on top of each other. */
function labels(series, up) {
  const placed = series
    .map(({ name, isOurs, values }) => ({ name, isOurs, at: up(values.at(-1).value) }))
    .sort((one, other) => one.at - other.at);
  for (const [index, label] of placed.entries()) {
    if (index > 0) label.at = Math.max(label.at, placed[index - 1].at + LINE);
  }
  return placed;
}

function logarithmic(from, to, start, end) {
  return (value) => start + ((end - start) * Math.log(value / from)) / Math.log(to / from);
}

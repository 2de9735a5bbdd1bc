// The picture: what was recorded against what is reported, percentile by percentile, and how far off each server is at
// worst. It stands on a card of its own, so that the page behind it may be light or dark.

import { curvePanel, PANEL_HEIGHT, PANEL_WIDTH } from './curve-panel.js';
import type { Curve, Measurement } from './measure.js';
import { RANGES_ROW_HEIGHT, rangesChart } from './ranges-chart.js';
import type { Setup } from './setups.js';
import { COLOURS, card, text } from './svg.js';

const WIDTH = 1000;
const LEFT = 62;
const GAP = 28;
const TOP = 146;
const ROW = PANEL_HEIGHT + 72;

/** The one that is drawn; the others are in the table. */
export const SHOWN = { distribution: 'lognormal', count: 1e5 };

const COLUMNS = [
  { suffix: '', title: 'This package', note: 'exponential histogram, samples made for the server' },
  {
    suffix: ': a line per bucket',
    title: 'A line per bucket',
    note: 'exponential histogram, middle of bucket, rate 1/count',
  },
  {
    suffix: ': default boundaries',
    title: "The SDK's default boundaries",
    note: 'explicit histogram, samples made for the server',
  },
];
const ROWS = ['statsd', 'Datadog h'];
const RANGES_TOP = TOP + ROWS.length * ROW + 24;

export function pictureOf(measurements: readonly Measurement[], curves: ReadonlyMap<Setup, Curve>): string {
  const panels = ROWS.flatMap((server, row) =>
    COLUMNS.map(({ suffix }, column) => {
      const [, curve] = [...curves].find(([{ title }]) => title === server + suffix)!;
      const colour = column === 0 ? COLOURS.ours : COLOURS.others;
      const place = { x: LEFT + column * (PANEL_WIDTH + GAP), y: TOP + row * ROW };
      return curvePanel(curve, colour, place, { isLabelled: column === 0 });
    }),
  );
  const titles = COLUMNS.flatMap(({ title, note }, column) => {
    const x = LEFT + column * (PANEL_WIDTH + GAP);
    return [
      text(title, x, 88, { size: 16, bold: true, colour: column === 0 ? COLOURS.ours : COLOURS.others }),
      text(note, x, 106, { size: 11, colour: COLOURS.faint }),
    ];
  });
  const servers = ROWS.map((server, row) =>
    text(`on ${server}`, LEFT, TOP + row * ROW - 14, { size: 14, bold: true }),
  );
  const ranges = rangesChart(measurements, { x: LEFT, y: RANGES_TOP, width: WIDTH - LEFT - 30 });
  const height = RANGES_TOP + 96 + ranges.rows * RANGES_ROW_HEIGHT;
  return card(WIDTH, height, [
    text('What the server says, against what the app recorded', 24, 38, { size: 22, bold: true }),
    text(
      '100,000 latencies, lognormal. Grey line: every recorded value. Dots: what the server reports. Bars: the error.',
      24,
      60,
      {
        size: 13,
        colour: COLOURS.faint,
      },
    ),
    ...titles,
    ...servers,
    text('below p50 it shows the percentile one lower', LEFT + 80, TOP - 14, {
      size: 11,
      colour: COLOURS.faint,
    }),
    ...panels,
    ranges.svg,
  ]);
}

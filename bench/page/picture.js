// The picture: what a data point costs, how long an export holds up the rest, and whether size matters.
import { figure } from '../lib/statistics.js';
import { barPanel, barPanelHeight } from './bar-panel.js';
import { SCALE_PANEL_HEIGHT, scalePanel } from './scale-panel.js';
import { COLOURS, card, text } from './svg.js';

const WIDTH = 1000;
const MARGIN = 24;
const GAP = 36;
const COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2;
const TOP = 88;

const isOurs = (name) => name.startsWith('this package');

/** @param {Record<string, any>} charts what the sections found, by name */
export function pictureOf({ formatting, delivery, holds, scale }) {
  const left = { x: MARGIN, width: COLUMN };
  const right = { x: MARGIN + COLUMN + GAP, width: COLUMN };
  const formattingBars = barsOf(formatting, nanoseconds);
  const deliveryBars = barsOf(delivery, nanoseconds);
  const holdBars = barsOf(
    holds.map(({ name, points, value }) => ({
      name: `${name.replace('Serializer', '')}, ${points.toLocaleString('en-GB')}`,
      value,
    })),
    (value) => `${figure(value)} ms`,
  );
  const below = TOP + Math.max(barPanelHeight(formattingBars), barPanelHeight(deliveryBars)) + 30;
  const height = below + Math.max(barPanelHeight(holdBars), SCALE_PANEL_HEIGHT) + 24;
  return card(WIDTH, height, [
    text('What metrics cost', MARGIN, 38, { size: 22, isBold: true }),
    text(
      'Counters and gauges with four attributes, delta temporality, new attributes objects at each export. Less is better.',
      MARGIN,
      60,
      { size: 13, colour: COLOURS.faint },
    ),
    barPanel(
      { title: 'Making lines', note: 'CPU time per data point, in memory, no socket', bars: formattingBars },
      { ...left, y: TOP },
    ),
    barPanel(
      {
        title: 'Delivered to another process',
        note: 'CPU time of the sender per data point',
        bars: deliveryBars,
      },
      { ...right, y: TOP },
    ),
    barPanel(
      {
        title: 'Holding the event loop',
        note: 'longest time in which nothing else ran, without garbage collection; logarithmic',
        bars: holdBars,
        isLogarithmic: true,
      },
      { ...left, y: below },
    ),
    scalePanel(
      {
        title: 'Size of the export',
        note: 'CPU time per data point by the number of points, both logarithmic',
        series: scale.map(({ name, values }) => ({ name, values, isOurs: isOurs(name) })),
      },
      { ...right, y: below },
    ),
  ]);
}

const nanoseconds = (value) => `${figure(value)} ns`;

function barsOf(found, label) {
  return found.map((one) => ({
    ...one,
    label: Number.isFinite(one.value) ? label(one.value) : 'incomplete',
    isOurs: isOurs(one.name),
  }));
}

// The plot of one series over time.

import { shortNumber, shortRate } from '../../../text/numbers.js';
import { cellText } from './model.js';
import { address, byId, element } from './text.js';

/** @typedef {import('./model.js').Series} Series */

const FIVE_MINUTES = { title: '5 min', name: 'last five minutes', seconds: 300, refreshMillis: 1_000 };

const RANGES = [
  FIVE_MINUTES,
  { title: '1 h', name: 'last hour', seconds: 3_600, refreshMillis: 5_000 },
  { title: '24 h', name: 'last day', seconds: 86_400, refreshMillis: 30_000 },
];

/** @type {Record<string, string>} */
const KINDS = { rate: 'per second', value: 'value', mean: 'mean, smallest and largest' };

/** @type {[keyof import('./model.js').Cells, string][]} */
const NUMBERS = [
  ['rate', 'Rate/s'],
  ['last', 'Last'],
  ['total', 'Total'],
  ['p50', 'P50'],
  ['p95', 'P95'],
  ['p99', 'P99'],
];

export class PlotView {
  /** @type {Series | undefined} */
  #series;
  #range = FIVE_MINUTES;
  /** @type {uPlot | undefined} */
  #chart;
  #kind = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  isLive = false;

  constructor() {
    const buttons = RANGES.map((range) => {
      const button = element('button', { text: range.title });
      button.setAttribute('type', 'button');
      button.addEventListener('click', () => {
        this.#range = range;
        for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
        this.#refresh();
      });
      button.setAttribute('aria-pressed', String(range === this.#range));
      return button;
    });
    byId('ranges').append(...buttons);
    new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0)
        this.#chart?.setSize({ width: entry.contentRect.width, height: 220 });
    }).observe(byId('plot'));
  }

  get id() {
    return this.#series?.id;
  }

  /** @param {Series | undefined} series */
  choose(series) {
    this.#series = series;
    this.restyle();
    byId('plot-hint').hidden = series !== undefined;
    for (const id of ['plot-series', 'plot-text', 'plot', 'plot-numbers'])
      byId(id).hidden = series === undefined;
    byId('plot-series').textContent = series === undefined ? '' : [series.name, ...series.tags].join(' ');
    byId('plot-text').textContent = '';
    this.showNumbers();
    this.#refresh();
  }

  showNumbers() {
    const series = this.#series;
    if (series === undefined) return;
    byId('plot-numbers').replaceChildren(
      ...NUMBERS.map(([column, title]) => [title, cellText(series, column)])
        .filter(([, text]) => text !== '')
        .map(([title, text]) => {
          const pair = element('div');
          pair.append(element('dt', { text: title }), element('dd', { text }));
          return pair;
        }),
    );
  }

  /** With the colours of the theme. */
  restyle() {
    this.#chart?.destroy();
    this.#chart = undefined;
    if (this.#series !== undefined) this.#refresh();
  }

  async #refresh() {
    clearTimeout(this.#timer);
    const series = this.#series;
    const { seconds, refreshMillis } = this.#range;
    if (series === undefined) return;
    this.#timer = setTimeout(() => this.#refresh(), refreshMillis);
    if (document.hidden || (!this.isLive && this.#chart !== undefined)) return;
    const query = { id: String(series.id), seconds: String(seconds) };
    const response = await fetch(address('plot', query)).catch(() => undefined);
    if (!response?.ok) return;
    const { kind, columns } = /** @type {{ kind: string, columns: (number | null)[][] }} */ (
      await response.json()
    );
    if (series !== this.#series || seconds !== this.#range.seconds) return;
    const now = Date.now() / 1000;
    const [times = [], ...values] = columns;
    this.#draw(kind, [times.map((time) => Number(time) + now), ...values], now);
  }

  /** @param {string} kind @param {uPlot.AlignedData} data @param {number} now */
  #draw(kind, data, now) {
    if (this.#chart === undefined || kind !== this.#kind) {
      this.#chart?.destroy();
      this.#kind = kind;
      this.#chart = this.#create(kind, data);
    }
    this.#chart.batch(() => {
      this.#chart?.setData(data, false);
      this.#chart?.setScale('x', { min: now - this.#range.seconds, max: now });
    });
    this.#tell(undefined);
  }

  /** @param {string} kind @param {uPlot.AlignedData} data */
  #create(kind, data) {
    const place = byId('plot');
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => {
      const probe = element('i');
      probe.style.color = `var(${name})`;
      place.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    };
    const [accent, band, muted, line] = ['--accent', '--band', '--muted', '--line'].map(colour);
    const axis = {
      stroke: muted,
      font: `11px ${style.fontFamily}`,
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
    };
    const stepped = kind === 'value' ? { paths: uPlot.paths.stepped?.({ align: 1 }) } : {};
    const edge = { stroke: band, width: 1, points: { show: false }, spanGaps: true, ...stepped };
    const main = { stroke: accent, width: 1.5, spanGaps: true, points: { size: 4 }, ...stepped };
    return new uPlot(
      {
        width: place.clientWidth,
        height: 220,
        series:
          kind === 'rate' ? [{}, { ...main, fill: band, points: { show: false } }] : [{}, main, edge, edge],
        bands: kind === 'rate' ? [] : [{ series: [3, 2], fill: band }],
        axes: [
          {
            ...axis,
            size: 26,
            space: 48,
            values: (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map(timeText),
          },
          {
            ...axis,
            size: 56,
            values: (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map(shortNumber),
          },
        ],
        scales: {
          x: { time: true },
          y: {
            range: (/** @type {unknown} */ _, /** @type {number} */ low, /** @type {number} */ high) =>
              yRange(kind, low, high),
          },
        },
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        hooks: { setCursor: [(/** @type {uPlot} */ chart) => this.#tell(chart.cursor.idx ?? undefined)] },
      },
      data,
      place,
    );
  }

  /** The point under the pointer, or the last one. @param {number | undefined} at */
  #tell(at) {
    const [times = [], values = [], lows = [], highs = []] = this.#chart?.data ?? [];
    const index = at ?? values.length - 1;
    const value = values[index];
    const text = byId('plot-text');
    if (value === undefined || value === null) {
      text.textContent = 'Nothing in this time.';
    } else {
      const format = this.#kind === 'rate' ? shortRate : shortNumber;
      const [low, high] = [lows[index], highs[index]];
      const isSpread = typeof low === 'number' && typeof high === 'number' && low < high;
      const spread = isSpread ? `, from ${format(low)} to ${format(high)}` : '';
      const unit = this.#kind === 'rate' ? '/s' : this.#kind === 'mean' ? ' mean' : '';
      const time = withSeconds.format(Number(times[index]) * 1000);
      text.textContent = `${format(value)}${unit}${spread} at ${time}`;
    }
    byId('plot').setAttribute(
      'aria-label',
      `${KINDS[this.#kind]}, ${this.#range.name}; latest: ${text.textContent}`,
    );
  }
}

const hoursAndMinutes = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const withSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

/** @param {number} seconds */
function timeText(seconds) {
  return hoursAndMinutes.format(seconds * 1000);
}

/** Rates from zero; a constant in the middle. @param {string} kind @param {number} low @param {number} high @returns {[number, number]} */
function yRange(kind, low, high) {
  if (low === null || high === null) return [0, 1];
  if (kind === 'rate') return [Math.min(0, low), high > 0 ? high * 1.08 : 1];
  const pad = high === low ? Math.abs(high) * 0.5 || 1 : (high - low) * 0.08;
  return [low - pad, high + pad];
}

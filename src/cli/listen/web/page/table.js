// The table of series. Ten thousand rows are too many for a document: it holds those in view, and gaps for the others.

import { cellText } from './model.js';
import { address, byId, element } from './text.js';

/** @typedef {import('./model.js').Series} Series */

/** @type {[name: import('./model.js').ColumnName | 'trend', title: string][]} */
const COLUMNS = [
  ['name', 'Series'],
  ['type', 'Type'],
  ['rate', 'Rate/s'],
  ['last', 'Last'],
  ['p50', 'P50'],
  ['p95', 'P95'],
  ['p99', 'P99'],
  ['trend', 'Trend'],
  ['total', 'Total'],
];

/** Rows above and below the view, so that scrolling shows no gap. */
const MARGIN_ROWS = 8;

const TREND_MILLIS = 1_000;

/** Characters at the end of a name that are always shown: names often differ only there. */
const TAIL_LENGTH = 12;

const TREND_BARS = 24;

export class TableView {
  #model;
  #onChoose;
  #scroll = byId('scroll');
  #body = byId('rows');
  /** Rows in the document, by the id of their series. @type {Map<number, HTMLElement>} */
  #rows = new Map();
  #above = gapRow();
  #below = gapRow();
  /** The row that the keyboard is on. */
  #active = 0;
  /** @type {number | undefined} */
  chosen;
  isLive = false;
  #isDue = false;

  /** @param {import('./model.js').SeriesModel} model @param {(id: number) => void} onChoose */
  constructor(model, onChoose) {
    this.#model = model;
    this.#onChoose = onChoose;
    byId('titles').append(...COLUMNS.map(([name, title]) => this.#title(name, title)));
    this.#body.append(this.#above, this.#below);
    this.#scroll.addEventListener('scroll', () => this.draw(), { passive: true });
    this.#scroll.addEventListener('keydown', (event) => this.#keyPressed(event));
    new ResizeObserver(() => this.draw()).observe(this.#scroll);
    setInterval(() => this.#drawTrends(), TREND_MILLIS);
  }

  toTop() {
    this.#scroll.scrollTop = 0;
    this.#active = 0;
  }

  /** Makes all rows again: what they hold of their tags has changed. */
  renew() {
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
  }

  /** At the next frame. */
  draw() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#drawNow();
    });
  }

  get #rowHeight() {
    return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'));
  }

  #drawNow() {
    const { shown } = this.#model;
    const height = this.#rowHeight;
    const first = Math.max(0, Math.floor(this.#scroll.scrollTop / height) - MARGIN_ROWS);
    const last = Math.min(
      shown.length,
      first + Math.ceil(this.#scroll.clientHeight / height) + 2 * MARGIN_ROWS,
    );
    this.#active = Math.max(0, Math.min(this.#active, shown.length - 1));
    byId('table').setAttribute('aria-rowcount', String(shown.length + 1));
    this.#above.style.height = `${first * height}px`;
    this.#below.style.height = `${(shown.length - last) * height}px`;

    const inView = new Set(shown.slice(first, last).map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (inView.has(id)) continue;
      // The keyboard goes on from where it was.
      if (row.contains(document.activeElement)) this.#scroll.focus({ preventScroll: true });
      row.remove();
      this.#rows.delete(id);
    }
    let before = /** @type {Element} */ (this.#above);
    for (let at = first; at < last; at += 1) {
      const series = /** @type {Series} */ (shown[at]);
      const row = this.#rows.get(series.id) ?? this.#createRow(series);
      this.#fill(row, series, at);
      if (before.nextElementSibling !== row) before.after(row);
      before = row;
    }
  }

  /** @param {Series} series */
  #createRow(series) {
    const row = element('tr');
    const button = element('button', { class: 'series' });
    button.setAttribute('type', 'button');
    button.addEventListener('click', () => {
      this.#active = this.#model.shown.indexOf(series);
      this.#onChoose(series.id);
    });
    const { name, type } = series;
    const tags = this.#model.tagsOf(series);
    button.title = [name, ...series.tags].join('\n');
    const tail = name.length > 2 * TAIL_LENGTH ? name.slice(-TAIL_LENGTH) : '';
    const label = element('span', { class: 'label' });
    label.append(element('span', { class: 'head', text: name.slice(0, name.length - tail.length) }));
    if (tail !== '') label.append(element('span', { class: 'tail', text: tail }));
    button.append(label);
    if (tags !== '') button.append(' ', element('span', { class: 'tags', text: tags }));
    const title = element('th', { class: 'name' });
    title.setAttribute('scope', 'row');
    title.append(button);
    row.append(title);
    for (const [column] of COLUMNS.slice(1)) row.append(element('td', { class: column }));
    /** @type {HTMLElement} */ (row.children[1]).textContent = this.#model.typeName(type);
    this.#rows.set(series.id, row);
    return row;
  }

  /** @param {HTMLElement} row @param {Series} series @param {number} at */
  #fill(row, series, at) {
    row.setAttribute('aria-rowindex', String(at + 2));
    row.classList.toggle('chosen', series.id === this.chosen);
    const button = /** @type {HTMLElement} */ (row.firstElementChild?.firstElementChild);
    button.setAttribute('aria-pressed', String(series.id === this.chosen));
    button.tabIndex = at === this.#active ? 0 : -1;
    for (const [index, [column]] of COLUMNS.entries()) {
      if (column === 'name' || column === 'type' || column === 'trend') continue;
      const cell = /** @type {HTMLElement} */ (row.children[index]);
      const text = cellText(series, column);
      if (cell.textContent !== text) cell.textContent = text;
    }
  }

  /** @param {import('./model.js').ColumnName | 'trend'} name @param {string} title */
  #title(name, title) {
    const cell = element('th', { class: name });
    cell.setAttribute('scope', 'col');
    if (name === 'trend') {
      cell.textContent = title;
      return cell;
    }
    const button = element('button', { text: title });
    button.setAttribute('type', 'button');
    button.addEventListener('click', () => {
      this.#model.orderBy(name);
      this.#showOrder();
      this.toTop();
      this.draw();
    });
    cell.append(button);
    if (name === 'name') cell.setAttribute('aria-sort', 'ascending');
    return cell;
  }

  #showOrder() {
    const { column, isDescending } = this.#model.order;
    for (const [index, cell] of [...byId('titles').children].entries()) {
      if (COLUMNS[index]?.[0] === column)
        cell.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    }
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const page = Math.max(1, Math.floor(this.#scroll.clientHeight / this.#rowHeight) - 2);
    const end = this.#model.shown.length - 1;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: end,
    };
    const target = targets[event.key];
    const isTitle = byId('titles').contains(document.activeElement);
    if (target === undefined || isTitle || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#active = Math.max(0, Math.min(target, end));
    const height = this.#rowHeight;
    const top = this.#active * height;
    const room = this.#scroll.clientHeight - 2 * height;
    if (top < this.#scroll.scrollTop) this.#scroll.scrollTop = top;
    else if (top > this.#scroll.scrollTop + room) this.#scroll.scrollTop = top - room;
    this.#drawNow();
    const series = this.#model.shown[this.#active];
    const row = series && this.#rows.get(series.id);
    /** @type {HTMLElement | undefined} */ (row?.querySelector('button') ?? undefined)?.focus({
      preventScroll: true,
    });
  }

  async #drawTrends() {
    const at = COLUMNS.findIndex(([column]) => column === 'trend');
    const isVisible = [...byId('titles').children][at]?.getClientRects().length;
    if (!this.isLive || !isVisible || document.hidden || this.#rows.size === 0) return;
    const ids = [...this.#rows.keys()].join(',');
    const response = await fetch(address('trends', { ids })).catch(() => undefined);
    if (!response?.ok) return;
    for (const [id, values] of /** @type {[number, (number | null)[]][]} */ (await response.json())) {
      const cell = this.#rows.get(id)?.children[at];
      cell?.replaceChildren(bars(values, this.#model.all[id]?.type ?? ''));
    }
  }
}

function gapRow() {
  const row = element('tr', { class: 'gap' });
  row.setAttribute('aria-hidden', 'true');
  row.append(element('td'));
  return row;
}

const SVG = 'http://www.w3.org/2000/svg';

/** As sparkline.ts draws them: counts from zero, values from the smallest. @param {(number | null)[]} values @param {string} type */
function bars(values, type) {
  const finite = values.filter((value) => value !== null);
  const low = Math.min(...finite, type === 'c' || type === 's' ? 0 : Infinity);
  const range = Math.max(...finite) - low;
  const begin = TREND_BARS - values.length;
  const path = values.map((value, index) => {
    if (value === null) return '';
    const height = 2 + (range === 0 ? 0 : ((value - low) / range) * 16);
    return `M${(begin + index) * 4} 18v${-height.toFixed(1)}h3v${height.toFixed(1)}z`;
  });
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 96 18');
  svg.setAttribute('aria-hidden', 'true');
  const drawn = document.createElementNS(SVG, 'path');
  drawn.setAttribute('d', path.join(''));
  svg.append(drawn);
  return svg;
}

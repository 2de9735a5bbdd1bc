// All series, and those that are shown: filtered and in order.

import { shortNumber, shortRate } from '../../../text/numbers.js';

/** @typedef {{ id: number, key: string, name: string, tags: string[], type: string, text: string, cells: Cells }} Series */
/** @typedef {{ rate: number, last: number | string, total: number, p50?: number, p95?: number, p99?: number }} Cells */
/** @typedef {'name' | 'type' | keyof Cells} ColumnName */

/** @type {Record<string, string>} */
const TYPE_NAMES = {
  c: 'counter',
  g: 'gauge',
  ms: 'timer',
  h: 'histogram',
  d: 'distribution',
  s: 'set',
  '': 'value',
};

/** @type {Cells} */
const NO_CELLS = { rate: 0, last: 0, total: 0 };

export class SeriesModel {
  /** By id. @type {Series[]} */
  all = [];
  /** @type {Series[]} */
  shown = [];
  /** @type {Set<string>} */
  types = new Set();
  /** Tags that all series have. @type {Set<string>} */
  shared = new Set();
  /** Whether a series has other tags. */
  hasTags = false;
  /** How many series have a tag. @type {Map<string, number>} */
  #counts = new Map();
  /** Keys by their last segments. @type {Map<string, Set<string>>} */
  #keys = new Map();
  #words = /** @type {string[]} */ ([]);
  #type = '*';
  /** @type {{ column: ColumnName, isDescending: boolean }} */
  order = { column: 'name', isDescending: false };

  clear() {
    this.all = [];
    this.shown = [];
    this.types.clear();
    this.shared = new Set();
    this.hasTags = false;
    this.#counts.clear();
    this.#keys.clear();
  }

  /** @param {import('./stream.js').Added[]} added */
  add(added) {
    for (const [id, name, type, ...texts] of added) {
      /** @type {string[]} */
      const tags = [];
      for (let at = 0; at < texts.length; at += 2) {
        tags.push(texts[at + 1] === '' ? String(texts[at]) : `${texts[at]}=${texts[at + 1]}`);
      }
      tags.sort();
      for (const tag of tags) this.#count(tag);
      const label = `${name} ${tags.join(', ')}`;
      this.all[id] = {
        id,
        key: `${label} ${type}`,
        name,
        tags,
        type,
        text: label.toLowerCase(),
        cells: NO_CELLS,
      };
      this.types.add(type);
    }
    const { length } = this.all;
    this.shared = new Set(
      [...this.#counts].filter(([, count]) => length > 1 && count === length).map(([tag]) => tag),
    );
    this.hasTags = this.all.some(({ tags }) => tags.length > this.shared.size);
  }

  /** @param {string} tag */
  #count(tag) {
    this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + 1);
    const keys = this.#keys.get(lastSegment(tag)) ?? new Set();
    this.#keys.set(lastSegment(tag), keys.add(keyOf(tag)));
  }

  /** @param {import('./stream.js').Row[]} rows */
  change(rows) {
    for (const [id, rate, last, total, p50, p95, p99] of rows) {
      const series = this.all[id];
      if (series !== undefined) series.cells = { rate, last, total, p50, p95, p99 };
    }
  }

  /**
   * @param {string} search words that all must be in the name or the tags
   * @param {string} type `*` for all
   */
  filter(search, type) {
    this.#words = search.toLowerCase().split(/\s+/).filter(Boolean);
    this.#type = type;
    this.sort();
  }

  /** A second time by the same column turns the order. @param {ColumnName} column */
  orderBy(column) {
    const isText = column === 'name' || column === 'type';
    const isDescending = column === this.order.column ? !this.order.isDescending : !isText;
    this.order = { column, isDescending };
    this.sort();
  }

  sort() {
    const { column, isDescending } = this.order;
    const isShown = (/** @type {Series} */ { type, text }) =>
      (this.#type === '*' || type === this.#type) && this.#words.every((word) => text.includes(word));
    const direction = isDescending ? -1 : 1;
    this.shown = this.all
      .filter(isShown)
      .map((series) => ({ series, value: sortValue(series, column) }))
      .sort((a, b) => direction * compare(a.value, b.value) || compare(a.series.key, b.series.key))
      .map(({ series }) => series);
  }

  /**
   * Those that tell it from others, with the last segments of their keys where these are not ambiguous.
   * @param {Series} series
   */
  tagsOf({ tags }) {
    return tags
      .filter((tag) => !this.shared.has(tag))
      .map((tag) =>
        this.#keys.get(lastSegment(tag))?.size === 1 ? lastSegment(tag) + tag.slice(keyOf(tag).length) : tag,
      )
      .join(', ');
  }

  /** @param {string} key */
  idOf(key) {
    return this.all.find((series) => series.key === key)?.id;
  }

  /** @param {string} type */
  typeName(type) {
    return TYPE_NAMES[type] ?? type;
  }
}

/** What stands in a cell. @param {Series} series @param {keyof Cells} column */
export function cellText({ type, cells }, column) {
  const value = cells[column];
  if (column === 'total' && (type === 'g' || type === '')) return '';
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return column === 'rate' ? shortRate(value) : shortNumber(value);
}

/** @param {Series} series @param {ColumnName} column */
function sortValue(series, column) {
  if (column === 'name') return series.key;
  if (column === 'type') return series.type;
  const value = series.cells[column];
  return value === undefined ? -Infinity : value;
}

/** Numbers before texts. @param {number | string} a @param {number | string} b */
function compare(a, b) {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param {string} tag */
function keyOf(tag) {
  const end = tag.indexOf('=');
  return end < 0 ? tag : tag.slice(0, end);
}

/** @param {string} tag */
function lastSegment(tag) {
  const key = keyOf(tag);
  return key.slice(key.lastIndexOf('.') + 1) || key;
}

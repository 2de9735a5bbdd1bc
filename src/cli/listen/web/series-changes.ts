// Which series have changed since a page was last sent them. Each page has its own record, so that a slow one gets what
// it has missed as one change, and nothing needs to be kept for it.

import { printable } from '../../../runtime/printable.js';
import type { Series } from '../series.js';
import { MAX_SERIES, type SeriesTable } from '../series-table.js';

export interface SeriesChanges {
  /** JSON of `[id, name, type, key, value, …]` for each series that is new to the page. */
  readonly added: string;
  /** JSON of `[id, rate, last, total, p50, p95, p99]`; without percentiles where there are none. */
  readonly rows: string;
  /** False when there was no room or time for all. */
  readonly isComplete: boolean;
}

/** Characters of JSON in one message, unless a single series has more. */
const MAX_CHARACTERS = 2 ** 18;

export class ChangeTracker {
  readonly #versions = new Float64Array(MAX_SERIES);
  readonly #rates = new Float64Array(MAX_SERIES);
  /** The series to begin with: all get their turn. */
  #next = 0;

  /** @param hasTime asked after each series */
  take(table: SeriesTable, nowMillis: number, hasTime: () => boolean = () => true): SeriesChanges {
    const added: string[] = [];
    const rows: string[] = [];
    let characters = 0;
    const { length } = table.all;
    for (let seen = 0; seen < length; seen += 1) {
      const id = (this.#next + seen) % length;
      const series = table.all[id]!;
      // Rates fall when nothing arrives.
      const rate = table.rateOf(series, nowMillis);
      if (series.version === this.#versions[id] && rate === this.#rates[id]) continue;
      if (characters > MAX_CHARACTERS || (characters > 0 && !hasTime())) {
        this.#next = id;
        return { added: list(added), rows: list(rows), isComplete: false };
      }
      if (this.#versions[id] === 0) {
        const text = addedRow(id, series);
        added.push(text);
        characters += text.length;
      }
      this.#versions[id] = series.version;
      this.#rates[id] = rate;
      const { last, total, percentiles = [] } = table.numbersOf(series, nowMillis);
      const row = JSON.stringify([id, ...[rate, last, total, ...percentiles].map(cell)]);
      rows.push(row);
      characters += row.length;
    }
    return { added: list(added), rows: list(rows), isComplete: true };
  }
}

function addedRow(id: number, { name, type, tags }: Series): string {
  const texts = Object.entries(tags).flat();
  return JSON.stringify([id, printable(name), type, ...texts.map(printable)]);
}

/** JSON has no other numbers than finite ones. */
function cell(value: number | string): number | string {
  if (typeof value === 'string') return printable(value);
  return Number.isFinite(value) ? value : String(value);
}

function list(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

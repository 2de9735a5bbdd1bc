// How series are named in a table: tags that tell them apart before those that all have, so that what a narrow
// window cuts off is what matters least.

import { cut, cutEnd, printable } from '../text/table.js';
import type { SeriesRow } from './series-table.js';

export function labelsOf(rows: readonly SeriesRow[]): string[] {
  const valuesByKey = new Map<string, Set<string>>();
  for (const { tags } of rows) {
    for (const [key, value] of Object.entries(tags)) {
      const values = valuesByKey.get(key);
      if (values === undefined) valuesByKey.set(key, new Set([value]));
      else values.add(value);
    }
  }
  const tellsApart = (key: string): number => ((valuesByKey.get(key)?.size ?? 0) > 1 ? 0 : 1);
  return rows.map(({ name, tags }) => {
    const keys = Object.keys(tags).sort((a, b) => tellsApart(a) - tellsApart(b) || (a < b ? -1 : 1));
    const pairs = keys.map((key) => (tags[key] === '' ? key : `${key}=${tags[key]}`));
    return printable(pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`);
  });
}

/** Of a name its two ends are kept, of tags their beginning, which tells series apart. */
export function shortLabel(label: string, width: number): string {
  const at = label.indexOf('{');
  if (label.length <= width || at < 0) return cut(label, width);
  const tags = label.slice(at);
  const nameWidth = Math.max(Math.floor(width / 3), width - tags.length);
  const name = cut(label.slice(0, at), nameWidth);
  return name + cutEnd(tags, width - name.length);
}

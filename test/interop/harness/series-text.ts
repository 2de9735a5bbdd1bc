// The text of a series on servers that keep tags apart from the name.
import type { Tag } from '../../../src/mapping/tags/tags.js';

/** `name{key="value"}`, tags sorted by key; the name alone without tags. */
export function seriesText(name: string, tags: readonly Tag[]): string {
  if (tags.length === 0) return name;
  const sorted = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join()}}`;
}

/** `name.key.value`: tags folded into the name. */
export function foldedText(name: string, tags: readonly Tag[]): string {
  return [name, ...tags.flat()].join('.');
}

/** `name;key=value`: tags as Graphite has them. */
export function graphitePath(name: string, tags: readonly Tag[]): string {
  return [name, ...tags.map(([key, value]) => `${key}=${value}`)].join(';');
}

/** `name#key=value`: tags as Librato's backend reads them. */
export function libratoName(name: string, tags: readonly Tag[]): string {
  return tags.length === 0 ? name : `${name}#${tags.map(([key, value]) => `${key}=${value}`).join()}`;
}

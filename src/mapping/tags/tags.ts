// Tags of one series: attributes and constant tags, made legal for the dialect and sorted.

import type { Dialect } from '../dialects/dialect.js';
import { beginWithLetter } from '../naming/legal-name.js';
import { attributeText } from './attribute-text.js';

/** A tag ready for the line: key and value hold only legal characters and are not empty. */
export type Tag = readonly [key: string, value: string];

export type AttributeRecord = Readonly<Record<string, unknown>>;

/**
 * Legal tags of a data point, sorted by key (statsd and gostatsd take the order as part of a series'
 * identity). Values of keys that become equal are joined with `;`, or `_` where `;` is illegal, in the
 * order of their original keys, as the OpenTelemetry Prometheus compatibility rules do. Keys that the server
 * reserves are renamed.
 */
export function legalTags(attributes: AttributeRecord, dialect: Dialect): Tag[] {
  return mergeTags(attributes, dialect.illegal, (key) => legalKey(key, dialect));
}

/** The key of an attribute as the tag it becomes. */
export function legalKey(key: string, dialect: Dialect): string {
  const { reservedTags } = dialect;
  const legal = constantKey(key, dialect);
  return reservedTags === undefined ? legal : legal.replace(reservedTags.keys, reservedTags.rename);
}

/** The text of an attribute's value as a tag has it; empty means that there is no tag. */
export function legalValue(value: unknown, { tagValue }: Dialect['illegal']): string {
  return attributeText(value).replace(tagValue, '_');
}

/** Legal tags that the user configured. Reserved keys are kept: `host` there means the server's `host`. */
export function legalConstantTags(tags: AttributeRecord, dialect: Dialect): Tag[] {
  return mergeTags(tags, dialect.illegal, (key) => constantKey(key, dialect));
}

function constantKey(key: string, dialect: Dialect): string {
  // An empty key is a key, too: without it, series that differ only there would be one.
  return beginWithLetter(key.replace(dialect.illegal.tagKey, '_') || '_', dialect);
}

function mergeTags(
  attributes: AttributeRecord,
  illegal: Dialect['illegal'],
  legal: (key: string) => string,
): Tag[] {
  const merged = new Map<string, string>();
  for (const original of Object.keys(attributes).sort()) {
    const value = legalValue(attributes[original], illegal);
    if (value === '') continue;
    const key = legal(original);
    const earlier = merged.get(key);
    merged.set(
      key,
      earlier === undefined ? value : `${earlier}${';'.replace(illegal.tagValue, '_')}${value}`,
    );
  }
  return [...merged].sort(byKey);
}

/** Adds constant tags; a constant tag beats an attribute of the same key. Both lists are sorted. */
export function withConstantTags(tags: readonly Tag[], constant: readonly Tag[]): readonly Tag[] {
  if (constant.length === 0) return tags;
  const keys = new Set(constant.map(([key]) => key));
  return [...constant, ...tags.filter(([key]) => !keys.has(key))].sort(byKey);
}

function byKey(a: Tag, b: Tag): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

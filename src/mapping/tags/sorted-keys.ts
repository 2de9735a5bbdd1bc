import type { AttributeRecord } from './tags.js';

/** The keys in ascending order, as `sort` has them; by insertion, because they are few and often in order already. */
export function sortedKeys(attributes: AttributeRecord): string[] {
  const keys = Object.keys(attributes);
  if (keys.length > 32) return keys.sort();
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index]!;
    let at = index;
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

// Metric names: the instrument's name made legal for the dialect, with the prefix in front.

/**
 * Replaces illegal characters, keeps dots from making empty levels (`a..b.` becomes `a.b`) and starts with
 * a letter or digit: gostatsd rejects a leading `_`, and to the Datadog agent `_e` and `_sc` begin an event
 * or a service check.
 */
export function legalName(name: string, illegal: RegExp): string {
  return name
    .replace(illegal, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[._-]+|\.$/g, '');
}

export function joinName(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

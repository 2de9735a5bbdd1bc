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

const PLACEHOLDER = /\{([^{}]*)\}/g;

/**
 * The prefix with `{resource.attribute}` placeholders filled in. A value stays one segment (its dots
 * become `_`); a segment with a missing value is left out and its attribute reported through `missing`.
 */
export function fillPrefix(
  prefix: string,
  attribute: (key: string) => string,
  illegal: RegExp,
  missing: (key: string) => void,
): string {
  const segments: string[] = [];
  for (const segment of splitSegments(prefix)) {
    let complete = true;
    const filled = segment.replace(PLACEHOLDER, (_, key: string) => {
      const value = attribute(key);
      if (value === '') {
        complete = false;
        missing(key);
      }
      return value.replaceAll('.', '_');
    });
    if (complete) segments.push(filled);
  }
  return legalName(segments.join('.'), illegal);
}

/** Splits at dots outside braces: `a.{service.name}.b` has three segments. */
function splitSegments(prefix: string): string[] {
  return prefix.match(/(?:\{[^{}]*\}|[^.])+/g) ?? [];
}

export function joinName(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

// Names with placeholders: `timers.{http.route|none}.{http.request.method}`.

/** A name split at the dots outside braces; a segment is text and placeholders in turn. */
export interface Template {
  readonly segments: readonly (readonly TemplatePart[])[];
  /** The keys of all placeholders. */
  readonly keys: ReadonlySet<string>;
}

type TemplatePart = { readonly text: string } | Placeholder;

interface Placeholder {
  /** At least one. The first that has a value is used. */
  readonly keys: readonly string[];
  /** The text when none has a value. Undefined and empty leave the segment out. */
  readonly fallback: string | undefined;
}

export function parseTemplate(source: string): Template {
  const keys = new Set<string>();
  const segments = (source.match(/(?:\{[^{}]*\}|[^.])+/g) ?? []).map((segment) =>
    segment.match(/\{[^{}]*\}|[^{}]+|[{}]/g)!.map((part): TemplatePart => {
      if (!part.startsWith('{') || !part.endsWith('}')) return { text: part };
      const placeholder = parsePlaceholder(part.slice(1, -1));
      for (const key of placeholder.keys) keys.add(key);
      return placeholder;
    }),
  );
  return { segments, keys };
}

/** `key`, or keys and a fallback: `key|fallback`, `key|key2|fallback`. */
function parsePlaceholder(inner: string): Placeholder {
  const parts = inner.split('|');
  const fallback = parts.length === 1 ? undefined : parts.pop();
  return { keys: parts, fallback };
}

/** What is wrong with a template's braces, in words for a user; undefined when nothing is. */
export function templateFault(source: string): string | undefined {
  const rest = source.replace(/\{[^{}|]+(?:\|[^{}|]+)*\|?\}/g, '');
  return /[{}]/.test(rest)
    ? 'a name whose placeholders look like {http.route} or {http.route|none}'
    : undefined;
}

/**
 * Fills the placeholders. A segment in which a value is missing (empty) is left out, and `missing` is called with its
 * key unless the placeholder has a fallback, be it an empty one.
 */
export function fillTemplate(
  { segments }: Template,
  textOf: (key: string) => string,
  missing: (key: string) => void = () => {},
): string {
  const filled: string[] = [];
  for (const segment of segments) {
    let text = '';
    let isComplete = true;
    for (const part of segment) {
      if ('text' in part) {
        text += part.text;
        continue;
      }
      const value = textOfPart(part, textOf);
      if (value === '') isComplete = false;
      if (value === '' && part.fallback === undefined) missing(part.keys[0]!);
      text += value;
    }
    if (isComplete) filled.push(text);
  }
  return filled.join('.');
}

/** The leading segments without placeholders but those that `textOf` knows; undefined when the first one has others. */
export function constantStart(
  { segments }: Template,
  textOf: (key: string) => string | undefined,
): string | undefined {
  const constant: string[] = [];
  for (const segment of segments) {
    const texts = segment.map((part) => ('text' in part ? part.text : textOf(part.keys[0]!)));
    if (texts.includes(undefined)) break;
    constant.push(texts.join(''));
  }
  return constant.length === 0 ? undefined : constant.join('.');
}

function textOfPart({ keys, fallback = '' }: Placeholder, textOf: (key: string) => string): string {
  for (const key of keys) {
    const text = textOf(key);
    if (text !== '') return text;
  }
  return asSegment(fallback);
}

/**
 * An attribute's value as part of a name: without dots, which would make further levels, and without the slash that a
 * route begins with.
 */
export function asSegment(value: string): string {
  return value.replace(/^\/+(?=.)/s, '').replaceAll('.', '_');
}

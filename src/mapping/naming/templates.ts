// Names with placeholders: `timers.{http.route}.{http.request.method}`.

/** A name split at the dots outside braces; a segment is text and placeholders in turn. */
export interface Template {
  readonly segments: readonly (readonly TemplatePart[])[];
  /** The keys of all placeholders. */
  readonly keys: ReadonlySet<string>;
}

type TemplatePart = { readonly text: string } | { readonly key: string };

export function parseTemplate(source: string): Template {
  const keys = new Set<string>();
  const segments = (source.match(/(?:\{[^{}]*\}|[^.])+/g) ?? []).map((segment) =>
    (segment.match(/\{[^{}]*\}|[^{}]+|[{}]/g) ?? []).map((part): TemplatePart => {
      if (!part.startsWith('{') || !part.endsWith('}')) return { text: part };
      const key = part.slice(1, -1);
      keys.add(key);
      return { key };
    }),
  );
  return { segments, keys };
}

/** What is wrong with a template's braces, in words for a user; undefined when nothing is. */
export function templateFault(source: string): string | undefined {
  const rest = source.replace(/\{[^{}]+\}/g, '');
  return /[{}]/.test(rest) ? 'a name whose placeholders look like {http.route}' : undefined;
}

/** Fills the placeholders. A segment in which a value is empty is left out, and `missing` is called with its key. */
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
      const value = textOf(part.key);
      if (value === '') {
        isComplete = false;
        missing(part.key);
      }
      text += value;
    }
    if (isComplete) filled.push(text);
  }
  return filled.join('.');
}

/** An attribute's value as part of a name, without dots, which would make further levels. */
export function asSegment(value: string): string {
  return value.replaceAll('.', '_');
}

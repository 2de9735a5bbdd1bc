// A report goes into tickets and chats: what may be a secret is left out of it.

const SECRET_NAME = '(?:token|secret|passw(?:or)?d|credential|api[._-]?key|access[._-]?key|private[._-]?key)';

/** User and password, or a token, before the host of a URL; values of names that sound like a secret. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(\w:\/\/)[^\s/"@]+@/g, '$1***@'],
  [new RegExp(`([\\w.-]*${SECRET_NAME}[\\w.-]*"?\\s?[=:]\\s?)("[^"]*"|[^\\s,;|}\\]]+)`, 'gi'), '$1***'],
];

/** @param tags values of secret names are left out wherever they are, as in the name of a metric */
export function redact(text: string, tags: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries(tags)
    .filter(([name, value]) => new RegExp(SECRET_NAME, 'i').test(name) && value !== '')
    // In the name of a metric most characters are replaced.
    .flatMap(([, value]) => [value, value.replace(/\W/g, '_')]);
  const without = named.reduce((rest, value) => rest.replaceAll(value, '***'), text);
  return PATTERNS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), without);
}

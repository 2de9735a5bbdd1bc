// A report goes into tickets and chats: what may be a secret is left out of it.

const SECRET_NAME = '(?:token|secret|passw(?:or)?d|credential|api[._-]?key|access[._-]?key|private[._-]?key)';

/** User and password, or a token, before the host of a URL. */
const URL_SECRET = /(\w:\/\/)[^\s/"@]+@/g;

/** Names that sound like a secret, with their values. A name without one matches, too: it is read once, however long. */
const NAMED_SECRET = new RegExp(
  `(${SECRET_NAME}[\\w.-]*)(?:("?\\s?[=:]\\s?)(?:"[^"]*"|[^\\s,;|}\\]]+))?`,
  'gi',
);

/** @param tags values of secret names are left out wherever they are, as in the name of a metric */
export function redact(text: string, tags: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries(tags)
    .filter(([name, value]) => new RegExp(SECRET_NAME, 'i').test(name) && value !== '')
    // In the name of a metric most characters are replaced.
    .flatMap(([, value]) => [value, value.replace(/\W/g, '_')]);
  const without = named.reduce((rest, value) => rest.replaceAll(value, '***'), text);
  return without
    .replace(URL_SECRET, '$1***@')
    .replace(NAMED_SECRET, (all: string, name: string, assign: string | undefined) =>
      assign === undefined ? all : `${name}${assign}***`,
    );
}

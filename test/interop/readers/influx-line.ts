// InfluxDB's line protocol: `measurement,tag=value field=1,field2=2 timestamp`, with backslashes before what would end a
// part.
import type { Tag } from '../../../src/mapping/tags/tags.js';

export interface InfluxLine {
  readonly measurement: string;
  readonly tags: readonly Tag[];
  readonly fields: Readonly<Record<string, number>>;
}

export function parseInfluxLine(line: string): InfluxLine {
  const [key = '', fields = ''] = split(line, ' ');
  const [measurement = '', ...tags] = split(key, ',');
  return {
    measurement: withoutBackslashes(measurement),
    tags: tags.map((tag): Tag => {
      const [name = '', value = ''] = split(tag, '=');
      return [withoutBackslashes(name), withoutBackslashes(value)];
    }),
    fields: Object.fromEntries(
      split(fields, ',').map((field) => {
        const [name = '', value = ''] = split(field, '=');
        return [name, Number(value)] as const;
      }),
    ),
  };
}

/** At separators that no backslash stands before. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === separator) {
      parts.push(part);
      part = '';
    } else if (text[at] === '\\') part += text.slice(at, ++at + 1);
    else part += text[at];
  }
  return [...parts, part];
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

// Prometheus' text format, as far as the servers write it: samples, and the type of each metric family.

export interface PrometheusSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface PrometheusText {
  readonly samples: readonly PrometheusSample[];
  /** By family name. */
  readonly types: ReadonlyMap<string, string>;
}

const LABEL = /([^=,{}]+)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n' };

export function parsePrometheusText(text: string): PrometheusText {
  const samples: PrometheusSample[] = [];
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.startsWith('# TYPE ')) {
      const [name = '', type = ''] = line.slice(7).split(' ');
      types.set(name, type);
    } else if (line !== '' && !line.startsWith('#')) {
      samples.push(parseSample(line));
    }
  }
  return { samples, types };
}

function parseSample(line: string): PrometheusSample {
  const name = /^[^{ ]+/.exec(line)?.[0] ?? '';
  const end = line.startsWith('{', name.length) ? line.lastIndexOf('}') + 1 : name.length;
  const labels = new Map<string, string>();
  for (const [, key = '', value = ''] of line.slice(name.length, end).matchAll(LABEL)) {
    labels.set(
      key,
      value.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped),
    );
  }
  const [value = ''] = line.slice(end).trim().split(' ');
  return { name, labels, value: toNumber(value) };
}

function toNumber(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return text === 'NaN' ? Number.NaN : Number(text);
}

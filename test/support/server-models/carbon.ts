// carbon: lib/carbon/protocols.py MetricLineReceiver, lib/carbon/util.py TaggedSeries, lib/carbon/cache.py.

import { Server } from './server.js';

/** What Python's str.split() splits at, besides the ASCII white space. */
const WHITE_SPACE = new RegExp(`[\\s${String.fromCharCode(0x1c)}-${String.fromCharCode(0x1f, 0x85)}]+`);

export class Carbon extends Server {
  /** Path and second to value: of two writes the later one stays. */
  readonly points = new Map<string, Map<number, number>>();

  constructor() {
    super(8192);
  }

  protected override readLine(line: string): boolean {
    const [path, text, time, ...more] = line.split(WHITE_SPACE).filter(Boolean);
    if (path === undefined || text === undefined || time === undefined || more.length > 0) return false;
    const value = pythonFloat(text);
    const second = pythonFloat(time);
    if (value === undefined || second === undefined) return false;
    if (Number.isNaN(value)) return true;
    const series = canonicalPath(path);
    const points = this.points.get(series) ?? new Map<number, number>();
    this.points.set(series, points.set(second, value));
    return true;
  }
}

/** Tags sorted by key; a path that breaks a rule stays as it is, out of reach of the tag index. */
export function canonicalPath(path: string): string {
  const [name = '', ...pairs] = path.split(';');
  if (path.endsWith('"}') && path.includes('{')) return `OpenMetrics ${path}`;
  if (pairs.length === 0) return path;
  const tags = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [key, value] = [pair.slice(0, Math.max(at, 0)), pair.slice(at + 1)];
    if (at < 1 || /[;!^=]/.test(key) || value === '' || value.startsWith('~')) return path;
    tags.set(key, value);
  }
  tags.delete('name');
  const sorted = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  return [name.replace(/^~+/, ''), ...sorted.map(([key, value]) => `${key}=${value}`)].join(';');
}

function pythonFloat(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain) ? Number(plain) : undefined;
}

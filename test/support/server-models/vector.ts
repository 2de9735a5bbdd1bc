// Vector: src/sources/statsd/parser.rs.

import { cut, LARGEST_DATAGRAM, parseFloat64, Server, seriesOf } from './server.js';

export class Vector extends Server {
  constructor() {
    super(LARGEST_DATAGRAM);
  }

  protected override readLine(line: string): boolean {
    const [key, body] = cut(line, ':');
    if (body === undefined) return false;
    const parts = body.split('|');
    const [text = '', type] = parts;
    if (type === undefined) return false;
    const sampling = parts[2]?.startsWith('@') ? parseFloat64(parts[2].slice(1)) : 1;
    if (sampling === undefined || sampling < 0) return false;
    const times = 1 / (sampling || 1);
    const tagText = parts[2]?.startsWith('@') ? parts[3] : parts[2];
    const tags = new Map<string, string>();
    if (tagText?.startsWith('#')) {
      if (tagText.length < 2) return false;
      for (const tag of tagText.slice(1).split(',')) {
        const [name, value] = cut(tag, ':');
        tags.set(name, value ?? '');
      }
    }
    const series = seriesOf(sanitizeKey(key), tags);
    const value = parseFloat64(text);
    if (type !== 's' && value === undefined) return false;
    return this.#record(series, type, text, value ?? 0, times);
  }

  #record(series: string, type: string, text: string, value: number, times: number): boolean {
    switch (type) {
      case 'c':
        this.count(series, value * times);
        return true;
      case 'h':
      case 'ms':
      case 'd': {
        const weight = Math.min(Math.trunc(times), 2 ** 32 - 1);
        this.time(series, type === 'ms' ? value / 1000 : value, weight, weight);
        // lib/vector-core metric/value.rs: samples are added up as u32.
        const timer = this.timers.get(series)!;
        timer.count %= 2 ** 32;
        return true;
      }
      case 'g':
        if (!/^[0-9+-]/.test(text)) return false;
        if (/^[+-]/.test(text)) this.addToGauge(series, value);
        else this.gauges.set(series, value);
        return true;
      case 's':
        this.addToSet(series, text);
        return true;
      default:
        return false;
    }
  }
}

function sanitizeKey(key: string): string {
  return key
    .replace(/\//g, '-')
    .replace(/\s+/gu, '_')
    .replace(/[^a-zA-Z_\-0-9.]/gu, '');
}

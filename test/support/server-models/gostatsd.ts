// gostatsd: internal/lexer/lexer.go, pkg/statsd metric_map.go.

import { LARGEST_DATAGRAM, parseFloat64, Server } from './server.js';

export class Gostatsd extends Server {
  /** All lines of a datagram have its time, and a gauge is overwritten by a newer time only. */
  #setInThisDatagram = new Set<string>();

  constructor() {
    super(LARGEST_DATAGRAM);
  }

  override receive(text: string): void {
    this.#setInThisDatagram = new Set();
    super.receive(text);
  }

  protected override readLine(line: string): boolean {
    const untilNul = line.split('\0')[0]!;
    if (untilNul.startsWith('_')) return /^_e\{/.test(untilNul);
    const colon = untilNul.indexOf(':');
    if (colon < 0) return false;
    const name = untilNul
      .slice(0, colon)
      .replace(/\//g, '-')
      .replace(/[ \t]/g, '_')
      .replace(/[^A-Za-z0-9._-]/gu, '');
    if (name === '') return false;
    const [values = '', type, ...sections] = untilNul.slice(colon + 1).split('|');
    if (type === undefined || !['c', 'g', 'ms', 'h', 's'].includes(type)) return false;

    let rate = 1;
    const tags: string[] = [];
    for (const section of sections) {
      if (section.startsWith('@')) rate = parseFloat64(section.slice(1)) ?? Number.NaN;
      else if (section.startsWith('#')) tags.push(...section.slice(1).split(',').filter(Boolean));
    }
    if (Number.isNaN(rate)) return false;
    const series = tags.length === 0 ? name : `${name}{${tags.sort().join(',')}}`;
    if (type === 's') {
      this.addToSet(series, values);
      return true;
    }
    const numbers = values.split(':').filter(Boolean).map(parseFloat64);
    if (numbers.some((value) => value === undefined || Number.isNaN(value))) return false;
    this.#record(series, numbers as number[], type, rate);
    return true;
  }

  #record(series: string, values: readonly number[], type: string, rate: number): void {
    if (type === 'c') {
      this.count(series, Math.trunc(values.reduce((sum, value) => sum + value, 0) / rate));
    } else if (type === 'g') {
      const last = values.at(-1);
      if (last === undefined) throw new RangeError('gostatsd panics at a gauge without a value');
      if (!this.#setInThisDatagram.has(series)) this.gauges.set(series, last);
      this.#setInThisDatagram.add(series);
    } else {
      for (const [index, value] of values.entries()) this.time(series, value, 1, index === 0 ? 1 / rate : 0);
    }
  }
}

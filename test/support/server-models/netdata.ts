// Netdata: src/collectors/statsd.plugin/statsd.c statsd_process and statsd_process_metric.

import { Server } from './server.js';

const INT64 = 2 ** 63;

export class Netdata extends Server {
  readonly meters = new Map<string, number>();
  readonly dictionaries = new Map<string, number>();

  constructor() {
    super(8999);
  }

  protected override readLine(line: string): boolean {
    let rest = line.replace(/\r$/, '');
    const take = (separators: RegExp): string => {
      const at = rest.search(separators);
      const field = at < 0 ? rest : rest.slice(0, at);
      rest = at < 0 ? '' : rest.slice(at);
      return field.trim();
    };
    let name = '';
    while (rest !== '' && name === '') {
      name = take(/[:=|]/);
      if (name === '') rest = rest.slice(1).trimStart();
    }
    let value: string | undefined;
    if (/^[:=]/.test(rest)) {
      rest = rest.slice(1);
      value = take(/[|@#]/);
    }
    let type = '';
    if (rest.startsWith('|')) {
      rest = rest.slice(1);
      type = take(/[|@#]/);
    }
    let sampling: string | undefined;
    while (rest !== '') {
      rest = rest.replace(/^\|/, '');
      const mark = rest[0];
      if (mark === '@' || mark === '#') rest = rest.slice(1);
      const section = take(/[|@#]/);
      if (mark === '@') sampling = section;
    }
    return name === '' || this.#record(name, value, type || 'm', sampling);
  }

  #record(name: string, value: string | undefined, type: string, sampling: string | undefined): boolean {
    const series = chartOf(name);
    const rate = Math.min(Math.max(sampling ? decimal(sampling) : 1, 0.001), 1);
    switch (type) {
      case 'g':
        if (!value) return true;
        if (/^[+-]/.test(value)) this.addToGauge(series, decimal(value) / rate);
        else this.gauges.set(series, decimal(value));
        return true;
      case 'c':
      case 'C':
        this.count(series, integer(value) / rate);
        return true;
      case 'm':
        this.meters.set(series, (this.meters.get(series) ?? 0) + Math.round(integer(value) / rate));
        return true;
      case 'h':
      case 'ms': {
        if (!value) return true;
        const weight = Math.round(1 / Math.max(rate, 0.01));
        this.time(series, decimal(value), weight, weight);
        return true;
      }
      case 's':
        // An empty value is ignored, and one that the plugin itself uses.
        if (value && value !== 'zinit') this.addToSet(series, value);
        return true;
      case 'd':
        this.dictionaries.set(series, (this.dictionaries.get(series) ?? 0) + 1);
        return true;
      default:
        return false;
    }
  }

  protected override count(series: string, value: number): void {
    const total = (this.counters.get(series) ?? 0) + Math.round(value);
    this.counters.set(series, total >= INT64 ? -INT64 : total);
  }

  /** A gauge as its chart shows it: an int64 of thousandths. */
  shown(series: string): number {
    const thousandths = Math.trunc((this.gauges.get(series) ?? Number.NaN) * 1000);
    return (Math.abs(thousandths) < INT64 ? thousandths : -INT64) / 1000 + 0;
  }
}

/** 1.37.1: `statsd_` before and `_histogram` after it, an id has 199 characters. */
const MAX_NAME = 182;

/** Lower case, legal characters only, and a dot between type and id. */
export function chartOf(name: string): string {
  return name
    .slice(0, MAX_NAME)
    .toLowerCase()
    .replace(/[^a-z0-9._-]/gu, '_')
    .replace(/[._]/, '.');
}

/** Digits and nothing else: a fraction or an exponent ends the number. */
function integer(text: string | undefined): number {
  if (text === undefined || text === '') return 1;
  const match = /^[+-]?\d+/.exec(text);
  return match === null ? 0 : Number(match[0]);
}

function decimal(text: string): number {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? 0 : value;
}

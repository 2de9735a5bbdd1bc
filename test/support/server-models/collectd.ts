// collectd: src/statsd.c statsd_parse_line, statsd_handle_counter, …_gauge, …_timer.

import { cut, parseFloat64, Server } from './server.js';

/** DATA_MAX_NAME_LEN 128, less the closing NUL. */
const MAX_NAME = 127;

export class Collectd extends Server {
  readonly #reported = new Map<string, number>();

  readonly #maxName: number;

  constructor(maxName = MAX_NAME) {
    super(4095);
    this.#maxName = maxName;
  }

  protected override readLine(line: string): boolean {
    const [head, rest] = cut(line, '|');
    const colon = head.lastIndexOf(':');
    if (rest === undefined || colon < 0) return false;
    const name = this.seriesOf(head.slice(0, colon).slice(0, this.#maxName));
    const text = head.slice(colon + 1);
    const [type, extra] = cut(rest, '|');

    const value = parseFloat64(text);
    if (type === 'c' || type === 'ms') {
      if (extra !== undefined && !extra.startsWith('@')) return false;
      const rate = extra === undefined ? 1 : parseFloat64(extra.slice(1));
      if (value === undefined || rate === undefined || !(rate > 0 && rate <= 1)) return false;
      if (type === 'c') this.count(name, value / rate);
      else this.#time(name, value / rate);
      return true;
    }
    if (extra !== undefined) return false;
    if (type === 's') {
      this.addToSet(name, text);
      return true;
    }
    if (type !== 'g' || value === undefined) return false;
    if (/^[+-]/.test(text)) this.addToGauge(name, value);
    else this.gauges.set(name, value);
    return true;
  }

  protected seriesOf(name: string): string {
    return name;
  }

  /** latency_counter_add takes whole milliseconds above zero. */
  #time(name: string, value: number): void {
    const whole = Math.trunc(value);
    if (whole >= 1) this.time(name, whole, 1, 1);
  }

  /** The derive that collectd reports of a counter: whole, with the rest carried on. */
  reported(name: string): number {
    const before = this.#reported.get(name) ?? 0;
    const total = before + Math.round((this.counters.get(name) ?? 0) - before);
    this.#reported.set(name, total);
    return total;
  }
}

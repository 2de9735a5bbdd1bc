// OpenTelemetry Collector: receiver/statsdreceiver internal/parser/statsd_parser.go, with timers as histograms.

import { cut, LARGEST_DATAGRAM, parseFloat64, Server, seriesOf } from './server.js';

export class OtelCollector extends Server {
  constructor() {
    super(LARGEST_DATAGRAM);
  }

  /** A gauge is known until the end of its interval. */
  override flush(): void {
    this.gauges.clear();
  }

  protected override readLine(line: string): boolean {
    const [nameValue, rest] = cut(line, '|');
    const [name, text] = cut(nameValue, ':');
    if (rest === undefined || name === '' || text === undefined || text === '') return false;
    const [type = '', ...sections] = rest.split('|');
    if (!['c', 'g', 'h', 'ms', 'd'].includes(type)) return false;

    const attributes = new Map<string, string>();
    let rate = 0;
    for (const section of sections) {
      if (section === '') break;
      if (section.startsWith('@')) {
        rate = parseFloat64(section.slice(1)) ?? Number.NaN;
        if (Number.isNaN(rate)) return false;
      } else if (section.startsWith('#')) {
        for (const tag of section.slice(1).split(',')) {
          if (tag === '') break;
          const [key, value] = cut(tag, ':');
          if (key === '' || value === undefined || value === '') return false;
          attributes.set(key, value);
        }
      } else if (section.startsWith('c:')) {
        if (section.length > 2) attributes.set('container.id', section.slice(2));
      } else if (section.startsWith('T')) {
        if ((type !== 'c' && type !== 'g') || !/^T\d+$/.test(section)) return false;
      } else {
        return false;
      }
    }
    const value = parseFloat64(text);
    if (value === undefined || !Number.isFinite(value)) return false;
    this.#record(
      seriesOf(name, attributes),
      type,
      value,
      rate > 0 && rate < 1 ? 1 / rate : 1,
      /^[+-]/.test(text),
    );
    return true;
  }

  #record(series: string, type: string, value: number, times: number, isAddition: boolean): void {
    // counter_type is `int` by default.
    if (type === 'c') this.count(series, Math.trunc(value * times));
    else if (type !== 'g') this.time(series, value, Math.trunc(times), Math.trunc(times));
    else if (isAddition && this.gauges.has(series)) this.addToGauge(series, value);
    else this.gauges.set(series, value);
  }
}

// The Datadog agent: comp/dogstatsd/server parse.go, parse_metric_samples.go and enrich.go, pkg/metrics/histogram.go.

import { cut, parseFloat64, Server, seriesOf } from './server.js';

export class DatadogAgent extends Server {
  /** Host that a line claims to be from, by series. */
  readonly hosts = new Map<string, string>();

  constructor() {
    super(8192);
  }

  protected override readLine(line: string): boolean {
    if (line.startsWith('_e{') || line.startsWith('_sc')) return true;
    const [head = '', type, ...sections] = line.replace(/\r$/, '').split('|');
    const [name, values] = cut(head, ':');
    if (name === '' || values === undefined || values === '') return false;
    if (type === undefined || !['c', 'g', 'h', 'd', 's', 'ms'].includes(type)) return false;

    let rate = 1;
    let tags: string[] = [];
    let timestamp = 0;
    for (const section of sections) {
      if (section.startsWith('@')) rate = parseFloat64(section.slice(1)) ?? Number.NaN;
      else if (section.startsWith('#')) tags = section.slice(1).split(',');
      else if (section.startsWith('T')) timestamp = /^T\d+$/.test(section) ? Number(section.slice(1)) : -1;
    }
    if (Number.isNaN(rate) || timestamp < 0 || (timestamp === 0 && /\|T/.test(line))) return false;
    // Lines with a time skip the aggregation, which is all that other types are for.
    if (timestamp > 0 && type !== 'c' && type !== 'g') return false;

    const series = this.#enrich(name, tags);
    if (type === 's') {
      this.addToSet(series, values);
      return true;
    }
    for (const text of values.split(':').filter(Boolean)) {
      const value = parseFloat64(text);
      if (value === undefined) return false;
      if (Number.isFinite(value)) this.#sample(series, value, type, rate, timestamp);
    }
    return true;
  }

  #sample(series: string, value: number, type: string, rate: number, timestamp: number): void {
    if (timestamp > 0) {
      const stamped = `${series}@${timestamp}`;
      (type === 'c' ? this.counters : this.gauges).set(stamped, value);
    } else if (type === 'c') {
      this.count(series, value * (1 / rate));
    } else if (type === 'g') {
      this.gauges.set(series, value);
    } else {
      const weight = rate === 0 ? 1 : Math.trunc(1 / rate);
      this.time(series, value, weight, weight);
    }
  }

  /** Takes out the tags that the agent keeps for itself. */
  #enrich(name: string, tags: readonly string[]): string {
    const kept = new Map<string, string>();
    let host: string | undefined;
    for (const tag of tags) {
      const [key, value] = cut(tag, ':');
      if (tag.startsWith('host:')) host = tag.slice(5);
      else if (/^dd\.internal\.(?:entity_id|jmx_check_name|card):/.test(tag)) continue;
      else if (tag !== '') kept.set(key, value ?? '');
    }
    const series = seriesOf(fromLetter(name, /^[^A-Za-z]+/), keysFromLetters(kept));
    if (host !== undefined) this.hosts.set(series, host);
    return series;
  }
}

/** Names and tag keys must start with a letter; the backend changes others, so what is before the letter may be lost. */
function fromLetter(text: string, others: RegExp): string {
  return text.replace(others, '');
}

function keysFromLetters(tags: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...tags].map(([key, value]) => [fromLetter(key, /^\P{L}+/u), value]));
}

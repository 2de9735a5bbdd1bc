// Telegraf: plugins/inputs/statsd/statsd.go with its default configuration.

import { LARGEST_DATAGRAM, parseFloat64, Server, seriesOf } from './server.js';

export interface TelegrafOptions {
  /** datadog_extensions. */
  readonly datadogExtensions?: boolean;
  /** datadog_distributions. */
  readonly datadogDistributions?: boolean;
}

export class Telegraf extends Server {
  readonly #datadogExtensions: boolean;
  readonly #datadogDistributions: boolean;

  constructor({ datadogExtensions = false, datadogDistributions = false }: TelegrafOptions = {}) {
    super(LARGEST_DATAGRAM);
    this.#datadogExtensions = datadogExtensions;
    this.#datadogDistributions = datadogDistributions;
  }

  /** delete_gauges is on by default. */
  override flush(): void {
    this.gauges.clear();
  }

  protected override readLine(untrimmed: string): boolean {
    let line = untrimmed.trim();
    const lineTags = new Map<string, string>();
    if (this.#datadogExtensions) {
      const segments = line.split('|');
      for (const segment of segments.filter((text) => text.startsWith('#'))) {
        for (const tag of segment.slice(1).split(',')) {
          const [key = '', ...value] = tag.split(':');
          lineTags.set(key, value.join(':') || 'true');
        }
      }
      line = segments.filter((text) => !text.startsWith('#') && !text.startsWith('c:')).join('|');
    }
    const [bucket = '', ...bits] = line.split(':');
    if (bits.length === 0) return false;
    return bits.every((bit) => this.#readBit(bucket, bit.split('|'), lineTags));
  }

  #readBit(
    bucket: string,
    [value = '', type, sampling]: string[],
    lineTags: ReadonlyMap<string, string>,
  ): boolean {
    if (type === undefined || !this.isType(type)) return false;
    const rate = sampling?.includes('@') ? parseFloat64(sampling.slice(1)) : undefined;
    const isSigned = /^[+-]/.test(value);
    if (isSigned && type !== 'g' && type !== 'c') return false;
    const number = type === 's' ? 0 : parseFloat64(value);
    if (number === undefined) return false;

    const series = this.#seriesOf(bucket, lineTags);
    switch (type) {
      case 'c':
        this.count(series, this.#whole(rate ? this.#whole(number) / rate : number));
        break;
      case 'g':
        if (isSigned) this.addToGauge(series, number);
        else this.gauges.set(series, number);
        break;
      case 'ms':
      case 'h': {
        const weight = this.weightOf(rate);
        if (weight > 0) this.time(series, number, weight, weight);
        break;
      }
      case 'd':
        if (this.#datadogExtensions && this.#datadogDistributions) this.time(series, number, 1, 1);
        break;
      case 's':
        this.addToSet(series, value);
    }
    return true;
  }

  /** int64(float64). */
  #whole(value: number): number {
    return Math.trunc(value);
  }

  protected isType(type: string): boolean {
    return ['g', 'c', 's', 'ms', 'h', 'd'].includes(type);
  }

  protected weightOf(rate: number | undefined): number {
    return rate !== undefined && rate > 0 ? Math.trunc(1 / rate) : 1;
  }

  #seriesOf(bucket: string, lineTags: ReadonlyMap<string, string>): string {
    const [name = '', ...pairs] = bucket.split(',');
    const tags = new Map<string, string>();
    for (const pair of pairs) {
      const tag = this.tagOf(pair);
      if (tag !== undefined) tags.set(...tag);
    }
    for (const [key, value] of lineTags) tags.set(key, value);
    // Overwritten by the type, which tells nothing here.
    tags.delete('metric_type');
    // The default template; strings.Fields ends a name at white space.
    return seriesOf((name.split(/\s/)[0] ?? '').replaceAll('.', '_'), tags);
  }

  protected tagOf(pair: string): [key: string, value: string] | undefined {
    const [key = '', ...value] = pair.split('=');
    return value.length === 0 || key === '' ? undefined : [key, value.join('=')];
  }
}

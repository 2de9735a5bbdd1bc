// The CloudWatch agent: plugins/inputs/statsd/statsd.go, an early fork of Telegraf's.

import { Telegraf } from './telegraf.js';

export class CloudWatchAgent extends Telegraf {
  /** Gauges stay. */
  override flush(): void {}

  protected override isType(type: string): boolean {
    return ['g', 'c', 's', 'ms', 'h'].includes(type);
  }

  protected override weightOf(rate: number | undefined): number {
    return rate !== undefined && rate > 0 ? 1 / rate : 1;
  }

  protected override tagOf(pair: string): [key: string, value: string] | undefined {
    const parts = pair.split('=');
    return parts.length === 2 ? [parts[0]!, parts[1]!] : undefined;
  }
}

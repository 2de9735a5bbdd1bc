// The SignalFx agent's collectd/statsd monitor: signalfx/collectd src/statsd.c and src/daemon/globals.h; tags as
// signalfx-agent docs/monitors/collectd-statsd.md has them.

import { Collectd } from './collectd.js';
import { cut, seriesOf } from './server.js';

export class SignalfxAgent extends Collectd {
  constructor() {
    super(1023);
  }

  protected override seriesOf(name: string): string {
    const match = /^(.*?)\[(.*?)\](.*)$/.exec(name);
    if (match === null) return name;
    const [, before = '', tagText = '', after = ''] = match;
    const tags = tagText.split(',').map((tag): [string, string] => {
      const [key, value] = cut(tag, '=');
      return [key, value ?? ''];
    });
    return seriesOf(before + after, new Map(tags));
  }
}

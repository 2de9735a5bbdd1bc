// The Sysdig agent, as docs.sysdig.com describes it: StatsD with `name#tag=value,…`; nothing more is published.

import { cut, seriesOf } from './server.js';
import { StatsdServer } from './statsd.js';

export class SysdigAgent extends StatsdServer {
  protected override readLine(line: string): boolean {
    const [head, body] = cut(line, ':');
    const [name, tagText] = cut(head, '#');
    if (tagText === undefined || body === undefined) return super.readLine(line);
    const tags = new Map(
      tagText.split(',').map((tag) => {
        const [key, value] = cut(tag, '=');
        return [key, value ?? ''];
      }),
    );
    // StatsD's own reading of the rest, under a name that it leaves alone.
    const inner = new StatsdServer();
    inner.receive(`s:${body}`);
    const series = seriesOf(name, tags);
    for (const [, value] of inner.counters) this.count(series, value);
    for (const [, value] of inner.gauges) {
      if (/^[+-]/.test(body)) this.addToGauge(series, value);
      else this.gauges.set(series, value);
    }
    for (const [, members] of inner.sets) for (const member of members) this.addToSet(series, member);
    for (const { values, count } of inner.timers.values()) {
      for (const { value, weight } of values) this.time(series, value, weight, count);
    }
    return inner.rejected.length === 0;
  }
}

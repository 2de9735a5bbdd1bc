// veneur: samplers/parser.go ParseMetric, samplers/samplers.go.

import { cut, parseFloat64, Server, seriesOf } from './server.js';

export class Veneur extends Server {
  constructor() {
    super(Infinity);
  }

  override receive(text: string): void {
    // metric_max_length: what is longer is thrown away whole.
    if (Buffer.byteLength(text) > 4096) this.rejected.push(text);
    else super.receive(text);
  }

  protected override readLine(line: string): boolean {
    const [head = '', type, ...sections] = line.split('|');
    const [name, values] = cut(head, ':');
    if (name === '' || values === undefined || !type || !'cgdhms'.includes(type[0]!)) return false;
    let rate: number | undefined;
    let tags: string[] | undefined;
    for (const section of sections) {
      if (section.startsWith('@') && rate === undefined) {
        rate = Math.fround(parseFloat64(section.slice(1)) ?? 0);
        if (!(rate > 0 && rate <= 1)) return false;
      } else if (section.startsWith('#') && tags === undefined) {
        tags = section.slice(1).split(',');
      } else {
        return false;
      }
    }
    const series = seriesOf(name, tagMap((tags ?? []).filter((tag) => !tag.startsWith('veneur'))));
    for (const text of values.split(':')) {
      if (type[0] === 's') {
        this.addToSet(series, text);
        continue;
      }
      const value = parseFloat64(text);
      if (value === undefined || !Number.isFinite(value)) return false;
      if (type[0] === 'c') this.count(series, Math.trunc(value / (rate ?? 1)));
      else if (type[0] === 'g') this.gauges.set(series, value);
      else this.time(series, value, Math.fround(1 / (rate ?? 1)), Math.fround(1 / (rate ?? 1)));
    }
    return true;
  }
}

function tagMap(tags: readonly string[]): Map<string, string> {
  return new Map(
    tags.map((tag) => {
      const [key, value] = cut(tag, ':');
      return [key, value ?? ''];
    }),
  );
}

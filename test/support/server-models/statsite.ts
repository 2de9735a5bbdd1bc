// statsite: src/ascii_parser_std.rl, src/conn_handler.c emit_stat and str2double.

import { cut, Server } from './server.js';

export class Statsite extends Server {
  constructor() {
    // A larger datagram is cut when others were waiting before it.
    super(1500);
  }

  /** Everything begins anew. */
  override flush(): void {
    this.counters.clear();
    this.gauges.clear();
    this.timers.clear();
    this.sets.clear();
  }

  protected override readLine(line: string): boolean {
    const [name, body] = cut(line, ':');
    const match = /^([^|]+)\|(?:(g|s|kv)|(c|ms|h)(?:\|@(.*))?)$/.exec(body ?? '');
    if (name === '' || match === null) return false;
    const [, text = '', plain, sampled, rateText] = match;
    if (plain === 's') {
      this.addToSet(name, text);
      return true;
    }
    const value = str2double(text);
    if (value === undefined) return false;
    if (plain === 'g') {
      if (/^[+-]/.test(text)) this.addToGauge(name, value);
      else this.gauges.set(name, value);
    } else if (sampled !== undefined) {
      const given = rateText === undefined ? 1 : (str2double(rateText) ?? 1);
      const rate = given > 0 && given <= 1 ? given : 1;
      if (sampled === 'c') this.count(name, value * (1 / rate));
      else this.time(name, value, 1, 1 / rate);
    }
    return true;
  }
}

/** What stands after the number does not matter. */
function str2double(text: string): number | undefined {
  const match = /^[+-]?\d*\.?\d*(?:e[+-]?\d+)?/i.exec(text);
  if (match === null || match[0] === '') return undefined;
  const value = Number(match[0]);
  return Number.isFinite(value) ? value : 0;
}

/** printf("%f"). */
export function statsiteOutput(value: number): string {
  return value.toFixed(6);
}

// brubeck: src/samplers/statsd.c brubeck_statsd_msg_parse, src/utils.c brubeck_ftoa.

import { cut, Server } from './server.js';

export class Brubeck extends Server {
  readonly totals = new Map<string, number>();

  constructor() {
    super(8191);
  }

  protected override readLine(line: string): boolean {
    const [name, body] = cut(line, ':');
    if (body === undefined || name.includes(' ') || name.endsWith('.')) return false;
    // A buffer of 1024 bytes for the name, the longest suffix, a value and a time.
    if (name.length > 981) throw new RangeError(`brubeck ends at a name of ${name.length} characters`);
    const match = /^(-?\+?)(\d*)(?:\.(\d*))?(e[+-]?\d+)?\|(ms|[gcCh])(?:\|@(\d*\.?\d+))?$/.exec(body);
    if (match === null) return false;
    const [, sign, whole = '', fraction = '', exponent = '', type = '', rateText] = match;
    const rate = rateText === undefined ? 1 : Number(rateText);
    if (!(rate > 0 && rate <= 1)) return false;
    const value = Number(`${whole || '0'}.${fraction || '0'}${exponent}`) * (sign === '-' ? -1 : 1);

    if (type === 'g') {
      if (sign === '') this.gauges.set(name, value);
      else this.addToGauge(name, value);
    } else if (type === 'c') {
      this.count(name, value * (1 / rate));
    } else if (type === 'C') {
      this.count(name, value - (this.totals.get(name) ?? value));
      this.totals.set(name, value);
    } else {
      this.time(name, value, 1, 1 / rate);
      const timer = this.timers.get(name)!;
      timer.count = Math.trunc(timer.count) % 2 ** 32;
    }
    return true;
  }
}

/** A number as it goes to carbon: a 32-bit float, its whole part modulo 2^32, four decimals that are cut. */
export function brubeckOutput(value: number): number {
  const float = Math.abs(Math.fround(value));
  const whole = Math.trunc(float);
  const decimals = Math.trunc((float - whole) * 10_000) / 10_000;
  return Math.sign(value) * ((whole % 2 ** 32) + decimals);
}

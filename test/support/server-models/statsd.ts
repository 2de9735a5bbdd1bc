// statsd 0.9.0: stats.js handlePacket and sanitizeKeyName, lib/helpers.js.

import { LARGEST_DATAGRAM, Server } from './server.js';

export class StatsdServer extends Server {
  constructor() {
    super(LARGEST_DATAGRAM);
  }

  protected override readLine(line: string): boolean {
    const [body = '', tagText = ''] = line.split('|#');
    const [name = '', ...bits] = body.split(':');
    const key = this.keyOf(tagText === '' ? name : `${name};${graphiteTags(tagText)}`);
    if (bits.length === 0) bits.push('1');
    let isGood = true;
    for (const bit of bits) isGood = this.#readBit(key, bit.split('|')) && isGood;
    return isGood;
  }

  protected keyOf(name: string): string {
    return sanitizeKeyName(name);
  }

  #readBit(key: string, [value = '', type, sampling]: string[]): boolean {
    if (type === undefined || (sampling !== undefined && !isSampleRate(sampling))) return false;
    if (type !== 's' && !isNumber(value)) return false;
    if (type === 'ms' && !(Number(value) >= 0)) return false;
    const rate = sampling ? rateOf(sampling) : 1;

    switch (type.trim()) {
      case 'ms':
        this.time(key, Number(value), 1, 1 / rate);
        break;
      case 'g':
        if (this.gauges.get(key) && /^[-+]/.test(value)) this.addToGauge(key, Number(value));
        else this.gauges.set(key, Number(value));
        break;
      case 's':
        // lib/set.js: keys of an object.
        if (value !== '__proto__') this.addToSet(key, value || '0');
        break;
      default:
        this.count(key, Number(value || 1) * (1 / rate));
    }
    return true;
  }
}

function graphiteTags(text: string): string {
  return text
    .split(',')
    .map((tag) => tag.replace(';', '_').replace(':', '='))
    .join(';');
}

function sanitizeKeyName(key: string): string {
  return key
    .replace(/\s+/g, '_')
    .replace(/\//g, '-')
    .replace(/[^a-zA-Z_\-0-9.;=]/g, '');
}

/** The coercion is JavaScript's: hexadecimal, exponents, white space and Infinity are numbers, too. */
function isNumber(text: string): boolean {
  return text !== '' && !Number.isNaN(Number(text));
}

function isSampleRate(text: string): boolean {
  return text.length > 1 && text.startsWith('@') && isNumber(text.slice(1)) && text[1] !== '-';
}

/** The expression takes less than the check let through, and the daemon dies of its missing match. */
function rateOf(sampling: string): number {
  const match = /^@([\d.]+)/.exec(sampling);
  if (match === null) throw new TypeError(`statsd exits at the sample rate ${sampling}`);
  return Number(match[1]);
}

// How environment variables are read as values of options. What cannot be read becomes a value that no check accepts.

import type { VariableReader } from './check-options.js';
import { type Check, expectBoolean } from './checks.js';

export const asText: VariableReader = { read: (text) => text };

/** For variables that take fewer values than the option, or whose values need not be in lower case. */
export function word(check: Check): VariableReader {
  return { read: (text) => text.toLowerCase(), check };
}

export const wholeNumber: VariableReader = {
  // Number() alone would take 0x1F and 1e3; "81z25" must not become 81.
  read: (text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN),
};

/** The words that sprockets-statsd takes for yes, their opposites, and whole numbers, of which 0 is no. */
export const flag: VariableReader = {
  read(text) {
    if (/^[+-]?\d+$/.test(text)) return Number(text) !== 0;
    if (/^(yes|y|true|t|on)$/i.test(text)) return true;
    return /^(no|n|false|f|off)$/i.test(text) ? false : undefined;
  },
  check: expectBoolean,
};

export const commaList: VariableReader = {
  read: (text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  format: 'as a list with commas',
};

/** `key=value,key2=value2`; an item without key or value is left out. */
export function pairs(separator: string | RegExp, assign: string, format: string): VariableReader {
  return {
    read(text, reject) {
      const found: [string, string][] = [];
      for (const item of text
        .split(separator)
        .map((part) => part.trim())
        .filter(Boolean)) {
        const at = item.indexOf(assign);
        const [key, value] = [item.slice(0, Math.max(at, 0)).trim(), item.slice(at + 1).trim()];
        if (key === '' || value === '') reject(item, `key${assign}value`);
        else found.push([key, value]);
      }
      // Not by assignment, which loses a key named __proto__.
      return Object.fromEntries(found);
    },
    format,
  };
}

/** The text as the one member of an object. */
export function member(key: string, prepare = (text: string): string => text): VariableReader {
  return { read: (text) => ({ [key]: prepare(text) }) };
}

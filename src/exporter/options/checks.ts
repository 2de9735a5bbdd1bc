// Checks of single values. Each returns what was expected when a value is invalid, and undefined when it is valid.
// The texts end up in error messages and warnings.

import { isPort, isSocketPath } from '../../transport/endpoint/endpoint.js';

export type Check = (value: unknown) => string | undefined;

export const expectBoolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

export const expectFunction: Check = (value) => (typeof value === 'function' ? undefined : 'a function');

export const expectPort: Check = (value) =>
  typeof value === 'number' && isPort(value) ? undefined : 'a port number from 1 to 65535';

/** A host name or address alone, without protocol, port or path. */
export const expectHost: Check = (value) =>
  typeof value === 'string' && /^[^\s/?#@]+$/.test(value) && !/^[^:]+:\d+$/.test(value)
    ? undefined
    : 'a host name or IP address without protocol or port';

export const expectPath: Check = (value) =>
  typeof value === 'string' && isSocketPath(value)
    ? undefined
    : 'an absolute path of at most 107 bytes, which is all that a socket address holds';

/** Checks only the members that are used, so that streams of other packages are accepted. */
export const expectWritable: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  'write' in value &&
  typeof value.write === 'function' &&
  'writable' in value
    ? undefined
    : 'a Writable stream';

export const expectString: Check = (value) => (typeof value === 'string' ? undefined : 'a string');

export const expectObject: Check = (value) => (isRecord(value) ? undefined : 'an object');

export const expectFalse: Check = (value) => (value === false ? undefined : 'false');

export function expectOneOf(choices: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && choices.includes(value)
      ? undefined
      : choices.map((choice) => JSON.stringify(choice)).join(' or ');
}

export function expectInteger(least: number, unit: string, most: number = Number.MAX_SAFE_INTEGER): Check {
  const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number of ${unit} ${upTo}`;
}

/** Node turns a longer timer into one of a millisecond. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

export const expectTimeout: Check = expectInteger(1, 'milliseconds', MAX_TIMER_MILLIS);

export const expectPercentileList: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'number' && item > 0 && item <= 100)
    ? undefined
    : 'a list of numbers above 0 and up to 100';

export const expectAscendingList: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item, index) => Number.isFinite(item) && (index === 0 || item > value[index - 1]))
    ? undefined
    : 'a list of finite numbers, each above the one before';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const expectStringRecord: Check = (value) =>
  isRecord(value) && Object.values(value).every((item) => typeof item === 'string')
    ? undefined
    : 'an object with string values';

export const expectStringListOrRecord: Check = (value) =>
  (Array.isArray(value) && value.every((item) => typeof item === 'string')) ||
  expectStringRecord(value) === undefined
    ? undefined
    : 'a list of attribute names, or an object from attribute name to tag name';

export const expectText: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a string that is not empty';

/** Checks only the members that are used, so that exporters of other copies of the SDK are accepted. */
export const expectExporter: Check = (value) =>
  isRecord(value) &&
  ['export', 'forceFlush', 'shutdown'].every((method) => typeof value[method] === 'function')
    ? undefined
    : 'a metric exporter';

/** Checks only the members that are used. */
export const expectMessagePort: Check = (value) =>
  isRecord(value) &&
  ['postMessage', 'on', 'off', 'unref'].every((method) => typeof value[method] === 'function')
    ? undefined
    : 'a MessagePort';

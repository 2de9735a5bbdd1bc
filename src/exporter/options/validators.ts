// Checks of single values. Each answers what was expected when a value will not do, and undefined when it
// will; the words end up in the user's terminal.

import { isPort, isSocketPath } from '../../transport/endpoint/endpoint.js';

export type Check = (value: unknown) => string | undefined;

export const isBoolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

export const isFunction: Check = (value) => (typeof value === 'function' ? undefined : 'a function');

export const isPortNumber: Check = (value) =>
  typeof value === 'number' && isPort(value) ? undefined : 'a port number from 1 to 65535';

/** A host name or address alone, without protocol, port or path. */
export const isHost: Check = (value) =>
  typeof value === 'string' && /^[^\s/?#@]+$/.test(value) && !/^[^:]+:\d+$/.test(value)
    ? undefined
    : 'a host name or IP address without protocol or port';

export const isPath: Check = (value) =>
  typeof value === 'string' && isSocketPath(value)
    ? undefined
    : 'an absolute path of at most 107 bytes, which is all that a socket address holds';

/** By what is used of it, so that streams of other packages will do. */
export const isWritable: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  'write' in value &&
  typeof value.write === 'function' &&
  'writable' in value
    ? undefined
    : 'a Writable stream';

export const isObject: Check = (value) => (isRecord(value) ? undefined : 'an object');

export const isFalse: Check = (value) => (value === false ? undefined : 'false');

export function isOneOf(choices: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && choices.includes(value)
      ? undefined
      : choices.map((choice) => JSON.stringify(choice)).join(' or ');
}

export function isWholeNumber(least: number, unit: string, most: number = Number.MAX_SAFE_INTEGER): Check {
  const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number of ${unit} ${upTo}`;
}

/** Node turns a longer timer into one of a millisecond. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

export const isTimeout: Check = isWholeNumber(1, 'milliseconds', MAX_TIMER_MILLIS);

export const isPercentileList: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'number' && item > 0 && item <= 100)
    ? undefined
    : 'a list of numbers above 0 and up to 100';

export const isAscendingList: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item, index) => Number.isFinite(item) && (index === 0 || item > value[index - 1]))
    ? undefined
    : 'a list of finite numbers, each above the one before';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isTextRecord: Check = (value) =>
  isRecord(value) && Object.values(value).every((item) => typeof item === 'string')
    ? undefined
    : 'an object with string values';

export const isTextListOrRecord: Check = (value) =>
  (Array.isArray(value) && value.every((item) => typeof item === 'string')) ||
  isTextRecord(value) === undefined
    ? undefined
    : 'a list of attribute names, or an object from attribute name to tag name';

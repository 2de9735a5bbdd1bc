import { Writable } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import {
  type Check,
  expectAscendingList,
  expectBoolean,
  expectEndpoint,
  expectExporter,
  expectFalse,
  expectFunction,
  expectHost,
  expectInteger,
  expectList,
  expectMessagePort,
  expectOneOf,
  expectPercentile,
  expectPort,
  expectRecord,
  expectString,
  expectText,
  expectTimeout,
  expectWritable,
  isStringList,
  withoutBrackets,
} from '../../../src/exporter/options/checks.js';

const fn = () => {};
const { port1 } = new MessageChannel();
port1.close();
const exporter = { export: fn, forceFlush: fn, shutdown: fn };
const port = { postMessage: fn, on: fn, off: fn, unref: fn };
const writable = { write: fn, writable: true };

/** The object without one of its members, and with one that is no function, for each of them. */
function damaged(object: Readonly<Record<string, unknown>>): object[] {
  return Object.keys(object).flatMap((name) => {
    const { [name]: _, ...rest } = object;
    return [rest, ...(typeof object[name] === 'function' ? [{ ...rest, [name]: 1 }] : [])];
  });
}

it.each<[string, Check, accepted: unknown[], refused: unknown[]]>([
  ['true or false', expectBoolean, [true, false], ['true', 0, null]],
  ['a function', expectFunction, [fn], [{}, 'fn']],
  ['a port number from 1 to 65535', expectPort, [1, 65_535], [0, 65_536, 1.5, '8125', Number.NaN]],
  ['a Writable stream', expectWritable, [new Writable(), writable], [null, fn, 'text', ...damaged(writable)]],
  ['a string', expectString, ['', 'a'], [1, null]],
  ['false', expectFalse, [false], [true, 0, undefined]],
  ['"a" or "b"', expectOneOf(['a', 'b']), ['a', 'b'], ['', 'c', ['a'], 1]],
  [
    'a whole number of bytes of at least 2',
    expectInteger(2, 'bytes'),
    [2, Number.MAX_SAFE_INTEGER],
    [1, 2.5, '3', 3n, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53],
  ],
  ['a whole number of bytes from 2 to 4', expectInteger(2, 'bytes', 4), [2, 3, 4], [1, 5, '3', 2.5]],
  [
    'a whole number of milliseconds from 1 to 2147483647',
    expectTimeout,
    [1, 2_147_483_647],
    [0, 2_147_483_648],
  ],
  ['a list of names', expectList('a list of names'), [[], ['a']], [{}, 'a', null]],
  ['an object', expectRecord('an object'), [{}], [[], null, 'a', fn]],
  ['a percentile from 1 to 100', expectPercentile, [1, 99.9, 100], [0.5, 100.1, '50', Number.NaN]],
  [
    'a list of finite numbers, each above the one before',
    expectAscendingList,
    [[0], [-1, 0, 2.5]],
    [[], [1, 1], [2, 1], [1, 2, 2], ['1'], [1, Number.POSITIVE_INFINITY], [Number.NaN], '12', {}, null],
  ],
  ['a string that is not empty', expectText, ['a'], ['', 1, ['a'], null]],
  ['a metric exporter', expectExporter, [exporter], [null, fn, [], ...damaged(exporter)]],
  ['a MessagePort', expectMessagePort, [port, port1], [null, fn, ...damaged(port)]],
  [
    'a host name or IP address without protocol or port',
    expectHost,
    ['statsd.example', '127.0.0.1', '::1', '[::1]'],
    [7, '', 'a:1', 'udp://a', 'x[::1]', '[::1]x', 'a b', 'a/b', 'a?', 'a@b', 'a\n'],
  ],
])('%s is expected of all but the values that fit', (expected, check, accepted, refused) => {
  expect([accepted.map(check), refused.map((value) => [value, check(value)])]).toEqual([
    accepted.map(() => undefined),
    refused.map((value) => [value, expected]),
  ]);
});

it.each<[unknown, string | undefined]>([
  ['udp://statsd.example', undefined],
  ['TCP://[::1]:8125', undefined],
  [7, 'a URL such as "udp://127.0.0.1:8125" or "tcp://statsd.example:8125"'],
  ['statsd.example:8125', expect.stringMatching(/^a URL that begins with udp:\/\/, tcp:\/\/, /)],
  ['a/udp://h:8125', expect.stringMatching(/^a URL that begins with udp:\/\/, tcp:\/\/, /)],
  ['udp://user@h', 'a URL without user name and password'],
  ['udp://h/path', 'a URL without path, query and fragment'],
  ['udp://h:1e3', 'a URL whose port is a number from 1 to 65535'],
  ['udp://h:0x10', 'a URL whose port is a number from 1 to 65535'],
  ['udp://h:65536', 'a URL whose port is a number from 1 to 65535'],
  ['udp://a b', 'a URL whose host is a name or an address, IPv6 addresses in brackets'],
  ['udp://::1', expect.stringMatching(/^a URL whose /)],
])('of the endpoint %j is expected: %s', (endpoint, expected) => {
  expect(expectEndpoint(endpoint)).toEqual(expected);
});

it.each([
  ['[::1]', '::1'],
  ['x[::1]', 'x[::1]'],
  ['[::1]x', '[::1]x'],
  ['::1', '::1'],
])('the host %s without brackets is %s', (host, bare) => {
  expect(withoutBrackets(host)).toBe(bare);
});

it('a list of strings holds nothing else', () => {
  expect([[], ['a'], ['a', 1], [['a']], 'a', null].map(isStringList)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  envelope,
  MAX_INTERVAL_MILLIS,
  offeredPort,
  portOffer,
  readAggregatorMessage,
  readWorkerMessage,
} from '../../../src/cluster/protocol/messages.js';

const MARK = { 'opentelemetry-exporter-statsd': 1 };

it('a message is sent with the name and the version of the protocol', () => {
  expect(envelope({ kind: 'hello' })).toEqual({ ...MARK, kind: 'hello' });
});

/** Names of one to 200 characters. */
const names = ['w', 'w'.repeat(200)];
const invalidNames = ['', 'w'.repeat(201), 1, undefined, null, {}];

describe('a message without the mark', () => {
  it.each([
    undefined,
    null,
    'hello',
    1,
    { kind: 'hello', from: 'w', secret: 's', to: 'w' },
    { 'opentelemetry-exporter-statsd': 2, kind: 'hello', from: 'w', secret: 's' },
    { 'opentelemetry-exporter-statsd': '1', kind: 'hello', from: 'w', secret: 's' },
    [MARK],
    Object.assign([], MARK),
  ])('is foreign: %j', (message) => {
    expect([readWorkerMessage(message), readAggregatorMessage(message), offeredPort(message)]).toEqual([
      'foreign',
      'foreign',
      undefined,
    ]);
  });
});

describe('a message of a worker', () => {
  const identity = { from: 'w', secret: 's' };
  const batch = { kind: 'batch', ...identity, sequence: 1, intervalMillis: 1_000, metrics: { any: 1 } };

  it.each(['hello', 'flushed', 'goodbye'])('%s is read without what does not belong to it', (kind) => {
    expect(readWorkerMessage({ ...MARK, ...batch, kind, to: 'x' })).toEqual({ kind, ...identity });
  });

  it('batch is read with its number, its interval and its metrics, which are not looked at', () => {
    expect(readWorkerMessage({ ...MARK, ...batch, to: 'x' })).toEqual(batch);
  });

  it.each([
    ...names.flatMap((name) => [{ from: name }, { secret: name }]),
    { sequence: Number.MAX_SAFE_INTEGER },
    { intervalMillis: 0 },
    { intervalMillis: 0.5 },
    { intervalMillis: MAX_INTERVAL_MILLIS },
    { metrics: undefined },
  ])('batch is accepted with %j', (changes) => {
    expect(readWorkerMessage({ ...MARK, ...batch, ...changes })).toEqual({ ...batch, ...changes });
  });

  it.each([
    { kind: 'welcome' },
    { kind: undefined },
    ...invalidNames.flatMap((name) => [{ from: name }, { secret: name }]),
    ...[0, -1, 1.5, 2 ** 53, Number.NaN, '1', undefined].map((sequence) => ({ sequence })),
    ...[-1, MAX_INTERVAL_MILLIS + 1, Number.NaN, '1000', undefined].map((intervalMillis) => ({
      intervalMillis,
    })),
  ])('is malformed with %j', (changes) => {
    expect(readWorkerMessage({ ...MARK, ...batch, ...changes })).toBe('malformed');
  });
});

describe('a message of the aggregator', () => {
  const everything = { to: 'w', aggregator: 'a', sequence: 1, accepted: false };
  const messages = [
    { kind: 'welcome', to: 'w', aggregator: 'a' },
    { kind: 'acknowledged', to: 'w', sequence: 1, accepted: false },
    { kind: 'acknowledged', to: 'w', sequence: 1, accepted: true },
    { kind: 'flush', to: 'w' },
    { kind: 'closing', to: 'w' },
  ];

  it.each(messages)('is read without what does not belong to it: %j', (message) => {
    expect(readAggregatorMessage({ ...MARK, ...everything, from: 'x', ...message })).toEqual(message);
  });

  it.each([
    { kind: 'hello', ...everything },
    { ...everything },
    ...messages.flatMap((message) => invalidNames.map((to) => ({ ...message, to }))),
    ...invalidNames.map((aggregator) => ({ kind: 'welcome', to: 'w', aggregator })),
    { kind: 'acknowledged', to: 'w', sequence: 0, accepted: true },
    { kind: 'acknowledged', to: 'w', sequence: 1, accepted: 1 },
    { kind: 'acknowledged', to: 'w', sequence: 1 },
  ])('is malformed: %j', (message) => {
    expect(readAggregatorMessage({ ...MARK, ...message })).toBe('malformed');
  });
});

describe('the offer of a port', () => {
  it('is read as the port', () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    expect(portOffer(port2)).toEqual({ ...MARK, kind: 'port', port: port2 });
    expect(offeredPort(portOffer(port2))).toBe(port2);
    expect([
      offeredPort({ ...MARK, kind: 'hello', port: port2 }),
      offeredPort({ kind: 'port', port: port2 }),
      offeredPort({ ...MARK, kind: 'port', port: {} }),
      offeredPort({ ...MARK, kind: 'port' }),
    ]).toEqual([undefined, undefined, undefined, undefined]);
  });
});

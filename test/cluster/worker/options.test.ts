import { expect, it } from 'vitest';
import { OPTIONS } from '../../../src/cluster/worker/options.js';
import { withDefaults } from '../../../src/exporter/options/check-options.js';
import { FakeExporter } from '../support/fake-exporter.js';

it('the options of a worker have defaults', () => {
  expect(withDefaults({}, OPTIONS)).toEqual({
    fallback: 'merge',
    fallbackAfterMillis: 30_000,
    aggregation: expect.any(Function),
    maxSeries: 100_000,
    maxBytes: 64 * 2 ** 20,
    shutdownTimeoutMillis: 5_000,
  });
});

it('the fallback is to merge, to drop, or an exporter', () => {
  const { check } = OPTIONS.fallback;
  const expected = '"merge" or "drop" or a metric exporter';
  expect([...['merge', 'drop', new FakeExporter()].map(check), ...['', 'keep', {}, null].map(check)]).toEqual(
    [...Array(3).fill(undefined), ...Array(4).fill(expected)],
  );
});

it('each of the other options is checked', () => {
  const wrong = {
    ...{ port: {}, path: 'a', channel: 1, instance: '', fallbackAfterMillis: 0, collect: 1, aggregation: 1 },
    ...{ maxSeries: 0, maxBytes: 0, flushTimeoutMillis: 0, shutdownTimeoutMillis: 0 },
  };
  const accepted = Object.entries(wrong).filter(
    ([option, value]) => OPTIONS[option as keyof typeof wrong].check(value) === undefined,
  );
  expect([accepted, OPTIONS.maxSeries.check(0), OPTIONS.maxBytes.check(0)]).toEqual([
    [],
    'a whole number of series of at least 1',
    'a whole number of bytes of at least 1',
  ]);
});

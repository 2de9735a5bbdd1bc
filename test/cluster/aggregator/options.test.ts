import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../../src/cluster/aggregator/options.js';
import { withDefaults } from '../../../src/exporter/options/check-options.js';
import { pretendPlatform } from '../../support/platform.js';
import { FakeExporter } from '../support/fake-exporter.js';

/** Whether each of the values is valid. */
const areValid = (option: 'gauges' | 'listen', values: readonly unknown[]): boolean[] =>
  values.map((value) => OPTIONS[option].check(value) === undefined);

it('the options of an aggregator have defaults', () => {
  const exporter = new FakeExporter();
  expect(withDefaults({ exporter }, OPTIONS)).toEqual({
    exporter,
    exportIntervalMillis: 10_000,
    exportTimeoutMillis: 30_000,
    instanceAttribute: 'service.instance.id',
    cluster: true,
    maxSeries: 100_000,
    maxBytes: 64 * 2 ** 20,
    shutdownTimeoutMillis: 5_000,
  });
});

it('rules of gauges are one rule, a rule for each name, or a function', () => {
  expect(areValid('gauges', ['sum', 'perWorker', {}, { a: 'max', 'b.*': 'last' }, () => 'min'])).toEqual(
    Array(5).fill(true),
  );
  expect(areValid('gauges', ['most', '', 1, null, [], ['sum'], { a: 'max', b: 'most' }])).toEqual(
    Array(7).fill(false),
  );
});

it('limits are whole numbers', () => {
  expect([OPTIONS.maxSeries.check(0), OPTIONS.maxBytes.check(0)]).toEqual([
    'a whole number of series of at least 1',
    'a whole number of bytes of at least 1',
  ]);
});

describe('where to listen, on Linux', () => {
  pretendPlatform('linux');

  it('is a path, and may have the id of a group', () => {
    const path = '/run/app.sock';
    expect(areValid('listen', [{ path }, { path, group: 0 }, { path, group: 2 ** 32 - 2 }])).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      areValid('listen', [
        ...[path, null, [], {}, { path: 'relative' }, { group: 0 }, { path: 'relative', group: 0 }],
        ...[
          { path, group: -1 },
          { path, group: 2 ** 32 - 1 },
          { path, group: 'staff' },
          { path, mode: 1 },
        ],
      ]),
    ).toEqual(Array(11).fill(false));
  });
});

describe('where to listen, on Windows', () => {
  pretendPlatform('win32');
  const path = '\\\\.\\pipe\\app';

  it('is a named pipe, which has no group', () => {
    expect([
      OPTIONS.listen.check({ path }),
      OPTIONS.listen.check({ path, group: 1 }),
      areValid('listen', [{ path: '/run/app.sock' }, { path: '/run/app.sock', group: 1 }]),
    ]).toEqual([undefined, 'an object with path alone, because a named pipe has no group', [false, false]]);
    expect(OPTIONS.listen.check({ path: path.padEnd(300, 'x'), group: 1 })).toBe(
      'an object with path, a named pipe such as \\\\.\\pipe\\statsd, because Windows has no socket files for Node.js, ' +
        'and optionally group, the id of a group',
    );
  });
});

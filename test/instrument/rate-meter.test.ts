import { createNoopMeter } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { createRateMeter } from '../../src/instrument.js';
import { logged, NAMESPACE } from './support/logged.js';
import { sdk } from './support/sdk.js';

const NOTHING = {};

describe('a rate meter', () => {
  const log = logged();

  it('describes its instruments, by its name if nothing else is given', () => {
    const created: unknown[] = [];
    const create = (...args: unknown[]) => void created.push(args);
    const meter = {
      ...createNoopMeter(),
      createCounter: create,
      createObservableGauge: create,
      addBatchObservableCallback() {},
      removeBatchObservableCallback() {},
    };
    createRateMeter(meter as never, 'plain');
    createRateMeter(meter as never, 'logins', { unit: '{login}', description: 'Logins' });
    expect(created).toStrictEqual([
      ['plain', {}],
      ['plain.m1_rate', { description: 'plain, per second over 1 min', unit: '1/s' }],
      ['plain.m5_rate', { description: 'plain, per second over 5 min', unit: '1/s' }],
      ['plain.m15_rate', { description: 'plain, per second over 15 min', unit: '1/s' }],
      ['logins', { description: 'Logins', unit: '{login}' }],
      ['logins.m1_rate', { description: 'Logins, per second over 1 min', unit: '{login}/s' }],
      ['logins.m5_rate', { description: 'Logins, per second over 5 min', unit: '{login}/s' }],
      ['logins.m15_rate', { description: 'Logins, per second over 15 min', unit: '{login}/s' }],
    ]);
  });

  it('logs once what cannot be counted; 0 events and a null for no attributes are no mistake', () => {
    const logins = createRateMeter(sdk().meter, 'logins');
    logins.mark(0);
    logins.mark(1, null as never);
    expect(log).toEqual([]);
    logins.mark(-5);
    logins.mark(-5);
    expect(log).toEqual([[NAMESPACE, 'a rate meter cannot count a negative number; it is ignored']]);
  });

  it.each<[unknown, string]>([
    ['3', 'a measurement must be a finite number, not string; it is ignored'],
    [Number.POSITIVE_INFINITY, 'a measurement must be a finite number, not Infinity; it is ignored'],
  ])('logs that %j is no number of events', (count, line) => {
    createRateMeter(sdk().meter, 'logins').mark(count as number);
    expect(log).toEqual([[NAMESPACE, line]]);
  });

  it('is a counter and three gauges of its rate per second', async () => {
    const { meter, points } = sdk();
    let now = 0;
    const logins = createRateMeter(meter, 'logins', { unit: '{login}', now: () => now });
    logins.mark();
    logins.mark(9);
    now = 5_000;
    expect(await points()).toEqual([
      ['logins', '{login}', [[NOTHING, 10]]],
      ['logins.m15_rate', '{login}/s', [[NOTHING, 2]]],
      ['logins.m1_rate', '{login}/s', [[NOTHING, 2]]],
      ['logins.m5_rate', '{login}/s', [[NOTHING, 2]]],
    ]);
  });

  it('reports a rate of 0 until something happens', async () => {
    const { meter, points } = sdk();
    createRateMeter(meter, 'logins');
    expect(await points()).toEqual([
      ['logins.m15_rate', '1/s', [[NOTHING, 0]]],
      ['logins.m1_rate', '1/s', [[NOTHING, 0]]],
      ['logins.m5_rate', '1/s', [[NOTHING, 0]]],
    ]);
  });

  it('counts the time between creation and the first mark as without events', async () => {
    const { meter, points } = sdk();
    let now = 0;
    const logins = createRateMeter(meter, 'logins', { now: () => now });
    now = 3_600_000;
    logins.mark(10);
    now += 5_000;
    const rates = (await points()).slice(1).map(([name, , [point]]) => [name, point?.[1]]);
    const step = (seconds: number) => expect.closeTo(2 * (1 - Math.exp(-5 / seconds)), 12);
    expect(rates).toEqual([
      ['logins.m15_rate', step(900)],
      ['logins.m1_rate', step(60)],
      ['logins.m5_rate', step(300)],
    ]);
  });

  it('has rates for each attribute set, whatever the key order and later changes of the object', async () => {
    const { meter, points } = sdk();
    let now = 0;
    const logins = createRateMeter(meter, 'logins', { now: () => now });
    const attributes = { method: 'passkey', region: 'eu' };
    logins.mark(5, attributes);
    attributes.region = 'us';
    logins.mark(5, { region: 'eu', method: 'passkey' });
    logins.mark(5, { method: 1 });
    logins.mark(10, { method: '1' });
    now = 5_000;
    const [, m15, m1, m5] = await points();
    const expected = [
      [{ method: 'passkey', region: 'eu' }, 2],
      [{ method: 1 }, 1],
      [{ method: '1' }, 2],
    ];
    expect([m15?.[2], m1?.[2], m5?.[2]]).toEqual([expected, expected, expected]);
  });

  it('treats marks without attributes and with an empty object alike', async () => {
    const { meter, points } = sdk();
    let now = 0;
    const logins = createRateMeter(meter, 'logins', { now: () => now });
    logins.mark(5);
    logins.mark(5, {});
    now = 5_000;
    const [, m15] = await points();
    expect(m15?.[2]).toEqual([[NOTHING, 2]]);
  });

  it('keeps at most 2,000 attribute sets, the last for all others, as the SDK does', async () => {
    const { meter, points } = sdk();
    let now = 0;
    const requests = createRateMeter(meter, 'requests', { now: () => now });
    for (let user = 0; user < 2_010; user += 1) requests.mark(5, { user });
    now = 5_000;
    const [, m15] = await points();
    const series = m15?.[2] ?? [];
    expect([series.length, series[0], series[1_998], series[1_999]]).toEqual([
      2_000,
      [{ user: 0 }, 1],
      [{ user: 1_998 }, 1],
      [{ 'otel.metric.overflow': true }, 11],
    ]);
  });

  it('ignores values that cannot be counted', async () => {
    const { meter, points } = sdk();
    let now = 0;
    const logins = createRateMeter(meter, 'logins', { now: () => now });
    logins.mark(5);
    logins.mark(-5);
    logins.mark(Number.NaN, { broken: true });
    logins.mark(Number.POSITIVE_INFINITY, { broken: true });
    now = 5_000;
    const [, m15] = await points();
    expect(m15?.[2]).toEqual([[NOTHING, 1]]);
  });

  it('uses the given name suffixes', async () => {
    const { meter, points } = sdk();
    const suffixes = { total: '.total', m1: '.rate1', m5: '.rate5', m15: '.rate15' };
    createRateMeter(meter, 'logins', { suffixes }).mark();
    expect((await points()).map(([name]) => name)).toEqual([
      'logins.rate1',
      'logins.rate15',
      'logins.rate5',
      'logins.total',
    ]);
  });

  it.each(['remove', Symbol.dispose] as const)('reports no rates after %s, but counts on', async (way) => {
    const { meter, points } = sdk();
    const logins = createRateMeter(meter, 'logins');
    logins.mark();
    logins[way]();
    logins.mark();
    expect(await points()).toEqual([['logins', '', [[NOTHING, 2]]]]);
  });

  it('works without an SDK', () => {
    const logins = createRateMeter(createNoopMeter(), 'logins');
    logins.mark();
    expect(logins.remove()).toBeUndefined();
  });
});

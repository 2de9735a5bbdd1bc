import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { mergeAttributes, resolveAttributes } from '../../src/instrument/attributes.js';
import { warnOnce } from '../../src/instrument/log-once.js';
import { RateSeries } from '../../src/instrument/rate-series.js';
import { logged, NAMESPACE } from './support/logged.js';

describe('attributes', () => {
  const log = logged();

  it.each<[unknown, string]>([
    [null, 'null'],
    ['text', 'string'],
    [5, 'number'],
    [() => ({}), 'function'],
  ])('that are %o are none, and that is logged once', (value, kind) => {
    const instrument = {};
    const line = [NAMESPACE, `attributes must be an object, not ${kind}`];
    expect([
      mergeAttributes(instrument, { a: 1 }, value as Attributes),
      resolveAttributes(instrument, () => value as Attributes),
      log,
    ]).toEqual([{ a: 1 }, undefined, [line]]);
  });

  it('that are undefined are none, which is no mistake', () => {
    expect([
      mergeAttributes({}, undefined, { a: 1 }),
      resolveAttributes({}, () => undefined as never),
      log,
    ]).toEqual([{ a: 1 }, undefined, []]);
  });

  it('that cannot be read are none, and that is logged', () => {
    const mistake = new Error('no id');
    const attributes: Attributes = {
      get id(): string {
        throw mistake;
      },
    };
    expect([mergeAttributes({}, attributes), log]).toEqual([
      undefined,
      [[NAMESPACE, 'attributes could not be read; recording without them', mistake]],
    ]);
  });
});

describe('a fault', () => {
  const log = logged();

  it('is logged once for each instrument, also for one that is a function, and once where there is none', () => {
    const instruments = [{}, () => {}, () => {}];
    for (const instrument of [...instruments, ...instruments, null, undefined, 'text'])
      warnOnce(instrument, 'odd');
    expect(log).toEqual([1, 2, 3, 4].map(() => [NAMESPACE, 'odd']));
  });
});

describe('rates by attributes', () => {
  it('of more than 2,000 sets are those of the last set, which is marked as an overflow', () => {
    const series = new RateSeries(0);
    for (let user = 0; user < 2_010; user += 1) series.mark(5, { user }, 0);
    const all = series.all(5_000);
    expect([all.length, all[1_998], all[1_999]]).toEqual([
      2_000,
      { rates: { m1: 1, m5: 1, m15: 1 }, attributes: { user: 1_998 } },
      { rates: { m1: 11, m5: 11, m15: 11 }, attributes: { 'otel.metric.overflow': true } },
    ]);
  });
});

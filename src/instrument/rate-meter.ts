// Events as a counter and as moving rates, for dashboards and alerts without a query language.

import type {
  Attributes,
  BatchObservableCallback,
  BatchObservableResult,
  Counter,
  Meter,
  MetricOptions,
  Observable,
  ObservableGauge,
} from '@opentelemetry/api';
import { mergeAttributes } from './attributes.js';
import {
  A_NAME,
  checkArguments,
  having,
  OPTIONAL_FUNCTION,
  OPTIONAL_TEXT,
  OPTIONS,
} from './check-arguments.js';
import { type Now, safeClock } from './duration.js';
import { warnOnce } from './log-once.js';
import type { Rates } from './moving-rates.js';
import { RateSeries } from './rate-series.js';
import { addSafely } from './record-safely.js';

/** The part of a `Meter` that a rate meter uses. */
export interface RateMeterFactory {
  createCounter(name: string, options?: MetricOptions): Pick<Counter, 'add'>;
  createObservableGauge(name: string, options?: MetricOptions): ObservableGauge;
  addBatchObservableCallback: Meter['addBatchObservableCallback'];
  removeBatchObservableCallback: Meter['removeBatchObservableCallback'];
}

export interface RateMeterOptions {
  /** Unit of the counter, such as `{request}`; the rates have this unit per second. */
  readonly unit?: string | undefined;
  readonly description?: string | undefined;
  /** Suffixes of the metric names. Default: none for the total, `.m1_rate`, `.m5_rate`, `.m15_rate`. */
  readonly suffixes?: Partial<Record<'total' | keyof Rates, string>> | undefined;
  /** The clock, in milliseconds. Default `performance.now`. */
  readonly now?: Now | undefined;
}

export interface RateMeter {
  /** Counts events. Each attribute set has its own rates, up to 2,000 sets. */
  mark(count?: number, attributes?: Attributes): void;
  /** Stops reporting rates; the counter continues. */
  remove(): void;
  /** Removes, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Creates a counter and three gauges: events per second as exponentially weighted averages over the last 1, 5 and 15
 * minutes. The averages are updated every 5 seconds and are 0 for the first 5.
 *
 * @example
 * const logins = createRateMeter(meter, 'logins', { unit: '{login}' });
 * logins.mark();
 * logins.mark(1, { 'login.method': 'passkey' });
 * // logins, logins.m1_rate, logins.m5_rate, logins.m15_rate
 */
export function createRateMeter(
  meter: RateMeterFactory,
  name: string,
  options: RateMeterOptions = {},
): RateMeter {
  checkRateMeter(meter, name, options);
  const { unit, description, suffixes = {} } = options;
  const about = description === undefined ? {} : { description };
  const counter = meter.createCounter(name + (suffixes.total ?? ''), {
    ...about,
    ...(unit !== undefined && { unit }),
  });
  const gauge = (suffix: string, minutes: number): ObservableGauge =>
    meter.createObservableGauge(name + suffix, {
      description: `${description ?? name}, per second over ${minutes} min`,
      unit: `${unit ?? '1'}/s`,
    });
  const gauges = {
    m1: gauge(suffixes.m1 ?? '.m1_rate', 1),
    m5: gauge(suffixes.m5 ?? '.m5_rate', 5),
    m15: gauge(suffixes.m15 ?? '.m15_rate', 15),
  };
  const now = safeClock(counter, options.now);
  const series = new RateSeries(now());

  const observe: BatchObservableCallback = (result: BatchObservableResult) => {
    for (const { rates, attributes } of series.all(now())) {
      result.observe(gauges.m1, rates.m1, attributes);
      result.observe(gauges.m5, rates.m5, attributes);
      result.observe(gauges.m15, rates.m15, attributes);
    }
  };
  const observed: Observable[] = Object.values(gauges);
  meter.addBatchObservableCallback(observe, observed);
  const remove = (): void => meter.removeBatchObservableCallback(observe, observed);

  return {
    mark(count = 1, attributes) {
      if (typeof count === 'number' && count < 0)
        return warnOnce(counter, 'a rate meter cannot count a negative number; it is ignored');
      // A null of JavaScript code means none; attributes are copied once so that counter and rates agree on them.
      const copy = attributes == null ? undefined : mergeAttributes(counter, attributes);
      // The rates ignore what the counter ignored.
      if (addSafely(counter, count, copy)) series.mark(count, copy, now());
    },
    remove,
    [Symbol.dispose]: remove,
  };
}

const A_METER = having(
  'a meter',
  'createCounter',
  'createObservableGauge',
  'addBatchObservableCallback',
  'removeBatchObservableCallback',
);

function checkRateMeter(meter: RateMeterFactory, name: string, options: RateMeterOptions): void {
  const { total, m1, m5, m15 } = options?.suffixes ?? {};
  checkArguments('createRateMeter', {
    'the first argument': [meter, A_METER],
    'the second argument': [name, A_NAME],
    options: [options, OPTIONS],
    'options.unit': [options?.unit, OPTIONAL_TEXT],
    'options.description': [options?.description, OPTIONAL_TEXT],
    'options.suffixes': [options?.suffixes, OPTIONS],
    'options.suffixes.total': [total, OPTIONAL_TEXT],
    'options.suffixes.m1': [m1, OPTIONAL_TEXT],
    'options.suffixes.m5': [m5, OPTIONAL_TEXT],
    'options.suffixes.m15': [m15, OPTIONAL_TEXT],
    'options.now': [options?.now, OPTIONAL_FUNCTION],
  });
}

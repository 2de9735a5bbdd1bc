// Events as a counter and as rates that are ready to look at, for dashboards and alerts without a query language.

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
import { type Now, systemNow } from './duration.js';
import type { Rates } from './moving-rates.js';
import { RateSeries } from './rate-series.js';

/** What a rate meter needs of a `Meter`. */
export interface RateMeterFactory {
  createCounter(name: string, options?: MetricOptions): Pick<Counter, 'add'>;
  createObservableGauge(name: string, options?: MetricOptions): ObservableGauge;
  addBatchObservableCallback: Meter['addBatchObservableCallback'];
  removeBatchObservableCallback: Meter['removeBatchObservableCallback'];
}

export interface RateMeterOptions {
  /** What is counted, such as `{request}`; the rates are in this per second. */
  readonly unit?: string | undefined;
  readonly description?: string | undefined;
  /** What is put after the name. Default: nothing for the total, `.m1_rate`, `.m5_rate`, `.m15_rate`. */
  readonly suffixes?: Partial<Record<'total' | keyof Rates, string>> | undefined;
  /** The clock, in milliseconds. Default `performance.now`. */
  readonly now?: Now | undefined;
}

export interface RateMeter {
  /** Counts events. Each set of attributes has rates of its own, up to 2,000 sets. */
  mark(count?: number, attributes?: Attributes): void;
  /** Ends the rates; the counter goes on. */
  remove(): void;
  /** Removes, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Makes a counter and three gauges: its events per second, averaged over the last 1, 5 and 15 minutes so that recent
 * ones weigh more. The averages move every 5 seconds; before the first 5 are over they are 0.
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
  { unit, description, suffixes = {}, now = systemNow }: RateMeterOptions = {},
): RateMeter {
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
      counter.add(count, attributes);
      // The SDK ignores what cannot be counted, and says so; a rate must not remember it either.
      if (count >= 0 && count < Infinity) series.mark(count, attributes, now());
    },
    remove,
    [Symbol.dispose]: remove,
  };
}

// Counts distinct values, such as the users that were active.

import type { Attributes, Counter, MetricOptions } from '@opentelemetry/api';
import { distinctUnit } from '../mapping/sets.js';
import { mergeAttributes } from './attributes.js';
import { A_NAME, checkArguments, having, OPTIONAL_TEXT, OPTIONS, optional } from './check-arguments.js';
import { warnOnce } from './log-once.js';
import { addSafely } from './record-safely.js';

/** The part of a `Meter` that a distinct counter uses. */
export interface DistinctCounterFactory {
  createCounter(name: string, options?: MetricOptions): Pick<Counter, 'add'>;
}

export interface DistinctCounterOptions {
  /** The attribute that holds the value. Default `value`. */
  readonly attribute?: string | undefined;
  readonly description?: string | undefined;
}

export interface DistinctCounter {
  /** Counts a value. The server counts equal values of one interval once, from whichever process they come. */
  add(value: string | number | boolean, attributes?: Attributes): void;
}

/**
 * Creates a counter of distinct values. `StatsdExporter` sends each value as `<name>:<value>|s` to servers that have
 * sets, without any option, and elsewhere the counter without the values. For other exporters it is a counter with the
 * value as an attribute. Without a view the SDK keeps 2,000 series, so as many distinct values, per export.
 *
 * @example
 * const visitors = createDistinctCounter(meter, 'shop.visitors', { attribute: 'user.id' });
 * visitors.add(user.id);
 * visitors.add(user.id, { country: 'fi' });
 */
export function createDistinctCounter(
  meter: DistinctCounterFactory,
  name: string,
  options: DistinctCounterOptions = {},
): DistinctCounter {
  checkArguments('createDistinctCounter', {
    'the first argument': [meter, A_METER],
    'the second argument': [name, A_NAME],
    options: [options, OPTIONS],
    'options.attribute': [options?.attribute, OPTIONAL_ATTRIBUTE],
    'options.description': [options?.description, OPTIONAL_TEXT],
  });
  const { attribute = 'value', description } = options;
  const counter = meter.createCounter(name, {
    unit: distinctUnit(attribute),
    ...(description !== undefined && { description }),
  });
  return {
    add(value, attributes) {
      if (!isValue(value)) return warnOnce(counter, `a distinct value must be ${VALUE}; it is ignored`);
      const others = attributes == null ? undefined : mergeAttributes(counter, attributes);
      addSafely(counter, 1, { ...others, [attribute]: value });
    },
  };
}

const A_METER = having('a meter', 'createCounter');

/** An instrument's unit, of which the attribute is a part, has at most 63 characters (OpenTelemetry metrics API). */
const OPTIONAL_ATTRIBUTE = optional(
  'a name of at most 50 characters without braces',
  (value) => typeof value === 'string' && /^[^{}]{1,50}$/.test(value),
);

const VALUE = 'a text that is not empty, a finite number or a boolean';

function isValue(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'boolean' || Number.isFinite(value);
}

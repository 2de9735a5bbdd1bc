// Instruments as class properties, named after the class that reads them: each subclass has its own, and a base class
// that records nothing creates no metric.

import {
  type Counter,
  createNoopMeter,
  type Gauge,
  type Histogram,
  type Meter,
  type MetricOptions,
  metrics,
  type UpDownCounter,
} from '@opentelemetry/api';
import {
  type Arguments,
  checkArguments,
  type Expectation,
  having,
  isFunction,
  isObject,
} from './check-arguments.js';
import { warn } from './log-once.js';
import { createRateMeter, type RateMeter, type RateMeterOptions } from './rate-meter.js';

type BasicInstrument = MetricOptions & {
  readonly type: 'counter' | 'upDownCounter' | 'gauge' | 'histogram';
  /** `{class}` stands for the name of the class. */
  readonly name: string;
};

type RateMeterInstrument = RateMeterOptions & { readonly type: 'rateMeter'; readonly name: string };

export type MeteredInstrument = BasicInstrument | RateMeterInstrument;

export type MeteredInstruments = Readonly<Record<string, MeteredInstrument>>;

/** The properties that a class gets. */
export type Metered<Instruments extends MeteredInstruments> = {
  readonly [Property in keyof Instruments]: InstrumentsByType[Instruments[Property]['type']];
};

interface InstrumentsByType {
  readonly counter: Counter;
  readonly upDownCounter: UpDownCounter;
  readonly gauge: Gauge;
  readonly histogram: Histogram;
  readonly rateMeter: RateMeter;
}

type Class = abstract new (...args: never[]) => object;

/**
 * A class decorator, standard or legacy, or a function to call with a class. The properties exist on the class and on
 * its instances. Each creates its instrument when it is first read, for the class that reads it.
 *
 * Declare the properties with `declare` for TypeScript: a decorator cannot change the type of a class, and a field
 * without `declare` would hide the property.
 *
 * @param meter the meter, or a function that returns it, called on first use. Default: a meter of the global provider
 *
 * @example
 * @metered({ latency: { type: 'histogram', name: 'my.http.{class}.latency', unit: 's' } })
 * class Handler {
 *   declare readonly latency: Histogram;
 * }
 * class Login extends Handler {}
 * new Login().latency.record(0.2); // my.http.Login.latency
 */
export function metered<const Instruments extends MeteredInstruments>(
  instruments: Instruments,
  meter: Meter | (() => Meter) = globalMeter,
): <C extends Class>(target: C, context?: ClassDecoratorContext<C>) => C & Metered<Instruments> {
  checkMetered(instruments, meter);

  return (target, context) => {
    const properties = Object.entries(instruments).map(([property, instrument]) => ({
      property,
      get: perClass((concrete) =>
        createSafely(
          () => createInstrument(typeof meter === 'function' ? meter() : meter, instrument, concrete),
          () => createInstrument(createNoopMeter(), instrument, concrete),
        ),
      ),
    }));
    const define = (): void => {
      for (const { property, get } of properties) {
        defineGetter(target, property, (receiver) => get(classOr(target, receiver)));
        defineGetter(target.prototype, property, (receiver) => get(classOr(target, receiver.constructor)));
      }
    };
    define();
    // A static field declared without `declare` is defined later and would hide the property.
    context?.addInitializer(define);
    return target as typeof target & Metered<Instruments>;
  };
}

/** Memoizes by class, without keeping the class alive. */
function perClass(make: (concrete: Class) => unknown): (concrete: Class) => unknown {
  const made = new WeakMap<Class, unknown>();
  return (concrete) => {
    if (!made.has(concrete)) made.set(concrete, make(concrete));
    return made.get(concrete);
  };
}

function globalMeter(): Meter {
  return metrics.getMeter('opentelemetry-exporter-statsd/instrument');
}

const TYPES: readonly unknown[] = ['counter', 'upDownCounter', 'gauge', 'histogram', 'rateMeter'];
const A_TYPE: Expectation = {
  text: `one of ${TYPES.map((type) => `"${type}"`).join(', ')}`,
  fits: (value) => TYPES.includes(value),
};
const A_NAME: Expectation = { text: 'a name', fits: (value) => typeof value === 'string' && value !== '' };
const A_METER: Expectation = {
  text: 'a meter or a function that returns one',
  fits: (value) => isFunction(value) || having('', 'createCounter').fits(value),
};

/** Throws one TypeError: what is wrong here would otherwise be found at the first use of a property. */
function checkMetered(instruments: MeteredInstruments, meter: unknown): void {
  checkArguments('metered', {
    'the first argument': [instruments, { text: 'an object', fits: isObject }],
    'the meter': [meter, A_METER],
  });
  checkArguments(
    'metered',
    Object.fromEntries(
      Object.entries(instruments).flatMap(([property, instrument]): [string, Arguments[string]][] => [
        [`${property}.type`, [instrument?.type, A_TYPE]],
        [`${property}.name`, [instrument?.name, A_NAME]],
      ]),
    ),
  );
  for (const { name } of Object.values(instruments)) checkTemplate(name);
}

/** The read of a property must not throw into the app. */
function createSafely(create: () => unknown, createNoop: () => unknown): unknown {
  try {
    return create();
  } catch (error) {
    warn('metered: an instrument could not be created; what it records is lost', [error]);
    return createNoop();
  }
}

function checkTemplate(name: string): void {
  const [unknown] = name.replaceAll('{class}', '').match(/\{[^}]*\}?|\}/) ?? [];
  if (unknown !== undefined) {
    throw new TypeError(`metered: the name "${name}" has "${unknown}"; only {class} can be filled in`);
  }
}

interface Receiver {
  readonly constructor?: unknown;
}

function defineGetter(target: object, property: string, get: (receiver: Receiver) => unknown): void {
  Object.defineProperty(target, property, {
    configurable: true,
    enumerable: false,
    get(this: Receiver) {
      return get(this);
    },
  });
}

function classOr(fallback: Class, candidate: unknown): Class {
  return typeof candidate === 'function' ? (candidate as Class) : fallback;
}

function createInstrument(
  meter: Meter,
  { type, name: template, ...options }: MeteredInstrument,
  of: Class,
): unknown {
  const name = template.replaceAll('{class}', legalClassName(of.name));
  switch (type) {
    case 'counter':
      return meter.createCounter(name, options as MetricOptions);
    case 'upDownCounter':
      return meter.createUpDownCounter(name, options as MetricOptions);
    case 'gauge':
      return meter.createGauge(name, options as MetricOptions);
    case 'histogram':
      return meter.createHistogram(name, options as MetricOptions);
    case 'rateMeter':
      return createRateMeter(meter, name, options as RateMeterOptions);
  }
}

/** Class names may contain characters that instrument names may not (OTel metrics API, "Instrument name syntax"). */
function legalClassName(name: string): string {
  return name === '' ? 'anonymous' : name.replace(/[^A-Za-z0-9_]/g, '_');
}

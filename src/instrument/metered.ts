// Instruments as properties of a class, named after the class that asks: every subclass has its own, and a base class
// that records nothing leaves no metric behind.

import {
  type Counter,
  type Gauge,
  type Histogram,
  type Meter,
  type MetricOptions,
  metrics,
  type UpDownCounter,
} from '@opentelemetry/api';
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
 * A class decorator, standard or legacy, or a function to call with a class. The properties are there on the class and
 * on its instances, and make their instrument when they are first read, for the class that reads them.
 *
 * TypeScript must be told of them with `declare`, as a decorator cannot change the type of a class; a field without it
 * would hide the property.
 *
 * @param meter the meter, or a function called when it is first needed. Default: one of the global meter provider
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
  for (const { name } of Object.values(instruments)) checkTemplate(name);

  return (target, context) => {
    const properties = Object.entries(instruments).map(([property, instrument]) => ({
      property,
      get: perClass((concrete) =>
        createInstrument(typeof meter === 'function' ? meter() : meter, instrument, concrete),
      ),
    }));
    const define = (): void => {
      for (const { property, get } of properties) {
        defineGetter(target, property, (receiver) => get(classOr(target, receiver)));
        defineGetter(target.prototype, property, (receiver) => get(classOr(target, receiver.constructor)));
      }
    };
    define();
    // A static field declared without `declare` comes later and would hide the property.
    context?.addInitializer(define);
    return target as typeof target & Metered<Instruments>;
  };
}

/** What is made for a class is made once, and given up with the class. */
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

function checkTemplate(name: string): void {
  const [unknown] = name.replaceAll('{class}', '').match(/\{[^}]*\}?|\}/) ?? [];
  if (unknown !== undefined) {
    throw new TypeError(`metered: the name "${name}" has "${unknown}", but only {class} is filled in`);
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

/** Class names may hold what the names of instruments may not (OTel metrics API spec, "Instrument name syntax"). */
function legalClassName(name: string): string {
  return name === '' ? 'anonymous' : name.replace(/[^A-Za-z0-9_]/g, '_');
}

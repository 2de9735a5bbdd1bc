// An app's instruments, and beside them what was recorded in them: the truth that a server's report is held against.
import type { Counter, Gauge, Histogram, Meter, MetricOptions, UpDownCounter } from '@opentelemetry/api';
import { attributeText } from '../../../src/mapping/tags/attribute-text.js';
import type { AttributeRecord } from '../../../src/mapping/tags/tags.js';

export interface TrueSeries {
  readonly attributes: AttributeRecord;
  /** A counter's total or a gauge's last value. */
  value: number;
}

export interface TrueHistogram {
  readonly unit: string;
  readonly values: number[];
  /** How often each value was recorded. */
  readonly times: number;
}

/** By metric name, then by attributes. */
export type TrueMetrics = Map<string, Map<string, TrueSeries>>;

export class Ledger {
  readonly counters: TrueMetrics = new Map();
  readonly gauges: TrueMetrics = new Map();
  /** By metric name, the texts of the distinct values. */
  readonly sets = new Map<string, Set<string>>();
  readonly histograms = new Map<string, TrueHistogram>();
  readonly #meter: Meter;
  readonly #instruments = new Map<string, Counter | UpDownCounter | Gauge | Histogram>();

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  count(name: string, value: number, attributes: AttributeRecord = {}, unit = ''): void {
    this.#instrument(name, () => this.#meter.createCounter(name, { unit })).add(value, attributes as never);
    series(this.counters, name, attributes).value += value;
  }

  /** Values of an attribute; the counter has one for each call. */
  distinct(name: string, attribute: string, values: readonly unknown[]): void {
    const counter = this.#instrument(name, () => this.#meter.createCounter(name));
    for (const value of values) counter.add(1, { [attribute]: value } as never);
    series(this.counters, name, {}).value += values.length;
    this.sets.set(name, new Set(values.map(attributeText)));
  }

  upDown(name: string, value: number, attributes: AttributeRecord = {}): void {
    this.#instrument(name, () => this.#meter.createUpDownCounter(name)).add(value, attributes as never);
    series(this.gauges, name, attributes).value += value;
  }

  gauge(name: string, value: number, attributes: AttributeRecord = {}, unit = ''): void {
    this.#instrument(name, () => this.#meter.createGauge(name, { unit })).record(value, attributes as never);
    series(this.gauges, name, attributes).value = value;
  }

  record(name: string, unit: string, values: readonly number[]): void {
    const options: MetricOptions = { unit };
    // The SDK refuses values below zero in histogram instruments; views make histograms of others.
    const create = values.some((value) => value < 0) ? 'createGauge' : 'createHistogram';
    const histogram = this.#instrument(name, () => this.#meter[create](name, options));
    const truth = this.histograms.get(name) ?? { unit, values: [], times: 1 };
    this.histograms.set(name, truth);
    for (const value of values) {
      histogram.record(value);
      truth.values.push(value);
    }
  }

  #instrument<Kind extends Counter | UpDownCounter | Gauge | Histogram>(
    name: string,
    create: () => Kind,
  ): Kind {
    const instrument = (this.#instruments.get(name) as Kind | undefined) ?? create();
    this.#instruments.set(name, instrument);
    return instrument;
  }
}

function series(metrics: TrueMetrics, name: string, attributes: AttributeRecord): TrueSeries {
  const all = metrics.get(name) ?? new Map<string, TrueSeries>();
  metrics.set(name, all);
  const identity = JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  const found = all.get(identity) ?? { attributes, value: 0 };
  all.set(identity, found);
  return found;
}

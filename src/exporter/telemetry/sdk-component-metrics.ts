// The exporter's own metrics, by the semantic conventions for SDK components (status: development).
// They are recorded during an export and collected with the next one, so they never cause an export.

import {
  type Attributes,
  type Counter,
  createNoopMeter,
  type Histogram,
  type MeterProvider,
  type UpDownCounter,
} from '@opentelemetry/api';
import { monotonicNow } from '../../runtime/timers.js';
import type { Destination } from '../../transport/endpoint/destination.js';

const SCOPE = 'opentelemetry-exporter-statsd';

/** The conventions name no type for StatsD; this follows the form of those they name. */
const COMPONENT_TYPE = 'statsd_metric_exporter';

/** Number of exporters so far, shared by the ES module and CommonJS copies of this package. */
const COMPONENTS = Symbol.for('opentelemetry-exporter-statsd/components');

export interface ExportOutcome {
  /** Data points that were dropped, refused or part of an export that failed, by reason; at most all of them count. */
  readonly failed: Readonly<Record<string, number>>;
  /** Why the export as a whole failed. */
  readonly error?: string;
}

export class SdkComponentMetrics {
  readonly #attributes: Attributes;
  #inFlight!: UpDownCounter;
  #exported!: Counter;
  #duration!: Histogram;

  constructor(destination: Destination) {
    this.#attributes = {
      'otel.component.type': COMPONENT_TYPE,
      'otel.component.name': `${COMPONENT_TYPE}/${nextComponent()}`,
      ...serverOf(destination),
    };
    this.setMeterProvider(undefined);
  }

  setMeterProvider(provider: MeterProvider | undefined): void {
    const meter = provider?.getMeter(SCOPE) ?? createNoopMeter();
    this.#inFlight = meter.createUpDownCounter('otel.sdk.exporter.metric_data_point.inflight', {
      unit: '{data_point}',
      description: 'Data points that are being exported',
    });
    this.#exported = meter.createCounter('otel.sdk.exporter.metric_data_point.exported', {
      unit: '{data_point}',
      description: 'Data points for which the export has finished, by the reason when it failed',
    });
    this.#duration = meter.createHistogram('otel.sdk.exporter.operation.duration', {
      unit: 's',
      description: 'Time until an export was accepted or refused',
      // The conventions ask for count and sum alone.
      advice: { explicitBucketBoundaries: [] },
    });
  }

  /** An export begins; call the result at its end. */
  started(points: number): (outcome: ExportOutcome) => void {
    const startedAt = monotonicNow();
    this.#inFlight.add(points, this.#attributes);
    return ({ failed, error }) => {
      this.#inFlight.add(-points, this.#attributes);
      this.#countExported(points, failed);
      const seconds = (monotonicNow() - startedAt) / 1_000;
      this.#duration.record(seconds, error === undefined ? this.#attributes : this.#with(error));
    };
  }

  #countExported(points: number, failed: ExportOutcome['failed']): void {
    let succeeded = points;
    for (const [reason, count] of Object.entries(failed)) {
      // A histogram's refused lines can be more than its points.
      const known = Math.min(count, succeeded);
      if (known === 0) continue;
      succeeded -= known;
      this.#exported.add(known, this.#with(reason));
    }
    if (succeeded > 0) this.#exported.add(succeeded, this.#attributes);
  }

  #with(error: string): Attributes {
    return { ...this.#attributes, 'error.type': error };
  }
}

function nextComponent(): number {
  const number = Number(Reflect.get(globalThis, COMPONENTS) ?? 0);
  Reflect.set(globalThis, COMPONENTS, number + 1);
  return number;
}

function serverOf(destination: Destination): Attributes {
  if ('path' in destination) return { 'server.address': destination.path };
  if ('host' in destination) return { 'server.address': destination.host, 'server.port': destination.port };
  return {};
}

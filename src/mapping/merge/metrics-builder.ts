// Waiting points as metrics in the form of the SDK.

import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { AttributeTable } from './attribute-table.js';
import type { AnyPoint } from './merge-points.js';
import { setProperty } from './set-property.js';
import type { PointWriter, WritePoint } from './waiting-points.js';

export class MetricsBuilder implements PointWriter {
  readonly scopeMetrics: ScopeMetrics[] = [];
  readonly #attributes: AttributeTable;
  #metric: Omit<MetricData, 'dataPoints'> | undefined;
  #dataPoints: AnyPoint[] = [];

  constructor(attributes: AttributeTable) {
    this.#attributes = attributes;
  }

  beginMetric(scope: ScopeMetrics['scope'], metric: Omit<MetricData, 'dataPoints'>): void {
    // The rest of its points.
    if (metric === this.#metric) return;
    this.#metric = metric;
    this.#dataPoints = [];
    const dataPoints = this.#dataPoints;
    this.scopeMetrics.push({ scope, metrics: [{ ...metric, dataPoints } as MetricData] });
  }

  readonly writePoint: WritePoint = (ids, firstId, endId, startTime, endTime, value) => {
    const attributes: Record<string, unknown> = {};
    for (let at = firstId; at < endId; at += 1) {
      const attribute = this.#attributes.get(ids[at]!);
      setProperty(attributes, attribute.key, attribute.value);
    }
    this.#dataPoints.push({ attributes, startTime, endTime, value } as AnyPoint);
  };
}

// The identity of metrics and series in state that outlives an export.

import type { MetricData } from '@opentelemetry/sdk-metrics';
import { attributeText } from '../tags/attribute-text.js';
import { sortedKeys } from '../tags/sorted-keys.js';
import type { AttributeRecord } from '../tags/tags.js';

/** The instrumentation scope of a metric. The SDK tells instruments apart by it: a name alone may stand for several. */
export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

/** Identity of a metric before anything is made legal or merged. */
export function metricKey(
  { name, version, schemaUrl }: Scope,
  { descriptor, dataPointType }: Pick<MetricData, 'descriptor' | 'dataPointType'>,
): string {
  const { name: metric, unit, valueType } = descriptor;
  return JSON.stringify([name, version ?? '', schemaUrl ?? '', metric, unit, valueType, dataPointType]);
}

/** Identity of a series of the metric with this key. The type of a value is part of it: to the SDK `1` and `'1'` make two series. */
export function seriesKey(metric: string, attributes: AttributeRecord): string {
  let identity = metric;
  for (const key of sortedKeys(attributes)) {
    const value = attributes[key];
    const text = attributeText(value);
    // With their lengths, so that no text can be taken for another key.
    identity += ` ${key.length} ${key} ${typeof value} ${text.length} ${text}`;
  }
  return identity;
}

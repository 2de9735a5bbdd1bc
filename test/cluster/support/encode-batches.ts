import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import {
  BatchEncoder,
  type EncodeDropReason,
  type EncodedBatch,
} from '../../../src/cluster/protocol/encode-metrics.js';
import type { PlainAttributes } from '../../../src/cluster/protocol/wire-attributes.js';
import { AttributeTable } from '../../../src/mapping/merge/attribute-table.js';

/** Encodes every point as it is, also several of one series. */
export function encodeBatches(
  { scopeMetrics }: Pick<ResourceMetrics, 'scopeMetrics'>,
  resource: PlainAttributes,
  drop: (reason: EncodeDropReason) => void,
): readonly EncodedBatch[] {
  const table = new AttributeTable((value) => value);
  const all = scopeMetrics.flatMap(({ scope, metrics }) => metrics.map((metric) => ({ scope, metric })));
  for (const { metric } of all) {
    for (const { attributes } of metric.dataPoints) {
      table.intern(attributes);
      table.retain();
    }
  }
  const encoder = new BatchEncoder(table, resource, drop);
  for (const { scope, metric } of all) {
    encoder.beginMetric(scope, metric);
    for (const { attributes, startTime, endTime, value } of metric.dataPoints) {
      table.read(attributes);
      encoder.writePoint(table.ids, 0, table.count, startTime, endTime, value);
    }
  }
  return encoder.finish();
}

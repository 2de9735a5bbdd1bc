// OTLP's JSON of metrics, as collectors write it to files and the OTLP/HTTP protocol carries it, becomes what the SDK
// would hand to an exporter. Sources: opentelemetry-proto metrics/v1/metrics.proto, and "JSON Protobuf encoding" in the
// OTLP specification.

import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { FormatError, JsonNode } from './json-node.js';
import { readAttributes } from './otlp-attributes.js';

export interface SavedExports {
  readonly batches: readonly ResourceMetrics[];
  /** About what is left out. */
  readonly notes: readonly string[];
}

/**
 * One object, or one for each line. Throws a FormatError that names the place of the first mistake.
 */
export function readExports(text: string): SavedExports {
  const notes: string[] = [];
  const batches = documentsOf(text).flatMap((document) => {
    const root = new JsonNode(document, '');
    const resources = root.field('resourceMetrics');
    if (!resources.exists) root.fail('an object with resourceMetrics, as OTLP has it');
    return resources.list().map((node) => readResourceMetrics(node, notes));
  });
  return { batches, notes };
}

function documentsOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (whole) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line));
    } catch {
      // Neither one object nor one for each line: the first error says where.
    }
    throw new FormatError(`the file is no JSON: ${whole instanceof Error ? whole.message : String(whole)}`);
  }
}

function readResourceMetrics(node: JsonNode, notes: string[]): ResourceMetrics {
  const resource = node.field('resource');
  const attributes = resource.exists ? readAttributes(resource.field('attributes')) : {};
  return {
    // Nothing but its attributes is looked at.
    resource: { attributes } as unknown as ResourceMetrics['resource'],
    scopeMetrics: node
      .field('scopeMetrics')
      .list()
      .map((scopeNode) => {
        const scope = scopeNode.field('scope');
        return {
          scope: { name: scope.exists ? scope.field('name').text('') : '' },
          metrics: scopeNode
            .field('metrics')
            .list()
            .flatMap((metric) => readMetric(metric, notes) ?? []),
        };
      }),
  };
}

const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

function readMetric(node: JsonNode, notes: string[]): MetricData | undefined {
  const name = node.field('name');
  const descriptor = {
    name: name.exists ? name.text('') : name.fail('the name of the metric'),
    unit: node.field('unit').text(''),
    description: node.field('description').text(''),
    valueType: 1,
  };
  const [kind] = node.fieldsAmong(KINDS);
  if (kind === undefined) return node.fail(`one of ${KINDS.join(', ')}`);
  const data = node.field(kind);
  const points = data.field('dataPoints').list();
  switch (kind) {
    case 'gauge':
      return {
        descriptor,
        dataPointType: DataPointType.GAUGE,
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        dataPoints: points.map((point) => readPoint(point, readNumber)),
      };
    case 'sum':
      return {
        descriptor,
        dataPointType: DataPointType.SUM,
        aggregationTemporality: readTemporality(data),
        isMonotonic: data.field('isMonotonic').flag(),
        dataPoints: points.map((point) => readPoint(point, readNumber)),
      };
    case 'histogram':
      return {
        descriptor,
        dataPointType: DataPointType.HISTOGRAM,
        aggregationTemporality: readTemporality(data),
        dataPoints: points.map((point) => readPoint(point, readHistogram)),
      };
    case 'exponentialHistogram':
      return {
        descriptor,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        aggregationTemporality: readTemporality(data),
        dataPoints: points.map((point) => readPoint(point, readExponential)),
      };
    case 'summary':
      notes.push(
        `${node.path}: ${descriptor.name} is a summary, which the JavaScript SDK never exports; it is left out`,
      );
      return undefined;
  }
}

function readTemporality(data: JsonNode): AggregationTemporality {
  return data.field('aggregationTemporality').choice([
    ['AGGREGATION_TEMPORALITY_DELTA', 1, AggregationTemporality.DELTA],
    ['AGGREGATION_TEMPORALITY_CUMULATIVE', 2, AggregationTemporality.CUMULATIVE],
  ]);
}

function readPoint<T>(node: JsonNode, readValue: (node: JsonNode) => T): DataPoint<T> {
  return {
    attributes: readAttributes(node.field('attributes')) as DataPoint<T>['attributes'],
    startTime: node.field('startTimeUnixNano').time(),
    endTime: node.field('timeUnixNano').time(),
    value: readValue(node),
  };
}

function readNumber(node: JsonNode): number {
  const asInt = node.field('asInt');
  if (asInt.exists) return asInt.integer();
  const asDouble = node.field('asDouble');
  return asDouble.exists ? asDouble.number() : node.fail('asInt or asDouble');
}

function readHistogram(node: JsonNode): Histogram {
  const boundaries = node
    .field('explicitBounds')
    .list()
    .map((bound) => bound.number());
  const counts = node.field('bucketCounts');
  const bucketCounts = counts.list().map((count) => count.integer());
  if (bucketCounts.length !== boundaries.length + 1 && bucketCounts.length + boundaries.length > 0) {
    counts.fail(`${boundaries.length + 1} counts for ${boundaries.length} bounds`);
  }
  return {
    buckets: { boundaries, counts: bucketCounts },
    count: node.field('count').integer(),
    ...readExtremes(node),
  };
}

function readExponential(node: JsonNode): ExponentialHistogram {
  const { sum = 0, ...extremes } = readExtremes(node);
  return {
    count: node.field('count').integer(),
    sum,
    scale: node.field('scale').integer(),
    zeroCount: node.field('zeroCount').integer(),
    positive: readBuckets(node.field('positive')),
    negative: readBuckets(node.field('negative')),
    ...extremes,
  };
}

function readBuckets(node: JsonNode): ExponentialHistogram['positive'] {
  if (!node.exists) return { offset: 0, bucketCounts: [] };
  return {
    offset: node.field('offset').integer(),
    bucketCounts: node
      .field('bucketCounts')
      .list()
      .map((count) => count.integer()),
  };
}

/** What may be missing from a histogram. */
function readExtremes(node: JsonNode): { sum?: number; min?: number; max?: number } {
  const present = node.fieldsAmong(['sum', 'min', 'max']);
  return Object.fromEntries(present.map((name) => [name, node.field(name).number()]));
}

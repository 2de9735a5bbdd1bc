// Converts OTLP's JSON of metrics, as collectors write it to files and OTLP/HTTP carries it, to what the SDK passes to an
// exporter. A part that cannot be read is left out, and the rest is converted. Sources: opentelemetry-proto metrics/v1/metrics.proto, and "JSON Protobuf encoding" in the
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
  /** About valid parts that have no equivalent here. */
  readonly notes: readonly string[];
  /** Parts that cannot be read, and what is left out because of them. */
  readonly faults: readonly Fault[];
}

export interface Fault {
  /** The place, what was expected there and what is there. */
  readonly text: string;
  readonly leftOut: string;
}

class Findings {
  readonly notes: string[] = [];
  readonly faults: Fault[] = [];

  /** Undefined after a fault in what is read. */
  attempt<T>(leftOut: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.faults.push({ text: error.message, leftOut });
      return undefined;
    }
  }

  /** The elements of a list that can be read. */
  each<T>(list: JsonNode, leftOut: string, read: (node: JsonNode) => T): NonNullable<T>[] {
    return list.list().flatMap((node) => this.attempt(leftOut, () => read(node)) ?? []);
  }
}

/** One object, or one on each line. */
export function readExports(text: string): SavedExports {
  const findings = new Findings();
  const batches = documentsOf(text, findings).flatMap(
    (document) =>
      findings.attempt('the export', () => {
        const resources = document.field('resourceMetrics');
        if (!resources.exists) document.fail('an object with resourceMetrics, as OTLP has it');
        return findings.each(resources, 'the resource', (node) => readResourceMetrics(node, findings));
      }) ?? [],
  );
  return { batches, notes: findings.notes, faults: findings.faults };
}

function documentsOf(text: string, findings: Findings): JsonNode[] {
  const whole = findings.attempt('the file', () => new JsonNode(parse(text, 'the file'), ''));
  if (whole !== undefined) return [whole];
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find((line) => line !== '');
  if (first === undefined || first === text.trim() || !isJson(first)) return [];
  // One object on each line, so that the fault of the whole is none.
  findings.faults.length = 0;
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const place = `line ${index + 1}`;
    return findings.attempt('the line', () => new JsonNode(parse(line, place), '')) ?? [];
  });
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(`${place} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readResourceMetrics(node: JsonNode, findings: Findings): ResourceMetrics {
  const resource = node.field('resource');
  const attributes = resource.exists
    ? findings.attempt('the attributes of the resource', () => readAttributes(resource.field('attributes')))
    : undefined;
  return {
    // The exporter reads the attributes only.
    resource: { attributes: attributes ?? {} } as unknown as ResourceMetrics['resource'],
    scopeMetrics: findings.each(node.field('scopeMetrics'), 'the scope', (scopeNode) => {
      const scope = scopeNode.field('scope');
      return {
        scope: { name: scope.exists ? scope.field('name').text('') : '' },
        metrics: findings.each(scopeNode.field('metrics'), 'the metric', (metric) =>
          readMetric(metric, findings),
        ),
      };
    }),
  };
}

const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

function readMetric(node: JsonNode, findings: Findings): MetricData | undefined {
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
  const pointsOf = <T>(readValue: (node: JsonNode) => T): DataPoint<T>[] =>
    findings.each(data.field('dataPoints'), `the point of ${descriptor.name}`, (point) =>
      readPoint(point, readValue),
    );
  switch (kind) {
    case 'gauge':
      return {
        descriptor,
        dataPointType: DataPointType.GAUGE,
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        dataPoints: pointsOf(readNumber),
      };
    case 'sum':
      return {
        descriptor,
        dataPointType: DataPointType.SUM,
        aggregationTemporality: readTemporality(data),
        isMonotonic: data.field('isMonotonic').flag(),
        dataPoints: pointsOf(readNumber),
      };
    case 'histogram':
      return {
        descriptor,
        dataPointType: DataPointType.HISTOGRAM,
        aggregationTemporality: readTemporality(data),
        dataPoints: pointsOf(readHistogram),
      };
    case 'exponentialHistogram':
      return {
        descriptor,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        aggregationTemporality: readTemporality(data),
        dataPoints: pointsOf(readExponential),
      };
    case 'summary':
      findings.notes.push(
        `${node.path}: ${descriptor.name} is a summary, which the JavaScript SDK never exports; left out`,
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

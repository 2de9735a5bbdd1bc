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
  /** Where the export is in its file, before the places in it. */
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Undefined after a fault in what is read. */
  attempt<T>(leftOut: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.faults.push({ text: this.#origin + error.message, leftOut });
      return undefined;
    }
  }

  /** The elements of a list that can be read. */
  each<T>(list: JsonNode, leftOut: string, read: (node: JsonNode) => T): NonNullable<T>[] {
    return list.list().flatMap((node) => this.attempt(leftOut, () => read(node)) ?? []);
  }

  note(text: string): void {
    this.notes.push(this.#origin + text);
  }
}

/** One object, or one on each line. */
export function readExports(text: string): SavedExports {
  const exports = exportsIn(text).map(readExport);
  return {
    batches: exports.flatMap(({ batches }) => batches),
    notes: exports.flatMap(({ notes }) => notes),
    faults: exports.flatMap(({ faults }) => faults),
  };
}

interface ExportText {
  readonly text: string;
  /** Empty, or the line in the file. */
  readonly origin: string;
}

function exportsIn(text: string): ExportText[] {
  const lines = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [{ text: line, origin: `line ${index + 1}: ` }]));
  const [first, second] = lines;
  const isOnePerLine = first !== undefined && second !== undefined && isJson(first.text);
  return isOnePerLine ? lines : [{ text, origin: '' }];
}

function readExport({ text, origin }: ExportText): SavedExports {
  const findings = new Findings(origin);
  const batches = findings.attempt('the export', () => {
    const resources = parse(text).field('resourceMetrics');
    if (!resources.exists) resources.fail('a list, as OTLP has it');
    return findings.each(resources, 'the resource', (node) => readResourceMetrics(node, findings));
  });
  return { batches: batches ?? [], notes: findings.notes, faults: findings.faults };
}

function parse(text: string): JsonNode {
  try {
    return new JsonNode(JSON.parse(text), '');
  } catch (error) {
    throw new FormatError(`the export is not JSON: ${(error as SyntaxError).message}`);
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
  const descriptor = {
    name: node.field('name').text(),
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
      findings.note(
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

// The mapping on its own: metrics in; lines, drops and warnings out.
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import type { LineBuffer, LineKind, LineSink } from '../../src/mapping/lines/line-sink.js';
import { MetricsMapper } from '../../src/mapping/metrics-mapper.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { PointDropReason } from '../../src/mapping/report.js';

export interface Group {
  readonly text: string;
  readonly lines: number;
  readonly kind: LineKind;
}

export interface Mapped {
  readonly groups: readonly Group[];
  readonly lines: readonly string[];
  readonly drops: Readonly<Partial<Record<PointDropReason, number>>>;
  readonly warnings: readonly string[];
}

export function mappingOptions(dialect: Dialect, options: Partial<MappingOptions> = {}): MappingOptions {
  return {
    dialect,
    prefix: '',
    names: undefined,
    tags: {},
    resourceTags: {},
    scopeTags: false,
    sets: {},
    timeUnit: dialect.timeUnit,
    histograms: { mode: dialect.histograms, exactSum: true, percentiles: [] },
    timestamps: false,
    maxLineBytes: Math.min(1432, dialect.limits.lineBytes),
    maxSeries: 1000,
    ...options,
  };
}

/** Takes lines as text and as bytes, with other memory for each line. */
class RecordingBuffer implements LineBuffer {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  position = 0;
  readonly #kind: LineKind;
  readonly #groups: Group[];

  constructor(kind: LineKind, groups: Group[]) {
    this.#kind = kind;
    this.#groups = groups;
  }

  reserve(bytes: number): void {
    // Other memory each time, dirty, no larger than asked for, and not from its beginning.
    this.position = 3;
    this.bytes = new Uint8Array(3 + bytes + 8).fill(0xff);
    this.view = new DataView(this.bytes.buffer);
  }

  commit(end: number): void {
    const text = Buffer.from(this.bytes.subarray(this.position, end)).toString();
    this.#groups.push({ text, lines: 1, kind: this.#kind });
    this.position = end;
  }
}

export function recordingSink(groups: Group[], takesBytes: boolean): LineSink {
  const write: LineSink['write'] = (text, lines, kind) => groups.push({ text, lines, kind });
  return takesBytes ? { write, bytes: (kind) => new RecordingBuffer(kind, groups) } : { write };
}

/**
 * Maps one export after the other with the same state; every call answers with what it wrote and reported.
 * `takesBytes` false keeps all points on the slow path; `now` is the clock by which the fast path compares two ways.
 */
export function mapperOf(
  dialect: Dialect,
  options: Partial<MappingOptions> = {},
  { takesBytes = true, now = () => 0 }: { takesBytes?: boolean; now?: () => number } = {},
): (batch: ResourceMetrics) => Mapped {
  const mapper = new MetricsMapper(mappingOptions(dialect, options), now);
  return (batch) => {
    const groups: Group[] = [];
    const drops: Partial<Record<PointDropReason, number>> = {};
    const warnings: string[] = [];
    mapper.map(batch, recordingSink(groups, takesBytes), {
      drop: (reason) => {
        drops[reason] = (drops[reason] ?? 0) + 1;
      },
      summarise: (reason, metric) => warnings.push(`${metric} summarised: ${reason}`),
      warn: (_subject, message) => warnings.push(message),
    });
    const lines = groups.flatMap(({ text }) => text.split('\n').slice(0, -1));
    return { groups, lines, drops, warnings };
  };
}

/** One export by a mapper of its own. */
export function mapOnce(
  dialect: Dialect,
  metrics: readonly MetricData[],
  options: Partial<MappingOptions> = {},
): Mapped {
  return mapperOf(dialect, options)(batchOf(metrics));
}

export function batchOf(
  metrics: readonly MetricData[],
  { resource = {}, scope = 'test' }: { resource?: Record<string, unknown>; scope?: string } = {},
): ResourceMetrics {
  return {
    resource: { attributes: resource } as unknown as ResourceMetrics['resource'],
    scopeMetrics: [{ scope: { name: scope, version: '' }, metrics: [...metrics] }],
  };
}

export const START: DataPoint<number>['startTime'] = [1_700_000_000, 0];
export const END: DataPoint<number>['endTime'] = [1_700_000_010, 250_000_000];

interface PointFacts {
  readonly attributes?: object;
  readonly startTime?: DataPoint<number>['startTime'];
  readonly endTime?: DataPoint<number>['endTime'];
}

export function point<T>(value: T, { attributes = {}, startTime = START, endTime = END }: PointFacts = {}) {
  return { value, attributes: attributes as DataPoint<T>['attributes'], startTime, endTime };
}

/** The points of so many series, all of this value; their attribute `series` counts from `first`. */
export function pointsOfSeries(count: number, { value = 1, first = 0 } = {}): DataPoint<number>[] {
  return Array.from({ length: count }, (_, index) => point(value, { attributes: { series: first + index } }));
}

interface MetricFacts {
  readonly name?: string;
  readonly unit?: string;
  readonly temporality?: AggregationTemporality;
}

function descriptorOf({ name = 'm', unit = '' }: MetricFacts): MetricData['descriptor'] {
  return { name, unit, description: '', valueType: 1 };
}

export function counter(
  points: readonly DataPoint<number>[],
  facts: MetricFacts & { monotonic?: boolean } = {},
): MetricData {
  return {
    descriptor: descriptorOf(facts),
    dataPointType: DataPointType.SUM,
    aggregationTemporality: facts.temporality ?? AggregationTemporality.DELTA,
    isMonotonic: facts.monotonic ?? true,
    dataPoints: [...points],
  };
}

export function gauge(points: readonly DataPoint<number>[], facts: MetricFacts = {}): MetricData {
  return {
    descriptor: descriptorOf(facts),
    dataPointType: DataPointType.GAUGE,
    aggregationTemporality: facts.temporality ?? AggregationTemporality.CUMULATIVE,
    dataPoints: [...points],
  };
}

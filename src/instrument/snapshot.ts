// Collected metrics as nested JSON, to be viewed with a browser or curl.

import type { Attributes } from '@opentelemetry/api';
import { DistributionReader } from '../mapping/histograms/model/distribution.js';
import { attributeText } from '../mapping/tags/attribute-text.js';
import { checkArguments, having, OPTIONS, optional } from './check-arguments.js';
import { type HistogramValue, histogramSummary } from './histogram-summary.js';
import { type Json, type JsonObject, JsonTree } from './json-tree.js';
import { warn } from './log-once.js';

/** The part of a `MetricReader` that a snapshot uses. */
export interface SnapshotReader {
  collect(): Promise<Collection>;
}

export interface Collection {
  readonly resourceMetrics: {
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly CollectedMetric[];
    }[];
  };
  readonly errors: readonly unknown[];
}

export interface CollectedMetric {
  readonly descriptor: { readonly name: string; readonly unit: string; readonly description: string };
  readonly dataPointType: number;
  readonly isMonotonic?: boolean;
  readonly dataPoints: readonly { readonly attributes: Attributes; readonly value: unknown }[];
}

export interface SnapshotOptions {
  /** Percentiles of histograms, estimated, from 0 to 100. Default 50, 75, 95, 98, 99, 99.9. */
  readonly percentiles?: readonly number[] | undefined;
}

const A_READER = having('a metric reader', 'collect');
const PERCENTILE_LIST = optional(
  'a list of numbers from 0 to 100',
  (value) => Array.isArray(value) && value.every((each) => each >= 0 && each <= 100),
);

const PERCENTILES: readonly number[] = [50, 75, 95, 98, 99, 99.9];

/**
 * Collects all metrics of a reader, nested by the segments of their names. A metric is
 * `{ type, unit, description, points }`; a point of a counter or gauge is `{ attributes, value }`, one of a histogram
 * `{ attributes, count, sum, min, max, mean, p50, … }` without what it does not have. A name segment that equals one of
 * those four keys gets a trailing `_`, so that the metrics `a` and `a.type` do not collide.
 *
 * Collecting from a reader with delta temporality takes the values away from its exporter, so give the snapshot its own
 * reader.
 *
 * @example
 * class SnapshotReader extends MetricReader {
 *   async onForceFlush() {}
 *   async onShutdown() {}
 * }
 * const reader = new SnapshotReader(); // one of the MeterProvider's `readers`
 * app.get('/metrics.json', async (request, response) => response.json(await snapshot(reader)));
 */
export async function snapshot(reader: SnapshotReader, options: SnapshotOptions = {}): Promise<JsonObject> {
  const { percentiles = PERCENTILES } = options ?? {};
  checkArguments('snapshot', {
    'the first argument': [reader, A_READER],
    options: [options, OPTIONS],
    'options.percentiles': [percentiles, PERCENTILE_LIST],
  });
  const { resourceMetrics, errors } = await reader.collect();
  if (errors.length > 0) warn('some metrics could not be collected for a snapshot', errors);

  const byName = new Map<string, Named[]>();
  for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
    for (const metric of metrics) {
      const { name } = metric.descriptor;
      const sameName = byName.get(name);
      if (sameName === undefined) byName.set(name, [{ scope: scope.name, metric }]);
      else sameName.push({ scope: scope.name, metric });
    }
  }

  const tree = new JsonTree(RESERVED);
  const histograms = new DistributionReader();
  for (const [name, all] of byName) tree.put(name.split('.'), metricJson(all, percentiles, histograms));
  return tree.root;
}

interface Named {
  readonly scope: string;
  readonly metric: CollectedMetric;
}

const RESERVED: ReadonlySet<string> = new Set(['type', 'unit', 'description', 'points']);

function metricJson(
  all: readonly Named[],
  percentiles: readonly number[],
  reader: DistributionReader,
): JsonObject {
  const [first] = all;
  const { unit, description } = first!.metric.descriptor;
  const isShared = all.some(({ scope }) => scope !== first!.scope);
  return {
    type: typeName(first!.metric),
    ...(unit !== '' && { unit }),
    ...(description !== '' && { description }),
    points: all.flatMap(({ scope, metric }) =>
      metric.dataPoints.map(({ attributes, value }) => ({
        ...(isShared && { scope }),
        attributes: attributesJson(attributes),
        ...(isHistogram(metric)
          ? histogramSummary(value as HistogramValue, percentiles, reader)
          : { value: value as number }),
      })),
    ),
  };
}

// DataPointType of @opentelemetry/sdk-metrics, which the helpers do not need to be installed.
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const GAUGE = 2;

function isHistogram({ dataPointType }: CollectedMetric): boolean {
  return dataPointType === HISTOGRAM || dataPointType === EXPONENTIAL_HISTOGRAM;
}

function typeName(metric: CollectedMetric): string {
  if (isHistogram(metric)) return 'histogram';
  if (metric.dataPointType === GAUGE) return 'gauge';
  return metric.isMonotonic === true ? 'counter' : 'upDownCounter';
}

function attributesJson(attributes: Attributes): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]): [string, Json] => [
      key,
      typeof value === 'number' || typeof value === 'boolean' ? value : attributeText(value),
    ]),
  );
}

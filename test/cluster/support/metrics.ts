// Short constructors of metrics in the form of the SDK.

import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'vitest';
import { plainAttributes } from '../../../src/cluster/protocol/wire-attributes.js';
import type { WireMetrics } from '../../../src/cluster/protocol/wire-metrics.js';
import { encodeBatches } from './encode-batches.js';

type Attributes = Readonly<Record<string, unknown>>;
type Value = number | object;

const { DELTA, CUMULATIVE } = AggregationTemporality;

/** A metric of one point; later points are measured later. */
function metric(
  name: string,
  value: Value,
  attributes: Attributes,
  at: number,
  rest: {
    dataPointType: DataPointType;
    aggregationTemporality: AggregationTemporality;
    isMonotonic?: boolean;
  },
): MetricData {
  return {
    descriptor: { name, unit: '', description: '', valueType: 1 },
    ...rest,
    dataPoints: [{ attributes, startTime: [1, 0], endTime: [at, 0], value }],
  } as unknown as MetricData;
}

export const counter = (name: string, value: number, attributes: Attributes = {}, at = 2): MetricData =>
  metric(name, value, attributes, at, {
    dataPointType: DataPointType.SUM,
    aggregationTemporality: DELTA,
    isMonotonic: true,
  });

export const upDown = (name: string, value: number, attributes: Attributes = {}, at = 2): MetricData =>
  metric(name, value, attributes, at, {
    dataPointType: DataPointType.SUM,
    aggregationTemporality: CUMULATIVE,
    isMonotonic: false,
  });

export const gauge = (name: string, value: number, attributes: Attributes = {}, at = 2): MetricData =>
  metric(name, value, attributes, at, {
    dataPointType: DataPointType.GAUGE,
    aggregationTemporality: CUMULATIVE,
  });

export const histogram = (name: string, value: object, attributes: Attributes = {}): MetricData =>
  metric(name, value, attributes, 2, {
    dataPointType: DataPointType.HISTOGRAM,
    aggregationTemporality: DELTA,
  });

export const exponential = (name: string, value: object, attributes: Attributes = {}): MetricData =>
  metric(name, value, attributes, 2, {
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    aggregationTemporality: DELTA,
  });

export function batchOf(metrics: readonly MetricData[], resource: Attributes = {}): ResourceMetrics {
  return {
    resource: { attributes: resource } as unknown as ResourceMetrics['resource'],
    scopeMetrics: [{ scope: { name: 's', version: '' }, metrics: [...metrics] }],
  };
}

/** Every point as `name{attributes}` with its value, in the order they come. */
export function pointsOf(batch: Pick<ResourceMetrics, 'scopeMetrics'> | undefined): [string, unknown][] {
  return (batch?.scopeMetrics ?? []).flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }): [string, unknown] => [
        descriptor.name + (Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes)),
        value,
      ]),
    ),
  );
}

/** The batch in its wire form; it must fit into one message. */
export function encoded(batch: ResourceMetrics, resource: Record<string, unknown> = {}): WireMetrics {
  const drop = (reason: string): never => expect.unreachable(reason);
  const [first, ...others] = encodeBatches(batch, plainAttributes(resource), drop);
  expect(others).toEqual([]);
  return first?.metrics ?? { resource: [], attributes: [], times: [], scopes: [] };
}

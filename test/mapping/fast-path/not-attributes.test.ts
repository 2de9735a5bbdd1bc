// The SDK's types do not allow other attributes than objects; an exporter is given what it is given.
import type { Attributes } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { batchOf, gauge, mapperOf, point } from '../../support/mapping.js';
import { explicitPoint } from '../../support/metrics/histogram-points.js';

function expectSame(metric: MetricData): void {
  const batch = batchOf([metric]);
  const [asBytes, asText] = [true, false].map((takesBytes) =>
    mapperOf(dialects.dogstatsd, {}, { takesBytes }),
  );
  expect(asBytes!(batch)).toEqual(asText!(batch));
}

describe.each([undefined, null, 'text', 7, ['a']])(
  'attributes that are %j are taken like on the slow path',
  (odd) => {
    const attributes = odd as unknown as Attributes;

    it('of a gauge', () => {
      expectSame(gauge([{ ...point(1), attributes }, point(2), { ...point(3), attributes }], { name: 'g' }));
    });

    it('of a histogram', () => {
      const { descriptor } = gauge([], { name: 'h' });
      expectSame({
        descriptor,
        dataPointType: DataPointType.HISTOGRAM,
        aggregationTemporality: AggregationTemporality.DELTA,
        dataPoints: [{ ...point(explicitPoint([1, 2])), attributes }],
      });
    });
  },
);

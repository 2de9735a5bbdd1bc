import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { expect, test } from 'vitest';
import { ClusterAggregator } from '../../../src/cluster/aggregator/cluster-aggregator.js';

test('a shutdown ends within its deadline even if the exporter never shuts down', async () => {
  const aggregator = new ClusterAggregator({
    exporter: {
      export: (_batch, answer: (result: ExportResult) => void) => answer({ code: ExportResultCode.SUCCESS }),
      forceFlush: () => new Promise(() => {}),
      shutdown: () => new Promise(() => {}),
    },
    shutdownTimeoutMillis: 50,
    cluster: false,
  });
  await aggregator.forceFlush();
  await aggregator.shutdown();
  expect(aggregator.stats().state).toBe('closed');
});

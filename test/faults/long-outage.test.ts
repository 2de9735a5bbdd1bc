// Outages of any length: memory by series, not by time, and no count is lost. With 20,000 series, and with a look at
// the memory: long/long-outage.test.ts.
import { ExportResultCode } from '@opentelemetry/core';
import { expect, test } from 'vitest';
import { StatsdExporter } from '../../src/exporter/statsd-exporter.js';
import { unusedPort } from '../support/receivers/stream-server.js';
import { numberedCounters, seriesCollection } from './support/counters.js';
import { balancedStats, type Outage, surviveOutage, valuesAt, valuesExpected } from './support/outage.js';

test('an hour of 360 exports, most of them merged, loses no count: counters are exact, gauges are the last', async () => {
  const outage: Outage = {
    exports: 360,
    counters: 750,
    gauges: 250,
    queue: { softBytes: 2 ** 17, maxBytes: 2 ** 20, maxSeries: 10_000 },
  };
  const { exporter, server, queuedBytes } = await surviveOutage(outage);
  expect(valuesAt(server)).toEqual(valuesExpected(outage));
  const { confirmedLines, offeredLines, droppedLines, droppedPoints, coalescedPoints, backlogSeries } =
    balancedStats(exporter);
  expect({ confirmedLines, droppedLines, droppedPoints, backlogSeries }).toEqual({
    confirmedLines: offeredLines,
    droppedLines: {},
    droppedPoints: {},
    backlogSeries: 0,
  });
  // Above the soft limit there is at most what one export made of it.
  expect(queuedBytes).toBeLessThan(2 ** 18);
  expect(coalescedPoints).toBeGreaterThan(300 * 1_000);
});

test('series beyond the limit are rejected, counted and reported; the known ones are kept', async () => {
  const exporter = new StatsdExporter({
    endpoint: `tcp://127.0.0.1:${await unusedPort()}`,
    queue: { softBytes: 1_000, maxBytes: 2 ** 20, maxSeries: 100 },
    shutdownTimeoutMillis: 100,
  });
  const exportOnce = (metrics: ReturnType<typeof numberedCounters>): Promise<ExportResultCode> =>
    new Promise((resolve) => exporter.export(metrics, ({ code }) => resolve(code)));
  // Beyond the soft limit; what follows is merged.
  expect(await exportOnce(numberedCounters(200))).toBe(ExportResultCode.SUCCESS);
  expect(await exportOnce(seriesCollection(100, 1, 0, 0))).toBe(ExportResultCode.SUCCESS);
  expect(await exportOnce(seriesCollection(150, 1, 0, 0))).toBe(ExportResultCode.FAILED);
  const { coalescedPoints, backlogSeries, droppedPoints, queuedLines } = balancedStats(exporter);
  expect({ coalescedPoints, backlogSeries, droppedPoints, queuedLines }).toEqual({
    coalescedPoints: 100,
    backlogSeries: 100,
    droppedPoints: { series_limit: 50 },
    queuedLines: 200,
  });
  await exporter.shutdown();
  // What waited merged becomes lines as soon as the queue has room, and it has none any more.
  const { droppedLines, droppedPoints: pointsAtLast } = balancedStats(exporter);
  expect({ droppedLines, pointsAtLast }).toEqual({
    droppedLines: { shutdown: 300 },
    pointsAtLast: { series_limit: 50 },
  });
});

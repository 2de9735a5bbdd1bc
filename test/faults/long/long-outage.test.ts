// Outages of any length: memory by series, not by time, and no count is lost.
import { expect, test } from 'vitest';
import { balancedStats, type Outage, surviveOutage, valuesAt, valuesExpected } from '../support/outage.js';

test("an hour's outage simulated by 360 exports of 20,000 series loses no count within the memory bound", async () => {
  const outage: Outage = {
    exports: 360,
    counters: 15_000,
    gauges: 5_000,
    queue: { softBytes: 16 * 2 ** 20, maxBytes: 64 * 2 ** 20, maxSeries: 100_000 },
    options: { pacing: false, flushTimeoutMillis: 60_000 },
  };
  const { exporter, server, grownBytes, queuedBytes } = await surviveOutage(outage);
  expect(valuesAt(server)).toEqual(valuesExpected(outage));

  const { confirmedLines, offeredLines, droppedLines, droppedPoints, coalescedPoints, backlogSeries } =
    balancedStats(exporter);
  expect({ confirmedLines, droppedLines, droppedPoints, backlogSeries }).toEqual({
    confirmedLines: offeredLines,
    droppedLines: {},
    droppedPoints: {},
    backlogSeries: 0,
  });
  expect(coalescedPoints).toBeGreaterThan(0);
  expect(queuedBytes).toBeLessThanOrEqual(outage.queue.maxBytes);
  expect(grownBytes).toBeLessThanOrEqual(outage.queue.maxBytes);
});

test('a minute in which the port is closed, with ten exports of 100,000 series, loses no count', async () => {
  const outage: Outage = {
    exports: 10,
    counters: 80_000,
    gauges: 20_000,
    queue: { softBytes: 16 * 2 ** 20, maxBytes: 128 * 2 ** 20, maxSeries: 100_000 },
    options: { pacing: false, flushTimeoutMillis: 120_000 },
    pauseMillis: 6_000,
  };
  const { exporter, server, grownBytes, queuedBytes } = await surviveOutage(outage);
  console.log(`memory grown by ${grownBytes} bytes, of which ${queuedBytes} are lines`);
  expect(valuesAt(server)).toEqual(valuesExpected(outage));
  const { confirmedLines, offeredLines, droppedLines, droppedPoints } = balancedStats(exporter);
  expect({ confirmedLines, droppedLines, droppedPoints }).toEqual({
    confirmedLines: offeredLines,
    droppedLines: {},
    droppedPoints: {},
  });
  expect(grownBytes).toBeLessThanOrEqual(outage.queue.maxBytes);
});

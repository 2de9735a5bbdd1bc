// How long exports make way for others: batches stay in order, nothing is lost, and the loop goes on meanwhile.
import { Writable } from 'node:stream';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect, it, onTestFinished } from 'vitest';
import { StatsdExporter, type StatsdExporterOptions } from '../../src/index.js';
import { batchOf, counter, pointsOfSeries } from '../support/mapping.js';
import { exportOnce, SUCCESS } from '../support/metrics/collect.js';

const POINTS = 60_000;
/** Of a line such as `c.series.12345:1|c`, at least. */
const BYTES_PER_LINE = 16;

/** One counter with many series, all of this value. */
function manyPoints(value: number, points = POINTS): ResourceMetrics {
  return batchOf([counter(pointsOfSeries(points, { value }), { name: 'c' })]);
}

function collecting(options: StatsdExporterOptions = {}): {
  exporter: StatsdExporter;
  lines: () => string[];
} {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const exporter = new StatsdExporter({ stream, ...options });
  onTestFinished(() => exporter.shutdown());
  return { exporter, lines: () => text.split('\n').slice(0, -1) };
}

const expected = (value: number, points = POINTS): string[] =>
  Array.from({ length: points }, (_, series) => `c.series.${series}:${value}|c`);

/** A long export, and how often others had their turn meanwhile. */
async function exportAmongOthers(exporter: StatsdExporter) {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const result = await exportOnce(exporter, manyPoints(1));
  isDone = true;
  return { result, turns };
}

it('a long export yields to the event loop before it is done', async () => {
  const { exporter } = collecting();
  const { result, turns } = await exportAmongOthers(exporter);
  expect([result, turns > 1]).toEqual([SUCCESS, true]);
});

it('exports that come faster than they can be processed are merged, and no count is lost', async () => {
  const { exporter, lines } = collecting();
  const points = 5_000;
  const exports = 30;
  const results = Array.from({ length: exports }, () => exportOnce(exporter, manyPoints(1, points)));
  expect(await Promise.all(results)).toEqual(Array(exports).fill(SUCCESS));
  await exporter.forceFlush();
  const totals = new Map<string, number>();
  for (const line of lines()) {
    const [, series = '', value] = /^(.*):([0-9]+)[|]c$/.exec(line) ?? [];
    totals.set(series, (totals.get(series) ?? 0) + Number(value));
  }
  expect(totals).toEqual(new Map(expected(exports, points).map((line) => [line.split(':')[0], exports])));
  // Four waited; the others were merged, and so was the first of the four.
  const { coalescedPoints, receivedPoints, backlogSeries, droppedPoints, droppedLines } = exporter.stats();
  expect({ coalescedPoints, receivedPoints, backlogSeries, droppedPoints, droppedLines }).toEqual({
    coalescedPoints: (exports - 4) * points,
    receivedPoints: exports * points,
    backlogSeries: 0,
    droppedPoints: {},
    droppedLines: {},
  });
});

it('exports that cannot be merged, because series wait up to `queue.maxSeries`, fail and are counted', async () => {
  const { exporter, lines } = collecting({ queue: { maxSeries: 100 } });
  const results = Array.from({ length: 8 }, () => exportOnce(exporter, manyPoints(1, 150)));
  const messages = (await Promise.all(results)).map(({ error }) => error?.message ?? 'accepted');
  await exporter.forceFlush();
  const refused =
    'refused 50 data points for the stream: the queue has reached its limit of 67108864 bytes (queue.maxBytes) ' +
    'or 100 series (queue.maxSeries); is the server running?';
  // Four were merged and so was the first of those that waited; the last three found nothing waiting.
  expect({ messages, sent: lines().length, droppedPoints: exporter.stats().droppedPoints }).toEqual({
    messages: [...Array(5).fill(refused), 'accepted', 'accepted', 'accepted'],
    sent: 100 + 3 * 150,
    droppedPoints: { series_limit: 5 * 50 },
  });
});

it('overlapping long exports keep their order, and a flush waits for all of them', async () => {
  const { exporter, lines } = collecting();
  const results = [exportOnce(exporter, manyPoints(1)), exportOnce(exporter, manyPoints(2))];
  await exporter.forceFlush();
  expect(lines()).toEqual([...expected(1), ...expected(2)]);
  expect(await Promise.all(results)).toEqual([SUCCESS, SUCCESS]);
});

it('a shutdown in the middle of a long export delivers the rest of it', async () => {
  const { exporter, lines } = collecting();
  const result = exportOnce(exporter, manyPoints(1));
  await exporter.shutdown();
  expect({ result: await result, lines: lines() }).toEqual({ result: SUCCESS, lines: expected(1) });
  expect(exporter.stats()).toEqual(expect.objectContaining({ droppedLines: {}, offeredLines: POINTS }));
});

it('an export larger than the queue passes through it while the transport drains it', async () => {
  const maxBytes = (POINTS * BYTES_PER_LINE) / 2;
  const { exporter, lines } = collecting({ queue: { maxBytes, softBytes: maxBytes / 8 } });
  expect(await exportOnce(exporter, manyPoints(1))).toEqual(SUCCESS);
  await exporter.forceFlush();
  expect(lines()).toEqual(expected(1));
});

it('the backlog is sent once, even if batches arrive while it is sent', async () => {
  const { exporter, lines } = collecting({ queue: { softBytes: 0 } });
  const results = [1, 2, 3].map((value) => exportOnce(exporter, manyPoints(value, 5_000)));
  await exporter.forceFlush();
  expect(await Promise.all(results)).toEqual([SUCCESS, SUCCESS, SUCCESS]);
  const total = lines().reduce((sum, line) => sum + Number(/:(\d+)\|c$/.exec(line)?.[1]), 0);
  expect({ total, backlogSeries: exporter.stats().backlogSeries }).toEqual({
    total: 5_000 * 6,
    backlogSeries: 0,
  });
});

/** A stream that takes nothing, so that all exports but the first have to wait. */
function stalled(options: StatsdExporterOptions = {}): StatsdExporter {
  const stream = new Writable({ write() {} });
  const exporter = new StatsdExporter({ stream, queue: { softBytes: 0 }, ...options });
  onTestFinished(() => exporter.shutdown());
  return exporter;
}

it('an export that is merged into the backlog yields to the event loop', async () => {
  const exporter = stalled({ shutdownTimeoutMillis: 1 });
  await exportOnce(exporter, manyPoints(1, 10));
  const { result, turns } = await exportAmongOthers(exporter);
  expect([result, turns > 1, exporter.stats().backlogSeries]).toEqual([SUCCESS, true, POINTS]);
});

it('a shutdown during the merge of an export counts all of its points', async () => {
  const exporter = stalled({ shutdownTimeoutMillis: 1 });
  await exportOnce(exporter, manyPoints(1, 10));
  const result = exportOnce(exporter, manyPoints(1));
  await exporter.shutdown();
  await result;
  expect(exporter.stats()).toEqual(
    expect.objectContaining({
      droppedLines: { shutdown: 10 },
      droppedPoints: { shutdown: POINTS },
      backlogSeries: 0,
    }),
  );
});

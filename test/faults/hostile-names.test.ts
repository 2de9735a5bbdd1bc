// Names and tags of random characters, control characters and separators among them: the server sees as many lines as
// there were points, whatever they are called.
import { ExportResultCode } from '@opentelemetry/core';
import { expect, onTestFinished, test } from 'vitest';
import { StatsdExporter } from '../../src/exporter/statsd-exporter.js';
import { dialects } from '../../src/mapping/dialects/index.js';
import { numberedCounters } from './support/counters.js';
import { startFaultServer } from './support/fault-server.js';
import { balancedStats } from './support/outage.js';
import { seededRandom } from './support/seeded-random.js';

const POINTS = 500;

/** What means something to one server or another, and what an encoder might overlook. */
const SUSPECTS = [...'\n\r\0|:#,@;=/\\ "\u0085\u2028\u2029\ud800\udfff\uffff\u00e9\u{1f4a5}'];

const names = Object.keys(dialects) as (keyof typeof dialects)[];

test.each(names)('%s', async (dialect) => {
  const random = seededRandom(29);
  const text = (): string =>
    Array.from({ length: Math.floor(random() * 12) }, () =>
      random() < 0.5
        ? SUSPECTS[Math.floor(random() * SUSPECTS.length)]
        : String.fromCharCode(Math.floor(random() * 0x300)),
    ).join('');
  const server = await startFaultServer({ protocol: 'tcp' });
  const exporter = new StatsdExporter({ endpoint: `tcp://127.0.0.1:${server.port}`, dialect });
  onTestFinished(() => exporter.shutdown());
  const batch = numberedCounters(POINTS);
  for (const { metrics } of batch.scopeMetrics) {
    for (const { descriptor, dataPoints } of metrics) {
      Object.assign(descriptor, { name: `n${text()}` });
      const attributes = Object.fromEntries([0, 1].map(() => [text(), text()]));
      for (const point of dataPoints) Object.assign(point, { attributes });
    }
  }
  const code = await new Promise((resolve) => exporter.export(batch, (result) => resolve(result.code)));
  await exporter.forceFlush();
  const { confirmedLines, droppedPoints } = balancedStats(exporter);
  const inexpressible = Object.values(droppedPoints).reduce((sum, count) => sum + count, 0);
  expect({ code, confirmedLines, lines: server.lines().length }).toEqual({
    code: ExportResultCode.SUCCESS,
    confirmedLines: POINTS - inexpressible,
    lines: POINTS - inexpressible,
  });
  expect(server.lines().filter((line) => /[\p{Cc}\u2028\u2029]/u.test(line))).toEqual([]);
});

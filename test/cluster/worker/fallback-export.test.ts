import { ExportResultCode } from '@opentelemetry/core';
import { expect, it } from 'vitest';
import { FallbackExport } from '../../../src/cluster/worker/fallback-export.js';
import { FakeExporter } from '../support/fake-exporter.js';
import { batchOf, counter } from '../support/metrics.js';

function start() {
  const exporter = new FakeExporter();
  const ended: [points: number, failed: boolean][] = [];
  const fallback = new FallbackExport(exporter, (points, failed) => ended.push([points, failed]));
  return { exporter, fallback, ended };
}

const TWO_POINTS = batchOf([counter('c', 1), counter('d', 2)]);

it('a fallback is busy until all of its exports have ended', () => {
  const { exporter, fallback, ended } = start();
  exporter.answersAtOnce = false;
  expect(fallback.isBusy).toBe(false);
  fallback.export(TWO_POINTS);
  fallback.export(batchOf([counter('c', 1)]));
  expect([fallback.isBusy, ended]).toEqual([true, []]);
  exporter.answer();
  expect([fallback.isBusy, ended, exporter.exports.length]).toEqual([
    false,
    [
      [2, false],
      [1, false],
    ],
    2,
  ]);
});

it('an export of the fallback may fail or throw', () => {
  const { exporter, fallback, ended } = start();
  exporter.code = ExportResultCode.FAILED;
  fallback.export(TWO_POINTS);
  exporter.export = () => {
    throw new Error('no');
  };
  fallback.export(TWO_POINTS);
  expect([ended, fallback.isBusy]).toEqual([
    [
      [2, true],
      [2, true],
    ],
    false,
  ]);
});

it('a fallback is flushed and shut down, and may fail at both', async () => {
  const { exporter, fallback } = start();
  await fallback.forceFlush();
  await fallback.shutdown();
  expect(exporter.calls).toEqual(['forceFlush', 'shutdown']);
  exporter.forceFlush = () => Promise.reject(new Error('no'));
  exporter.shutdown = () => {
    throw new Error('no');
  };
  await fallback.forceFlush();
  await fallback.shutdown();
});

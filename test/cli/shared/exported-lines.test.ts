import { diag } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { probeMetric, testMetrics } from '../../../src/cli/doctor/test-metrics.js';
import { exportedLines, withWarnings } from '../../../src/cli/shared/exported-lines.js';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';

const batches = [testMetrics({}, new Date(0)), probeMetric({}, new Date(0))];

it('the lines of all exports are in their order', async () => {
  expect(await exportedLines(batches, {})).toEqual({
    lines: [
      'otel_statsd.doctor.probe.tag:1|c',
      'otel_statsd.doctor.duration:250|ms',
      'otel_statsd.doctor.duration.sum:250|c',
      'otel_statsd.doctor.gauge:1|g',
    ],
    warnings: [],
  });
});

it.each<StatsdExporterOptions>([
  { delivery: 'persistent' },
  { onUnconfirmed: 'drop' },
  { tls: { servername: 'a' } },
  { pacing: { bytesPerSecond: 1_000_000, datagramsPerSecond: 1_000 } },
  { maxPayloadBytes: 1_000 },
  { connectTimeoutMillis: 1_000 },
  { stallTimeoutMillis: 1_000 },
  { confirmTimeoutMillis: 1_000 },
  { lookup: () => {} },
])('no warning tells that %o has no effect on lines', async (options) => {
  expect((await exportedLines([], options)).warnings).toEqual([]);
});

it('warnings of the exporter are told', async () => {
  expect(await exportedLines([], { timestamps: true })).toEqual({
    lines: [],
    warnings: ['timestamps has no effect: the server (dialect statsd) reads no time in lines'],
  });
});

it('warnings and errors are collected without the name of their component, and no others', async () => {
  const warnings = await withWarnings(async () => {
    diag.error('part', 'a', 'b');
    diag.warn('part', 'c');
    diag.info('part', 'd');
    diag.debug('part', 'e');
    diag.verbose('part', 'f');
  });
  diag.warn('part', 'later');
  expect(warnings).toEqual(['a b', 'c']);
});

/** Collects what another logger hears. */
function hearWith(heard: unknown[]): void {
  const hear = (...said: unknown[]): void => void heard.push(said);
  diag.setLogger({ error: hear, warn: hear, info: hear, debug: hear, verbose: hear });
}

it('no logger hears that another takes its place for a while', async () => {
  const heard: unknown[] = [];
  hearWith(heard);
  expect([await withWarnings(async () => {}), heard]).toEqual([[], []]);
});

it('the logger is gone after an error', async () => {
  const failing = withWarnings(async () => {
    throw new RangeError('broken');
  });
  await expect(failing).rejects.toThrow(new RangeError('broken'));
  const heard: unknown[] = [];
  hearWith(heard);
  diag.disable();
  // It would have heard that it takes the place of another.
  expect(heard).toEqual([]);
});

// Standard output as the destination, in processes of their own. They use the package in dist, so build first (npm test
// does).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { repository } from '../../support/app-process.js';

/** Exports ten counters to standard output when told to, and prints its stats to standard error. */
const program = `
  import { StatsdExporter } from 'opentelemetry-exporter-statsd';
  import { diag, DiagLogLevel } from '@opentelemetry/api';
  import { once } from 'node:events';
  import { numberedCounters } from './test/faults/support/counters.js';

  const logs = [];
  const log = (...args) => logs.push(args.slice(1).join(' '));
  diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log }, DiagLogLevel.INFO);
  const { flushTimeoutMillis, shutdownTimeoutMillis } = JSON.parse(process.argv[1]);
  const exporter = new StatsdExporter({ stream: process.stdout, flushTimeoutMillis, shutdownTimeoutMillis });
  await once(process, 'message');
  const results = [];
  for (const _ of [1, 2]) {
    const { code, error } = await new Promise((resolve) => exporter.export(numberedCounters(10), resolve));
    results.push(error?.message ?? code);
    await exporter.forceFlush();
  }
  const { queuedLines, droppedLines, flushDeadlinesMissed } = exporter.stats();
  await exporter.shutdown();
  console.error(JSON.stringify({ results, logs, queuedLines, droppedLines, flushDeadlinesMissed }));
  process.disconnect();
`;

interface Report {
  readonly results: (number | string)[];
  readonly logs: string[];
  readonly queuedLines: number;
  readonly droppedLines: Record<string, number>;
  readonly flushDeadlinesMissed: number;
}

/** Starts the app with this standard output, lets `prepare` change it, and returns what the app reports at its end. */
async function run(
  stdout: 'pipe' | number,
  timeouts: { readonly flushTimeoutMillis: number; readonly shutdownTimeoutMillis: number },
): Promise<Report> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(timeouts)], {
    cwd: repository,
    stdio: ['ignore', stdout, 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout !== null) {
    child.stdout.destroy();
    await once(child.stdout, 'close');
  }
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.send('export');
  const [status] = await once(child, 'close');
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^\{.*\}\n$/) });
  return JSON.parse(stderr) as Report;
}

test('standard output whose reader has closed is a permanent failure, and delays no flush', async () => {
  const { logs, results, ...counts } = await run('pipe', {
    flushTimeoutMillis: 60_000,
    shutdownTimeoutMillis: 60_000,
  });
  expect(counts).toEqual({ queuedLines: 0, droppedLines: { stream_closed: 20 }, flushDeadlinesMissed: 0 });
  expect(results).toEqual([0, 'refused 10 lines for the stream: it has ended or failed']);
  expect(logs).toEqual([
    'cannot deliver to the stream: EPIPE (the reader of the stream has closed it). This is permanent: all further ' +
      'metrics are dropped',
    '10 lines dropped, not sent to the stream: the stream has ended or failed (EPIPE)',
    '10 lines dropped, not sent to the stream: the stream has ended or failed',
  ]);
});

test.runIf(existsSync('/dev/full'))(
  'standard output on a full disk is an outage, and lines are kept until shutdown',
  async () => {
    const file = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(file));
    const { logs, results, ...counts } = await run(file, {
      flushTimeoutMillis: 100,
      shutdownTimeoutMillis: 100,
    });
    expect(counts).toEqual({ queuedLines: 20, droppedLines: {}, flushDeadlinesMissed: 2 });
    expect(results).toEqual([0, 0]);
    expect(logs).toEqual([
      'cannot deliver to the stream: ENOSPC (the disk is full). Metrics are kept and sent once delivery works again',
      '20 lines dropped, not sent to the stream: the exporter was shut down before they were delivered ' +
        '(shutdownTimeoutMillis)',
    ]);
  },
);

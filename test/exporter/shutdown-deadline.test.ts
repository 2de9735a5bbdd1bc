// MeterProvider.shutdown() collects, exports, awaits forceFlush() and then shutdown() of the exporter.
import { Writable } from 'node:stream';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, test } from 'vitest';
import type { StatsdExporterOptions } from '../../src/exporter/options/options.js';
import { ShutdownDeadline } from '../../src/exporter/shutdown-deadline.js';
import { StatsdExporter } from '../../src/exporter/statsd-exporter.js';
import { FakeClock } from '../support/fake-clock.js';
import { startTcpServer, unusedPort } from '../support/receivers/stream-server.js';

describe('the time of a shutdown', () => {
  it('is the whole timeout after no flush, a flush in time, or a missed flush and a new export', async () => {
    const clock = new FakeClock();
    const deadline = new ShutdownDeadline(clock);
    const times = [deadline.remaining(5_000)];
    await deadline.flush(async () => true);
    times.push(deadline.remaining(5_000));
    await deadline.flush(async () => false);
    clock.advance(1_000);
    deadline.exported();
    times.push(deadline.remaining(5_000));
    await deadline.flush(async () => {
      deadline.exported();
      clock.advance(1_000);
      return false;
    });
    times.push(deadline.remaining(5_000));
    expect(times).toEqual([5_000, 5_000, 5_000, 5_000]);
  });

  it('is what is left since a missed flush began', async () => {
    const clock = new FakeClock();
    clock.advance(700);
    const deadline = new ShutdownDeadline(clock);
    await deadline.flush(async () => {
      clock.advance(2_000);
      return false;
    });
    clock.advance(500);
    const first = deadline.remaining(5_000);
    clock.advance(10_000);
    expect({ first, remaining: deadline.remaining(5_000) }).toEqual({ first: 2_500, remaining: 0 });
  });
});

const SHUTDOWN_MILLIS = 3_000;

/** Milliseconds that MeterProvider.shutdown() takes. */
async function shutdownMillis(options: StatsdExporterOptions): Promise<number> {
  const exporter = new StatsdExporter({ ...options, shutdownTimeoutMillis: SHUTDOWN_MILLIS });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e8 });
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter('app').createCounter('jobs').add(1);
  const startedAt = performance.now();
  await provider.shutdown();
  return performance.now() - startedAt;
}

test('MeterProvider.shutdown() ends within shutdownTimeoutMillis on every transport, whatever the server does', async () => {
  const silent = await startTcpServer(() => {});
  const never = () => new Promise<void>(() => {});
  const servers: Record<string, StatsdExporterOptions> = {
    'a port that refuses tcp': { endpoint: `tcp://127.0.0.1:${await unusedPort()}` },
    'a tcp server that never reads': { endpoint: `tcp://127.0.0.1:${silent.port}` },
    'a tls server without a handshake': { endpoint: `tls://127.0.0.1:${silent.port}` },
    'a missing unix socket': { endpoint: 'unix:///tmp/there-is-no-such.sock' },
    'a missing unixgram socket': { endpoint: 'unixgram:///tmp/there-is-no-such.sock' },
    'a DNS that never answers (tcp)': { endpoint: 'tcp://statsd.invalid', lookup: () => {} },
    'a DNS that never answers (udp)': { endpoint: 'udp://statsd.invalid', lookup: () => {} },
    'a stream that never takes anything': { stream: new Writable({ write: () => {}, highWaterMark: 1 }) },
    'a function that never settles': { lines: never },
    'a function that throws': {
      lines: () => {
        throw new Error('no');
      },
    },
  };
  const times = await Promise.all(
    Object.entries(servers).map(async ([name, options]) => [name, await shutdownMillis(options)] as const),
  );
  // Two deadlines in a row would be 6 s.
  expect(times.filter(([, millis]) => millis > 1.6 * SHUTDOWN_MILLIS)).toEqual([]);
}, 30_000);

// Fake timers of test frameworks, installed after the package was loaded, must not stop a flush: the package takes its
// timers once, in runtime/timers.ts.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { StatsdExporter } from '../../src/index.js';
import { numberedCounters } from '../faults/support/counters.js';
import { startApp } from '../support/app-process.js';
import { startTcpServer, startUnixServer } from '../support/receivers/stream-server.js';
import { startUdpServer } from '../support/receivers/udp-server.js';

/** All that Vitest can fake in a worker, which are also Jest's and Sinon's, except process.nextTick. */
const FAKED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
  'performance',
  'Date',
] as const;

const exported = (exporter: StatsdExporter): Promise<{ code: number }> =>
  new Promise((resolve) => exporter.export(numberedCounters(200), resolve));

describe('with fake timers of Vitest', () => {
  test.each([
    ['udp', async () => ({ endpoint: `udp://127.0.0.1:${(await startUdpServer()).port}` })],
    ['tcp', async () => ({ endpoint: `tcp://127.0.0.1:${(await startTcpServer()).port}` })],
    [
      'tcp, persistent',
      async () => ({
        endpoint: `tcp://127.0.0.1:${(await startTcpServer()).port}`,
        delivery: 'persistent' as const,
      }),
    ],
    ['unix', async () => ({ endpoint: `unix://${(await startUnixServer()).path}` })],
    ['a function', async () => ({ lines: async () => {} })],
  ])('forceFlush() and shutdown() over %s deliver everything', async (_what, optionsFor) => {
    const options = await optionsFor();
    vi.useFakeTimers({ toFake: [...FAKED] });
    onTestFinished(() => void vi.useRealTimers());
    const exporter = new StatsdExporter(options);
    expect((await exported(exporter)).code).toBe(0);
    await exporter.forceFlush();
    const { writtenLines, confirmedLines, flushDeadlinesMissed } = exporter.stats();
    expect([writtenLines + confirmedLines, flushDeadlinesMissed]).toEqual([200, 0]);
    await exporter.shutdown();
    expect(exporter.stats().state).toBe('closed');
  });

  test('forceFlush() and shutdown() end at their deadlines without a server', async () => {
    vi.useFakeTimers({ toFake: [...FAKED] });
    onTestFinished(() => void vi.useRealTimers());
    const exporter = new StatsdExporter({
      endpoint: 'unix:///nowhere.sock',
      flushTimeoutMillis: 50,
      shutdownTimeoutMillis: 100,
    });
    await exported(exporter);
    await exporter.forceFlush();
    await exporter.shutdown();
    expect(exporter.stats()).toMatchObject({ state: 'closed', droppedLines: { shutdown: 200 } });
  });
});

test('forceFlush() delivers everything with the mock timers of node:test', async () => {
  const server = await startTcpServer();
  const program = `
    import { mock } from 'node:test';
    import { StatsdExporter } from 'opentelemetry-exporter-statsd';
    import { numberedCounters } from './test/faults/support/counters.js';
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] });
    const exporter = new StatsdExporter({ endpoint: 'tcp://127.0.0.1:${server.port}' });
    await new Promise((resolve) => exporter.export(numberedCounters(200), resolve));
    await exporter.forceFlush();
    const { confirmedLines, flushDeadlinesMissed } = exporter.stats();
    console.log(JSON.stringify({ confirmedLines, flushDeadlinesMissed }));
  `;
  const { ended } = startApp(['--input-type=module', '-e', program], { env: {} });
  const { stdout } = await ended;
  expect(stdout).toBe('{"confirmedLines":200,"flushDeadlinesMissed":0}\n');
});

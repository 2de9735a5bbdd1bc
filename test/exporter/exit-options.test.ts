// The option flushOn, without an end of the process: that is in flush-on.test.ts.
import { Writable } from 'node:stream';
import { isMainThread } from 'node:worker_threads';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT_EVENTS } from '../../src/exporter/flush-on-exit.js';
import { StatsdExporter, type StatsdExporterOptions } from '../../src/index.js';
import { exportOnce, instrument, SUCCESS } from '../support/metrics/collect.js';

/** Worker threads get no signals. */
const WATCHABLE = isMainThread ? EXIT_EVENTS : ['beforeExit'];

/** An exporter, the listeners of the process that it added, and the lines that it wrote. */
function start(options: StatsdExporterOptions) {
  const listenersOf = (event: string): readonly unknown[] => process.listeners(event as NodeJS.Signals);
  const before = new Map(EXIT_EVENTS.map((event) => [event, listenersOf(event)]));
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString().split('\n').slice(0, -1));
      done();
    },
  });
  const exporter = new StatsdExporter({ stream, ...options });
  onTestFinished(() => exporter.shutdown());
  const added = (): Record<string, unknown[]> =>
    Object.fromEntries(
      EXIT_EVENTS.flatMap((event) => {
        const listeners = listenersOf(event).filter((listener) => !before.get(event)!.includes(listener));
        return listeners.length > 0 ? [[event, listeners]] : [];
      }),
    );
  return { exporter, lines, added };
}

/** As if the process came to its natural end. */
function endNaturally(listeners: Record<string, unknown[]>): void {
  for (const listener of listeners['beforeExit']!) (listener as () => void)();
}

function capturedErrors(): unknown[][] {
  const errors: unknown[][] = [];
  const none = (): void => {};
  const error = (...message: unknown[]): void => void errors.push(message);
  diag.setLogger({ error, warn: none, info: none, debug: none, verbose: none }, DiagLogLevel.ALL);
  onTestFinished(() => diag.disable());
  return errors;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an exporter with flushOn', () => {
  it.each<[StatsdExporterOptions['flushOn'], readonly string[]]>([
    [undefined, []],
    [[], []],
    [{}, WATCHABLE],
    [['beforeExit'], ['beforeExit']],
    [{ events: ['beforeExit'] }, ['beforeExit']],
    [[...EXIT_EVENTS], WATCHABLE],
  ])('%j watches %j until it is shut down', async (flushOn, events) => {
    const { exporter, added } = start({ flushOn });
    const watched = added();
    await exporter.shutdown();
    expect([Object.keys(watched), added()]).toEqual([events, {}]);
  });

  it('collects, delivers and shuts down when the process ends naturally', async () => {
    const { exporter, added, lines } = start({
      flushOn: {
        events: ['beforeExit'],
        collect: async () => {
          meter.createCounter('orders').add(2);
          results.push(await exportOnce(exporter, await collect()));
          end();
        },
      },
    });
    const { meter, collect } = instrument(exporter);
    const results: ExportResult[] = [];
    let end = (): void => {};
    const collected = new Promise<void>((resolve) => {
      end = resolve;
    });
    endNaturally(added());
    await collected;
    await turn();
    const later = await exportOnce(exporter, await collect());
    await exporter.shutdown();
    expect([results, later.error?.message, lines]).toEqual([
      [SUCCESS],
      'the exporter is shut down',
      ['orders:2|c'],
    ]);
  });

  it('shuts down without collecting where it has nothing to collect', async () => {
    const { exporter, added } = start({ flushOn: ['beforeExit'] });
    const { meter, collect } = instrument(exporter);
    meter.createCounter('orders').add(2);
    endNaturally(added());
    await turn();
    const { code, error } = await exportOnce(exporter, await collect());
    expect([code, error?.message]).toEqual([1, 'the exporter is shut down']);
  });

  it('shuts down, and logs the reason, when collecting fails', async () => {
    const errors = capturedErrors();
    const failure = new Error('no luck');
    const { exporter, added } = start({
      flushOn: { events: ['beforeExit'], collect: () => Promise.reject(failure) },
    });
    const { collect } = instrument(exporter);
    endNaturally(added());
    await turn();
    const { error } = await exportOnce(exporter, await collect());
    expect([errors, error?.message]).toEqual([
      [
        [
          'opentelemetry-exporter-statsd',
          'collect() of flushOn failed; the last interval may be lost',
          failure,
        ],
      ],
      'the exporter is shut down',
    ]);
  });

  it.runIf(isMainThread)('collects and stays open at a signal that the app handles', async () => {
    const collections: string[] = [];
    const { exporter, added, lines } = start({
      flushOn: { events: ['SIGHUP'], collect: async () => void collections.push('collected') },
    });
    const ofTheApp = (): void => {};
    process.on('SIGHUP', ofTheApp);
    onTestFinished(() => void process.removeListener('SIGHUP', ofTheApp));
    for (const listener of added()['SIGHUP']!) if (listener !== ofTheApp) (listener as () => void)();
    await turn();
    const { meter, collect } = instrument(exporter);
    meter.createCounter('orders').add(2);
    expect([collections, await exportOnce(exporter, await collect())]).toEqual([['collected'], SUCCESS]);
    await exporter.forceFlush();
    expect(lines).toEqual(['orders:2|c']);
  });
});

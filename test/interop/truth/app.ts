// The app of all interop tests: the real SDK with this exporter, four exports, every kind of instrument.
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  dialects,
  StatsdExporter,
  type StatsdExporterOptions,
  type StatsdExporterStats,
} from '../../../src/index.js';
import { valuesOf } from '../../support/metrics/random-values.js';
import { poll } from '../harness/poll.js';
import type { InteropServer, Protocol, RunningServer } from '../harness/server.js';
import { udpSocketState } from '../readers/udp-socket.js';
import { exportCrowd } from './crowd.js';
import { hostileAttributes, hostileMembers } from './hostile.js';
import { Ledger } from './ledger.js';
import { sameCounts } from './names.js';

/** What an app did to a server, and what its exporter says about that. */
export interface Run {
  readonly server: InteropServer;
  readonly protocol: Protocol;
  readonly prefix: string;
  readonly truth: Ledger;
  readonly stats: StatsdExporterStats;
  /** Datagrams for which the server's receive buffer had no room. */
  readonly drops: number;
}

/** Larger than some servers read whole: the exporter must know better. */
const LARGE_DATAGRAM = 16_384;
export const MANY = 100_000;
const SERIES_PER_COUNTER = 1_000;
const DEPTHS = 300;
/** To the SDK 1 and '1' are two series; as members of a set they are one. */
const visitors = [1, '1', ...Array.from({ length: 30 }, (_, index) => `user ${index}`), ...hostileMembers];
/** Reported once everything before it has been: it is in the last export. */
export const LAST = 'last';

export function optionsFor(server: InteropServer): StatsdExporterOptions {
  // Percentiles of a summary are the exporter's, on request.
  const isSummary = dialects[server.dialect].histograms === 'summary';
  return {
    dialect: server.dialect,
    sets: { visitors: 'user.id' },
    ...(isSummary ? { histograms: { mode: 'summary', percentiles: [50, 90, 95, 99] } } : {}),
    ...server.options,
  };
}

export async function runApp(
  server: InteropServer,
  running: RunningServer,
  protocol: Protocol,
  prefix: string,
): Promise<Run> {
  const drops = () => (protocol === 'udp' ? (udpSocketState(running.port('udp'))?.drops ?? 0) : 0);
  const before = drops();
  const exporter = new StatsdExporter({
    ...optionsFor(server),
    endpoint: `${protocol}://127.0.0.1:${running.port(protocol)}`,
    maxPayloadBytes: LARGE_DATAGRAM,
    prefix,
  });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const aggregation = {
    type: AggregationType.EXPONENTIAL_HISTOGRAM,
    options: { recordMinMax: true },
  } as const;
  const provider = new MeterProvider({
    readers: [reader],
    views: [{ instrumentName: 'below', aggregation }],
  });
  try {
    const truth = new Ledger(provider.getMeter('interop'));
    const steps = [first, second, third, fourth];
    for (const [index, step] of steps.entries()) {
      if (step === first) {
        await recordHistograms(truth, running);
        await exportCrowd(truth, exporter);
      }
      if (step !== first) await pause(server, running);
      step(truth);
      truth.record('steady', 'ms', [index + 1, 10 * (index + 1)]);
      truth.count('part', [0.1, 0.25, 1.3333333, 1e-7][index]!);
      truth.upDown('open', [4, -10, 0.5, 0.5][index]!);
      await provider.forceFlush();
      if (protocol === 'udp') await untilRead(running.port('udp'));
    }
    // The shutdown exports once more.
    await pause(server, running);
    return { server, protocol, prefix, truth, stats: exporter.stats(), drops: drops() - before };
  } finally {
    await provider.shutdown();
  }
}

/** What lies between two exports, which otherwise follow each other at once. */
export async function pause(server: InteropServer, running: RunningServer): Promise<void> {
  if (server.oneExportPerSecond) await nextSecond();
  if (server.parsesInParallel) await running.startOfInterval();
}

async function nextSecond(): Promise<void> {
  const now = Date.now();
  await poll('the next second', () =>
    Math.trunc(Date.now() / 1000) > Math.trunc(now / 1000) ? true : undefined,
  );
}

/** Exports follow each other at once here: without a pause a busy server would have no room for the next one. */
async function untilRead(port: number): Promise<void> {
  await poll(
    'the datagrams to be read',
    () => (udpSocketState(port)?.waitingBytes === 0 ? true : undefined),
    {
      everyMillis: 2,
    },
  );
}

/** All in one interval of the server, if it has any. */
async function recordHistograms(truth: Ledger, running: RunningServer): Promise<void> {
  const many = valuesOf('lognormal', MANY, 1);
  truth.record('few', 'ms', [250, 1, 2000]);
  truth.record('secs', 's', [0.25, 0.001, 2]);
  truth.record('bytes', 'By', [65_536, 100, 2_000]);
  truth.record('below', 'Cel', [-5, 5, 20]);
  truth.record('many', 'ms', many);
  truth.record('sizes', 'By', many);
  for (const count of sameCounts) truth.record(`same${count}x`, 'ms', Array(count).fill(12));
  await running.startOfInterval();
}

function first(truth: Ledger): void {
  truth.count('hits', 3, { route: 'a' });
  truth.count('hits', 5, { route: 'b', method: 'GET' });
  truth.count('order', 1, { y: '2', x: '1' });
  truth.count('big', 3_000_000_000);
  truth.gauge('celsius', -40.5);
  truth.gauge('zero', 7);
  truth.gauge('minuszero', 7);
  for (const [index, attributes] of hostileAttributes.entries())
    truth.count('hostile', index + 1, attributes);
  truth.count('busy', 1.5, {}, 's');
  truth.gauge('lag', 0.25, {}, 'seconds');
  truth.distinct('visitors', 'user.id', visitors);
  depths(truth);
}

function second(truth: Ledger): void {
  truth.count('hits', 40, { route: 'a' });
  truth.count('order', 1, { x: '1', y: '2' });
  truth.gauge('zero', 0);
  truth.gauge('minuszero', -0);
  truth.gauge('huge', 4e15);
  truth.gauge('vast', 1.5e21);
  truth.gauge('tiny', 1e-7);
  truth.gauge('third', 1 / 3);
  truth.gauge('deepest', -4e15);
  truth.count('long', 1, { v: 'v'.repeat(20_000) });
  for (const counter of ['series', 'wide']) {
    for (let id = 1; id < SERIES_PER_COUNTER; id++)
      truth.count(counter, id, { id: `${id}`, zone: `z${id % 7}` });
  }
  depths(truth);
}

function third(truth: Ledger): void {
  truth.count('hits', 1, { route: 'b', method: 'GET' });
  truth.count('big', 1);
  truth.gauge('celsius', -40.5);
  many(truth, 'wide');
}

function fourth(truth: Ledger): void {
  truth.count('hits', 1, { route: 'a' });
  truth.gauge('nan', Number.NaN);
  truth.gauge('infinite', Number.NEGATIVE_INFINITY);
  depths(truth);
  truth.count(LAST, 1);
}

/** In two exports, each of which fits into a receive buffer. One instrument holds 2,000 series at most, by the SDK's limit. */
function many(truth: Ledger, counter: string): void {
  for (let id = 1; id <= SERIES_PER_COUNTER; id++)
    truth.count(counter, id, { id: `${id}`, zone: `z${id % 7}` });
}

/** So many gauges below zero that some must lie where one datagram ends and the next begins. */
function depths(truth: Ledger): void {
  for (let id = 0; id < DEPTHS; id++) truth.gauge('depth', -5 - id, { id: `${id}` });
}

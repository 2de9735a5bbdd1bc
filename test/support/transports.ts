// Transports with short deadlines, whose stats are checked for balance after every step and at the end.
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/runtime/clock.js';
import { createTransport } from '../../src/transport/create-transport.js';
import type { UnixDatagramModule } from '../../src/transport/datagram/load-unix-dgram.js';
import type { TransportOptions } from '../../src/transport/options.js';
import type { Transport, TransportEvent, TransportStats } from '../../src/transport/transport.js';
import { FakeClock } from './fake-clock.js';
import { balanced } from './ledger-balance.js';
import { chunksOf, type Packing } from './lines.js';

export interface TestedTransport extends Transport {
  readonly events: TransportEvent[];
  /** Sends lines as one export would. True when all of them were accepted. */
  sendLines(lines: readonly string[], packing?: Packing): boolean;
  /** Resolves once the stats are so. */
  until(isSo: (stats: TransportStats) => boolean): Promise<TransportStats>;
}

export type TransportSettings = Partial<TransportOptions> &
  Pick<TransportOptions, 'destination'> & {
    /** Instead of the native package. */
    readonly loadUnixDgram?: () => Promise<UnixDatagramModule>;
  };

/** Complete options, with the exporter's defaults but the shortest back-off. */
export function transportOptions(settings: TransportSettings): TransportOptions {
  return {
    maxQueueBytes: 64 * 2 ** 20,
    softQueueBytes: 16 * 2 ** 20,
    delivery: 'confirmed',
    onUnconfirmed: 'resend',
    framing: 'newline',
    abortWith: 'rst',
    pacing: {},
    tls: {},
    connectTimeoutMillis: 5_000,
    stallTimeoutMillis: 30_000,
    confirmTimeoutMillis: 60_000,
    lookup: lookup as LookupFunction,
    clock: systemClock,
    // The shortest back-off: tests wait for it in real time.
    random: () => 0,
    withoutTracing: (run) => run(),
    onEvent: () => {},
    onBelowSoftLimit: () => {},
    ...settings,
  };
}

/** A transport that is closed when the test ends, with nothing left in flight. */
export function startTransport({ loadUnixDgram, ...settings }: TransportSettings): TestedTransport {
  const events: TransportEvent[] = [];
  const options = transportOptions({ onEvent: (event) => events.push(event), ...settings });
  const transport = createTransport(options, loadUnixDgram);
  onTestFinished(async () => {
    await closeAtOnce(transport, settings.clock);
    const { queuedLines, queuedBytes, inFlightLines, oldestQueuedMillis } = balanced(transport.stats());
    expect({ queuedLines, queuedBytes, inFlightLines, oldestQueuedMillis }).toEqual({
      queuedLines: 0,
      queuedBytes: 0,
      inFlightLines: 0,
      oldestQueuedMillis: 0,
    });
  });
  return {
    events,
    send: (chunk) => transport.send(chunk),
    reject: (rejection) => transport.reject(rejection),
    isOverSoftLimit: () => transport.isOverSoftLimit(),
    heldBytes: () => transport.heldBytes(),
    flush: (deadlineMillis) => transport.flush(deadlineMillis),
    close: (deadlineMillis) => transport.close(deadlineMillis),
    stats: () => balanced(transport.stats()),
    sendLines: (lines, packing) => {
      const reasons = chunksOf(lines, packing).map((chunk) => transport.send(chunk));
      balanced(transport.stats());
      return reasons.every((reason) => reason === undefined);
    },
    until: (isSo) => {
      let stats = balanced(transport.stats());
      return vi
        .waitUntil(
          () => {
            stats = balanced(transport.stats());
            return isSo(stats);
          },
          { interval: 1, timeout: 20_000 },
        )
        .then(() => stats);
    },
  };
}

/** Time does not pass by itself on a fake clock, and closing takes a moment. */
async function closeAtOnce(transport: Transport, clock: Clock | undefined): Promise<void> {
  let isClosed = false;
  const closing = transport.close(0).finally(() => {
    isClosed = true;
  });
  while (clock instanceof FakeClock && !isClosed) {
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await closing;
}

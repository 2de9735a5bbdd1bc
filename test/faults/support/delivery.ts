// What a fault test asserts about every delivery: how many lines were lost, how many came twice, whether they came
// in order, and that the transport's stats say so.
import { expect, vi } from 'vitest';
import type { Destination } from '../../../src/transport/endpoint/destination.js';
import type { TransportStats } from '../../../src/transport/transport.js';
import { balanced } from '../../support/ledger-balance.js';
import { longLines } from '../../support/lines.js';
import type { FaultServer } from './fault-server.js';

/** Of `longLines()`, newline included. */
const LINE_BYTES = 97;

/** What a confirmed connection carries at most. */
export const SEGMENT_LINES: number = Math.floor(1_048_576 / LINE_BYTES);

/** What a Node.js server can have read and not yet looked at. */
export const READ_BUFFER_LINES: number = Math.ceil(65_536 / LINE_BYTES);

/** `line<number>:1|c` with tags up to 96 bytes. */
export const numberedLines: typeof longLines = longLines;

export interface Delivery {
  readonly lost: number;
  readonly duplicated: number;
  /** Whether each line came, for the first time, after those that were sent before it. */
  readonly inOrder: boolean;
}

/** Compares what a server processed with the numbered lines that were sent, from 0 to `sent` - 1. */
export function deliveryOf(server: FaultServer, sent: number): Delivery {
  const seen = new Set<number>();
  // A line that was never sent, such as one that was cut, would be worse than lost.
  const foreign: string[] = [];
  let duplicated = 0;
  let latest = -1;
  let inOrder = true;
  for (const line of server.lines()) {
    const number = Number(/^line(\d+):1\|[cg]$/.exec(line)?.[1] ?? Number.NaN);
    if (!(number < sent)) {
      foreign.push(line);
    } else if (seen.has(number)) {
      duplicated += 1;
    } else {
      seen.add(number);
      inOrder &&= number > latest;
      latest = number;
    }
  }
  expect(foreign).toEqual([]);
  return { lost: sent - seen.size, duplicated, inOrder };
}

/** The delivery, after it has been checked against the stats. */
export function checkedDelivery(server: FaultServer, sent: number, stats: TransportStats): Delivery {
  const { maybeDuplicatedLines } = balanced(stats);
  const delivery = deliveryOf(server, sent);
  expect(delivery.duplicated).toBeLessThanOrEqual(maybeDuplicatedLines);
  expect(delivery.inOrder).toBe(true);
  return delivery;
}

/** Resolves once the server has processed so many lines; only a confirmed delivery says so itself. */
export async function processed(server: FaultServer, count: number): Promise<void> {
  await vi.waitUntil(() => server.lines().length >= count, { interval: 10, timeout: 20_000 });
}

export function destinationOf(server: FaultServer, protocol: 'tcp' | 'tls' | 'unix' | 'udp'): Destination {
  return protocol === 'unix'
    ? { protocol, path: server.path }
    : { protocol, host: '127.0.0.1', port: server.port };
}

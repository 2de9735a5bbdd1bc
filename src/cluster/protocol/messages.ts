// What workers and the aggregator say to one another. The channel is often the app's own, so every message carries
// our name and a version, and whatever does not is none of our business.

import { MessagePort } from 'node:worker_threads';
import { isRecord } from '../../exporter/options/checks.js';

/** Property of every message of ours; its value is the version of the protocol. */
export const PROTOCOL = 'opentelemetry-exporter-statsd';
const VERSION = 1;

/** `from` is one exporter's own random name: a process may have several exporters, and one channel. */
export type WorkerMessage =
  /** Is anybody there? Repeated until there is. */
  | { readonly kind: 'hello'; readonly from: string }
  /** `everyMillis`: how far apart this worker's exports are; `metrics` is not looked at yet. */
  | {
      readonly kind: 'batch';
      readonly from: string;
      readonly sequence: number;
      readonly everyMillis: number;
      readonly metrics: unknown;
    }
  /** All that was recorded until `flush` was asked for has been handed over. */
  | { readonly kind: 'flushed'; readonly from: string }
  /** Nothing more will come, and what this worker reported as its state is over. */
  | { readonly kind: 'bye'; readonly from: string };

export type AggregatorMessage =
  /** Here is the aggregator of this name: the answer to `hello`, and unasked to all (`*`) when it begins. */
  | { readonly kind: 'here'; readonly to: string; readonly aggregator: string }
  /** The batch has been dealt with; `accepted` false when nothing could be made of it, now or ever. */
  | {
      readonly kind: 'acknowledged';
      readonly to: string;
      readonly sequence: number;
      readonly accepted: boolean;
    }
  /** Collect now, hand over, and answer `flushed`. */
  | { readonly kind: 'flush'; readonly to: string }
  /** This aggregator takes nothing any more; another may come. */
  | { readonly kind: 'gone'; readonly to: string };

/** As a message travels. */
export type Envelope<M> = M & { readonly [PROTOCOL]: number };

export function envelope<M extends object>(message: M): Envelope<M> {
  return { [PROTOCOL]: VERSION, ...message } as Envelope<M>;
}

/** `foreign`: not ours, or of another version. `malformed`: ours by name, yet not to be understood. */
export type Read<M> = M | 'foreign' | 'malformed';

/** Longer names would be no names of ours; they are kept in memory. */
const MAX_NAME = 200;
/** An hour: who exports less often is asked too much of. */
export const MAX_EVERY_MILLIS = 3_600_000;

export function readWorkerMessage(value: unknown): Read<WorkerMessage> {
  if (!isOurs(value)) return 'foreign';
  const { kind, from, sequence, everyMillis, metrics } = value;
  if (!isName(from)) return 'malformed';
  switch (kind) {
    case 'hello':
    case 'flushed':
    case 'bye':
      return { kind, from };
    case 'batch':
      return isWhole(sequence) && isMillis(everyMillis)
        ? { kind, from, sequence, everyMillis, metrics }
        : 'malformed';
    default:
      return 'malformed';
  }
}

export function readAggregatorMessage(value: unknown): Read<AggregatorMessage> {
  if (!isOurs(value)) return 'foreign';
  const { kind, to, aggregator, sequence, accepted } = value;
  if (!isName(to)) return 'malformed';
  switch (kind) {
    case 'here':
      return isName(aggregator) ? { kind, to, aggregator } : 'malformed';
    case 'acknowledged':
      return isWhole(sequence) && typeof accepted === 'boolean'
        ? { kind, to, sequence, accepted }
        : 'malformed';
    case 'flush':
    case 'gone':
      return { kind, to };
    default:
      return 'malformed';
  }
}

/** Passed from a thread to the one that started it: all else goes through this port. */
export function portOffer(port: MessagePort): object {
  return envelope({ kind: 'port', port });
}

export function offeredPort(value: unknown): MessagePort | undefined {
  if (!isOurs(value) || value['kind'] !== 'port') return undefined;
  const { port } = value;
  return port instanceof MessagePort ? port : undefined;
}

function isOurs(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value[PROTOCOL] === VERSION;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isMillis(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_EVERY_MILLIS;
}

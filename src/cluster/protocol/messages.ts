// Messages between workers and the aggregator. The channel often carries messages of the app as well, so every message
// has our name and a protocol version; all others are ignored.

import { MessagePort } from 'node:worker_threads';
import { isRecord } from '../../exporter/options/checks.js';

/** Property that marks our messages; its value is the version of the protocol. */
export const PROTOCOL = 'opentelemetry-exporter-statsd';
const VERSION = 1;

/**
 * The sender of a message: one exporter. A process may have several exporters on one channel, and an exporter several
 * channels one after the other. Messages with the name of a known worker and another secret are refused.
 */
export interface WorkerIdentity {
  readonly from: string;
  readonly secret: string;
}

export type WorkerMessage = WorkerIdentity & WorkerRequest;

export type WorkerRequest =
  /** Starts the handshake. Repeated until it is answered. */
  | { readonly kind: 'hello' }
  /** `intervalMillis`: the time between exports of this worker. `metrics` is checked by `decodeMetrics`. */
  | {
      readonly kind: 'batch';
      readonly sequence: number;
      readonly intervalMillis: number;
      readonly metrics: unknown;
    }
  /** Answer to `flush`: everything recorded before it has been acknowledged. */
  | { readonly kind: 'flushed' }
  /** The worker shuts down: its gauges and up-down counters end. */
  | { readonly kind: 'goodbye' };

export type AggregatorMessage =
  /** Answer to `hello`; also sent to all workers (`to: '*'`) of a new channel. */
  | { readonly kind: 'welcome'; readonly to: string; readonly aggregator: string }
  /** The batch has been processed; `accepted` is false when it was malformed. */
  | {
      readonly kind: 'acknowledged';
      readonly to: string;
      readonly sequence: number;
      readonly accepted: boolean;
    }
  /** Asks the worker to collect, send, and answer `flushed`. */
  | { readonly kind: 'flush'; readonly to: string }
  /** This aggregator shuts down; another one may follow. */
  | { readonly kind: 'closing'; readonly to: string };

/** A message with its protocol marker. */
export type Envelope<M> = M & { readonly [PROTOCOL]: number };

export function envelope<M extends object>(message: M): Envelope<M> {
  return { [PROTOCOL]: VERSION, ...message } as Envelope<M>;
}

/** `foreign`: without our marker, or of another version. `malformed`: with our marker, but invalid. */
export type Read<M> = M | 'foreign' | 'malformed';

/** Names and secrets are UUIDs of 36 characters. The limit bounds the memory of those that are remembered. */
const MAX_NAME = 200;
/** One hour, the longest export interval that staleness is derived from. */
export const MAX_INTERVAL_MILLIS = 3_600_000;

export function readWorkerMessage(value: unknown): Read<WorkerMessage> {
  if (!hasEnvelope(value)) return 'foreign';
  const { kind, from, secret, sequence, intervalMillis, metrics } = value;
  if (!isName(from) || !isName(secret)) return 'malformed';
  switch (kind) {
    case 'hello':
    case 'flushed':
    case 'goodbye':
      return { kind, from, secret };
    case 'batch':
      return isSequence(sequence) && isInterval(intervalMillis)
        ? { kind, from, secret, sequence, intervalMillis, metrics }
        : 'malformed';
    default:
      return 'malformed';
  }
}

export function readAggregatorMessage(value: unknown): Read<AggregatorMessage> {
  if (!hasEnvelope(value)) return 'foreign';
  const { kind, to, aggregator, sequence, accepted } = value;
  if (!isName(to)) return 'malformed';
  switch (kind) {
    case 'welcome':
      return isName(aggregator) ? { kind, to, aggregator } : 'malformed';
    case 'acknowledged':
      return isSequence(sequence) && typeof accepted === 'boolean'
        ? { kind, to, sequence, accepted }
        : 'malformed';
    case 'flush':
    case 'closing':
      return { kind, to };
    default:
      return 'malformed';
  }
}

/** Sent by a thread to the thread that started it: all further messages use this port. */
export function portOffer(port: MessagePort): object {
  return envelope({ kind: 'port', port });
}

export function offeredPort(value: unknown): MessagePort | undefined {
  if (!hasEnvelope(value) || value['kind'] !== 'port') return undefined;
  const { port } = value;
  return port instanceof MessagePort ? port : undefined;
}

function hasEnvelope(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value[PROTOCOL] === VERSION;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME;
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isInterval(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_INTERVAL_MILLIS;
}

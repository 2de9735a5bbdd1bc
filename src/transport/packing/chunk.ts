// Chunks and payloads: the units in which lines are queued and sent.

/** Large enough that a stream write is one memory copy of 600 or more lines, small enough to pool. */
export const CHUNK_BYTES = 65_536;

/**
 * Where payloads end in the chunks of streams. Streams do not need payloads, but poison lines are isolated at payload
 * granularity, so small payloads limit how many good lines are dropped with them. prometheus/statsd_exporter reads
 * lines of up to 4096 bytes.
 */
export const STREAM_PAYLOAD_BYTES = 4_096;

/** Whether sending a line twice counts it twice (`additive`) or changes nothing (`idempotent`). */
export type LineKind = 'additive' | 'idempotent';

/** Payload boundaries as flat pairs: end offset, line count. Flat because streams, the common case, never read them. */
export type PayloadBounds = readonly number[];

/** Whole lines of one kind, at most 64 KiB, divided into payloads that fit into a datagram. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly lines: number;
  readonly kind: LineKind;
  readonly bounds: PayloadBounds;
  /**
   * Returns the buffer to the pool. Call only when no socket or retry can still read it; otherwise leave the chunk to
   * the garbage collector.
   */
  readonly release?: (() => void) | undefined;
}

export interface Payload {
  readonly bytes: Buffer;
  readonly lines: number;
}

export interface PayloadSizes {
  /** No payload is larger; a group of lines that exceeds it is rejected. */
  readonly maxPayloadBytes: number;
  /** A payload ends before a line that would exceed this; a longer line is a payload by itself. Default the maximum. */
  readonly targetPayloadBytes?: number | undefined;
}

/** Why lines are rejected before they are queued. */
export type RejectReason =
  /** A line, or a group that must stay together, is larger than the maximum payload. */
  | 'too_large'
  /** Not whole lines: a newline is missing, or there are more than expected. */
  | 'invalid';

/** A group of lines that cannot be packed. */
export interface Rejection {
  readonly reason: RejectReason;
  readonly lines: number;
  readonly bytes: number;
  /** Of a payload. */
  readonly limitBytes: number;
  /** Name of the metric, as the line has it. */
  readonly metric: string;
}

export type OnRejected = (rejection: Rejection) => void;

/** Longer names are truncated in messages. */
const MAX_NAME_LENGTH = 200;

/** The name at the beginning of a line: up to a character with which values or tags begin in some dialect. */
export function metricNameOf(line: string): string {
  return /^[^:|;,#\s]*/.exec(line.slice(0, MAX_NAME_LENGTH))?.[0] ?? '';
}

export function payloadCount({ bounds }: Chunk): number {
  return bounds.length / 2;
}

export function payloadsOf({ bytes, bounds }: Chunk): Payload[] {
  const payloads: Payload[] = [];
  for (let at = 0; at < bounds.length; at += 2) {
    payloads.push({ bytes: bytes.subarray(bounds[at - 2] ?? 0, bounds[at]), lines: bounds[at + 1]! });
  }
  return payloads;
}

/** Two halves, divided between payloads so that groups of lines stay together; undefined for a single payload. */
export function splitChunk<T extends Chunk>(chunk: T): readonly [T, T] | undefined {
  const count = payloadCount(chunk);
  const middle = count >> 1;
  if (middle === 0) return undefined;
  return [sliceChunk(chunk, 0, middle), sliceChunk(chunk, middle, count)];
}

function sliceChunk<T extends Chunk>(chunk: T, from: number, to: number): T {
  const start = from === 0 ? 0 : chunk.bounds[2 * from - 2]!;
  const end = chunk.bounds[2 * to - 2]!;
  const bounds = chunk.bounds
    .slice(2 * from, 2 * to)
    .map((number, index) => (index % 2 === 0 ? number - start : number));
  const lines = payloadsOf(chunk)
    .slice(from, to)
    .reduce((sum, payload) => sum + payload.lines, 0);
  return { ...chunk, bytes: chunk.bytes.subarray(start, end), lines, bounds, release: undefined };
}

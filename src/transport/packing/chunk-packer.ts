// Packs groups of lines into payloads of a bounded size, and payloads into chunks. Sizes are measured on
// the encoded bytes, never estimated.

import type { RejectReason } from '../transport.js';
import { CHUNK_BYTES, type Chunk, type LineKind } from './chunk.js';
import { ChunkPool } from './chunk-pool.js';
import { ChunkWriter } from './chunk-writer.js';

export { CHUNK_BYTES };

/**
 * Streams do not need payloads, but lines that break connections are told from the others by payload: small
 * ones keep the loss small. prometheus/statsd_exporter reads lines of up to 4096 bytes.
 */
export const STREAM_PAYLOAD_BYTES = 4_096;

export interface PayloadSizes {
  /** No payload is larger; a group of lines that is fits nowhere. */
  readonly maxPayloadBytes: number;
  /** Where payloads are cut when there is a choice; default the maximum. */
  readonly targetPayloadBytes?: number | undefined;
}

/** Hears of groups of lines that can not be packed. */
export type OnRejected = (reason: RejectReason, lines: number, bytes: number) => void;

export class ChunkPacker {
  readonly #maxPayloadBytes: number;
  readonly #onRejected: OnRejected;
  readonly #writers: Readonly<Record<LineKind, ChunkWriter>>;
  #chunks: Chunk[] = [];

  constructor({ maxPayloadBytes, targetPayloadBytes = maxPayloadBytes }: PayloadSizes, onUnfit: OnRejected) {
    this.#maxPayloadBytes = Math.min(maxPayloadBytes, CHUNK_BYTES);
    this.#onRejected = onUnfit;
    const sizes = {
      maxPayloadBytes: this.#maxPayloadBytes,
      targetPayloadBytes: Math.min(targetPayloadBytes, this.#maxPayloadBytes),
    };
    const pool = new ChunkPool();
    const lane = (kind: LineKind): ChunkWriter =>
      new ChunkWriter(kind, sizes, onUnfit, pool, (chunk) => this.#chunks.push(chunk));
    this.#writers = { additive: lane('additive'), idempotent: lane('idempotent') };
  }

  /** Adds a group of whole lines, which stays together in one payload. */
  write(text: string, lines: number, kind: LineKind): void {
    const bytes = Buffer.byteLength(text);
    // Encoders replace newlines in names and values; one that slipped through would forge a line.
    if (!isWholeLines(text, lines)) return this.#onRejected('invalid', lines, bytes);
    if (bytes > this.#maxPayloadBytes) return this.#onRejected('too_large', lines, bytes);
    this.#writers[kind].append(text, bytes, lines);
  }

  /** Where lines of this kind are written in place. */
  bytes(kind: LineKind): ChunkWriter {
    return this.#writers[kind];
  }

  /** The chunks that are full, since the last call. */
  takeFull(): Chunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Everything written since the last call; idempotent lines come last, so the newest gauge wins. */
  take(): Chunk[] {
    const { additive, idempotent } = this.#writers;
    for (const lane of [additive, idempotent]) lane.seal();
    return this.takeFull();
  }
}

/** True when the text holds that many newlines, the last at its end. */
function isWholeLines(text: string, lines: number): boolean {
  let end = -1;
  for (let count = 0; count < lines; count += 1) {
    end = text.indexOf('\n', end + 1);
    if (end === -1) return false;
  }
  return end === text.length - 1;
}

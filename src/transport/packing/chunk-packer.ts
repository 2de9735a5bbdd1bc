// Packs groups of lines into payloads of a bounded size, and payloads into chunks. Sizes are measured on the encoded
// bytes, never estimated.

import {
  CHUNK_BYTES,
  type Chunk,
  type LineKind,
  metricNameOf,
  type OnRejected,
  type PayloadSizes,
  type RejectReason,
} from './chunk.js';
import { ChunkPool } from './chunk-pool.js';
import { ChunkWriter } from './chunk-writer.js';

export class ChunkPacker {
  readonly #maxPayloadBytes: number;
  readonly #onRejected: OnRejected;
  readonly #writers: Readonly<Record<LineKind, ChunkWriter>>;
  #chunks: Chunk[] = [];

  constructor(
    { maxPayloadBytes, targetPayloadBytes = maxPayloadBytes }: PayloadSizes,
    onRejected: OnRejected,
  ) {
    this.#maxPayloadBytes = Math.min(maxPayloadBytes, CHUNK_BYTES);
    this.#onRejected = onRejected;
    const sizes = {
      maxPayloadBytes: this.#maxPayloadBytes,
      targetPayloadBytes: Math.min(targetPayloadBytes, this.#maxPayloadBytes),
    };
    const pool = new ChunkPool();
    const writer = (kind: LineKind): ChunkWriter =>
      new ChunkWriter(kind, sizes, onRejected, pool, (chunk) => this.#chunks.push(chunk));
    this.#writers = { additive: writer('additive'), idempotent: writer('idempotent') };
  }

  /** Adds a group of whole lines that stays together in one payload. */
  write(text: string, lines: number, kind: LineKind): void {
    const bytes = Buffer.byteLength(text);
    // Encoders replace newlines in names and values; one that was missed would forge a line.
    if (!isWholeLines(text, lines)) return this.#reject('invalid', text, lines, bytes);
    if (bytes > this.#maxPayloadBytes) return this.#reject('too_large', text, lines, bytes);
    this.#writers[kind].append(text, bytes, lines);
  }

  #reject(reason: RejectReason, text: string, lines: number, bytes: number): void {
    this.#onRejected({ reason, lines, bytes, limitBytes: this.#maxPayloadBytes, metric: metricNameOf(text) });
  }

  /** For lines of this kind that are written in place. */
  bytes(kind: LineKind): ChunkWriter {
    return this.#writers[kind];
  }

  /** The chunks that were filled since the last call. */
  takeFull(): Chunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Everything written since the last call. Idempotent lines come last, so that the newest gauge value wins. */
  take(): Chunk[] {
    const { additive, idempotent } = this.#writers;
    for (const writer of [additive, idempotent]) writer.seal();
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

// Appends lines of one kind to a buffer and seals it as a chunk when it is full. To write in place, reserve room at
// `position`, write a whole line, and commit it.

import {
  CHUNK_BYTES,
  type Chunk,
  type LineKind,
  metricNameOf,
  type OnRejected,
  type PayloadSizes,
} from './chunk.js';
import type { ChunkMemory, ChunkPool } from './chunk-pool.js';

/** A chunk of at least this size keeps its buffer; a smaller one is copied, and its buffer is used again. */
const FULL_BYTES = (CHUNK_BYTES * 3) / 4;

export class ChunkWriter {
  readonly #kind: LineKind;
  readonly #maxPayloadBytes: number;
  readonly #targetPayloadBytes: number;
  readonly #onRejected: OnRejected;
  readonly #onChunk: (chunk: Chunk) => void;
  readonly #pool: ChunkPool;
  #memory: ChunkMemory;
  bytes: Buffer;
  view: DataView;
  /** Where the next line begins. */
  position = 0;
  #payloadStart = 0;
  #payloadLines = 0;
  #chunkLines = 0;
  #boundCount = 0;

  constructor(
    kind: LineKind,
    { maxPayloadBytes, targetPayloadBytes = maxPayloadBytes }: PayloadSizes,
    onRejected: OnRejected,
    pool: ChunkPool,
    onChunk: (chunk: Chunk) => void,
  ) {
    this.#kind = kind;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#targetPayloadBytes = targetPayloadBytes;
    this.#onRejected = onRejected;
    this.#pool = pool;
    this.#onChunk = onChunk;
    this.#memory = pool.take();
    this.bytes = this.#memory.bytes;
    this.view = this.#memory.view;
  }

  /** Makes room for that many bytes, at most a chunk; `bytes` and `view` may be others afterwards. */
  reserve(bytes: number): void {
    if (this.position + bytes > CHUNK_BYTES) this.seal();
  }

  /** Accepts the bytes from `position` to `end` as one line. */
  commit(end: number): void {
    if (end - this.#payloadStart > this.#targetPayloadBytes) {
      const bytes = end - this.position;
      if (bytes > this.#maxPayloadBytes) return this.#reject(end);
      this.#endPayload();
    }
    this.position = end;
    this.#payloadLines += 1;
  }

  /** Adds whole lines that stay in one payload, and fit in it. */
  append(text: string, bytes: number, lines: number): void {
    this.reserve(bytes);
    this.bytes.write(text, this.position);
    this.commit(this.position + bytes);
    this.#payloadLines += lines - 1;
  }

  /** Passes on what was written as a chunk, if anything was. */
  seal(): void {
    if (this.position === 0) return;
    this.#endPayload();
    const used = this.bytes.subarray(0, this.position);
    const isFull = this.position >= FULL_BYTES;
    const { bounds } = this.#memory;
    // Of an earlier chunk that had more payloads.
    bounds.length = this.#boundCount;
    this.#onChunk({
      bytes: isFull ? used : Buffer.from(used),
      lines: this.#chunkLines,
      kind: this.#kind,
      bounds: isFull ? bounds : [...bounds],
      release: isFull ? this.#pool.releaser(this.#memory) : undefined,
    });
    if (isFull) {
      this.#memory = this.#pool.take();
      this.bytes = this.#memory.bytes;
      this.view = this.#memory.view;
    }
    this.position = 0;
    this.#chunkLines = 0;
    this.#boundCount = 0;
    this.#payloadStart = 0;
  }

  #reject(end: number): void {
    const line = this.bytes.toString('utf8', this.position, end);
    this.#onRejected({
      reason: 'too_large',
      lines: 1,
      bytes: end - this.position,
      limitBytes: this.#maxPayloadBytes,
      metric: metricNameOf(line),
    });
  }

  #endPayload(): void {
    if (this.#payloadLines === 0) return;
    const { bounds } = this.#memory;
    bounds[this.#boundCount] = this.position;
    bounds[this.#boundCount + 1] = this.#payloadLines;
    this.#boundCount += 2;
    this.#chunkLines += this.#payloadLines;
    this.#payloadStart = this.position;
    this.#payloadLines = 0;
  }
}

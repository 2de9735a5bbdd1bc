// Packs groups of lines into payloads of a bounded size, and payloads into chunks. Sizes are measured on
// the encoded bytes, never estimated.

import type { Chunk, LineKind, Payload } from './chunk.js';

/** Large enough that a stream write is one memory copy of 600 or more lines, small enough to pool. */
export const CHUNK_BYTES = 65_536;

export class ChunkPacker {
  readonly #maxPayloadBytes: number;
  readonly #tooLarge: (lines: number, bytes: number) => void;
  readonly #lanes = { additive: new Lane('additive'), idempotent: new Lane('idempotent') };
  #chunks: Chunk[] = [];

  /** `tooLarge` hears of groups that fit in no payload. */
  constructor(maxPayloadBytes: number, tooLarge: (lines: number, bytes: number) => void) {
    this.#maxPayloadBytes = Math.min(maxPayloadBytes, CHUNK_BYTES);
    this.#tooLarge = tooLarge;
  }

  /** Adds a group of whole lines, which stays together in one payload. */
  write(text: string, lines: number, kind: LineKind): void {
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#maxPayloadBytes) return this.#tooLarge(lines, bytes);
    const lane = this.#lanes[kind];
    if (!lane.hasRoomFor(bytes)) this.#chunks.push(lane.seal());
    lane.append(text, bytes, lines, this.#maxPayloadBytes);
  }

  /** Everything written since the last call; idempotent lines come last, so the newest gauge wins. */
  take(): Chunk[] {
    const { additive, idempotent } = this.#lanes;
    for (const lane of [additive, idempotent]) if (!lane.isEmpty) this.#chunks.push(lane.seal());
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }
}

class Lane {
  readonly #kind: LineKind;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #used = 0;
  #payloads: Payload[] = [];
  #payloadStart = 0;
  #payloadLines = 0;

  constructor(kind: LineKind) {
    this.#kind = kind;
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#used + bytes <= CHUNK_BYTES;
  }

  append(text: string, bytes: number, lines: number, maxPayloadBytes: number): void {
    if (this.#used - this.#payloadStart + bytes > maxPayloadBytes) this.#endPayload();
    this.#buffer.write(text, this.#used);
    this.#used += bytes;
    this.#payloadLines += lines;
  }

  /** A chunk of exactly the size of its lines; the lane starts anew in the same buffer. */
  seal(): Chunk {
    this.#endPayload();
    const payloads = this.#payloads;
    const chunk: Chunk = {
      bytes: Buffer.from(this.#buffer.subarray(0, this.#used)),
      lines: payloads.reduce((sum, payload) => sum + payload.lines, 0),
      kind: this.#kind,
      payloads,
    };
    this.#used = 0;
    this.#payloads = [];
    this.#payloadStart = 0;
    return chunk;
  }

  #endPayload(): void {
    if (this.#payloadLines === 0) return;
    this.#payloads.push({ end: this.#used, lines: this.#payloadLines });
    this.#payloadStart = this.#used;
    this.#payloadLines = 0;
  }
}

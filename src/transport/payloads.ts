// Packs groups of lines into payloads of a bounded size, and payloads into chunks. Sizes are measured on
// the encoded bytes, never estimated.

import type { Chunk, LineKind, Payload } from './chunk.js';
import type { UnfitReason } from './transport.js';

/** Large enough that a stream write is one memory copy of 600 or more lines, small enough to pool. */
export const CHUNK_BYTES = 65_536;

/**
 * Streams do not need payloads, but lines that break connections are told from the others by payload: small
 * ones keep the loss small. prometheus/statsd_exporter reads lines of up to 4096 bytes.
 */
export const STREAM_PAYLOAD_BYTES = 4_096;

export interface PayloadSizes {
  /** No payload is larger; a group of lines that is fits nowhere. */
  readonly maxPayloadBytes: number;
  /** Where payloads are cut when there is a choice; default the maximum. */
  readonly usualPayloadBytes?: number | undefined;
}

/** Hears of groups of lines that can not be packed. */
export type OnUnfit = (reason: UnfitReason, lines: number, bytes: number) => void;

export class ChunkPacker {
  readonly #maxPayloadBytes: number;
  readonly #usualPayloadBytes: number;
  readonly #onUnfit: OnUnfit;
  readonly #lanes = { additive: new Lane('additive'), idempotent: new Lane('idempotent') };
  #chunks: Chunk[] = [];

  constructor({ maxPayloadBytes, usualPayloadBytes = maxPayloadBytes }: PayloadSizes, onUnfit: OnUnfit) {
    this.#maxPayloadBytes = Math.min(maxPayloadBytes, CHUNK_BYTES);
    this.#usualPayloadBytes = Math.min(usualPayloadBytes, this.#maxPayloadBytes);
    this.#onUnfit = onUnfit;
  }

  /** Adds a group of whole lines, which stays together in one payload. */
  write(text: string, lines: number, kind: LineKind): void {
    const bytes = Buffer.byteLength(text);
    // Encoders replace newlines in names and values; one that slipped through would forge a line.
    if (!isWholeLines(text, lines)) return this.#onUnfit('invalid', lines, bytes);
    if (bytes > this.#maxPayloadBytes) return this.#onUnfit('too_large', lines, bytes);
    const lane = this.#lanes[kind];
    if (!lane.hasRoomFor(bytes)) this.#chunks.push(lane.seal());
    lane.append(text, bytes, lines, this.#usualPayloadBytes);
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

  append(text: string, bytes: number, lines: number, usualPayloadBytes: number): void {
    if (this.#used - this.#payloadStart + bytes > usualPayloadBytes) this.#endPayload();
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

/** True when the text holds that many newlines, the last at its end. */
function isWholeLines(text: string, lines: number): boolean {
  let end = -1;
  for (let count = 0; count < lines; count += 1) {
    end = text.indexOf('\n', end + 1);
    if (end === -1) return false;
  }
  return end === text.length - 1;
}

/** Whether sending a line twice counts it twice (`additive`) or changes nothing (`idempotent`). */
export type LineKind = 'additive' | 'idempotent';

/** Whole lines of one kind, at most 64 KiB, cut into payloads that a datagram can carry. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly lines: number;
  readonly kind: LineKind;
  readonly payloads: readonly Payload[];
}

export interface Payload {
  /** Where it ends in the chunk's bytes; it begins where the one before ends. */
  readonly end: number;
  readonly lines: number;
}

export function payloadBytes(chunk: Chunk, index: number): Buffer {
  return chunk.bytes.subarray(chunk.payloads[index - 1]?.end ?? 0, chunk.payloads[index]?.end);
}

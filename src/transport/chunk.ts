/** Large enough that a stream write is one memory copy of 600 or more lines, small enough to pool. */
export const CHUNK_BYTES = 65_536;

/** Whether sending a line twice counts it twice (`additive`) or changes nothing (`idempotent`). */
export type LineKind = 'additive' | 'idempotent';

/** Whole lines of one kind, at most 64 KiB, cut into payloads that a datagram can carry. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly lines: number;
  readonly kind: LineKind;
  readonly payloads: readonly Payload[];
  /**
   * For whoever delivered the chunk and knows that nobody will read its bytes any more: their memory is then used again.
   * A chunk that nobody gives back is garbage like any other object.
   */
  readonly giveBack?: (() => void) | undefined;
}

export interface Payload {
  /** Where it ends in the chunk's bytes; it begins where the one before ends. */
  readonly end: number;
  readonly lines: number;
}

export function payloadBytes(chunk: Chunk, index: number): Buffer {
  return chunk.bytes.subarray(chunk.payloads[index - 1]?.end ?? 0, chunk.payloads[index]?.end);
}

/** Two halves, cut between payloads so that groups of lines stay together; undefined when there is but one. */
export function splitChunk<T extends Chunk>(chunk: T): readonly [T, T] | undefined {
  const middle = chunk.payloads.length >> 1;
  if (middle === 0) return undefined;
  return [part(chunk, 0, middle), part(chunk, middle, chunk.payloads.length)];
}

function part<T extends Chunk>(chunk: T, from: number, to: number): T {
  const start = chunk.payloads[from - 1]?.end ?? 0;
  const payloads = chunk.payloads.slice(from, to).map(({ end, lines }) => ({ end: end - start, lines }));
  const lines = payloads.reduce((sum, payload) => sum + payload.lines, 0);
  const bytes = chunk.bytes.subarray(start, start + (payloads.at(-1)?.end ?? 0));
  return { ...chunk, bytes, lines, payloads, giveBack: undefined };
}

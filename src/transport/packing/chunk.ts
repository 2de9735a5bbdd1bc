/** Large enough that a stream write is one memory copy of 600 or more lines, small enough to pool. */
export const CHUNK_BYTES = 65_536;

/** Whether sending a line twice counts it twice (`additive`) or changes nothing (`idempotent`). */
export type LineKind = 'additive' | 'idempotent';

/**
 * Where payloads end in the bytes of their chunk, each number followed by how many lines the payload has. Plain numbers,
 * because nearly nobody looks at them: streams send whole chunks.
 */
export type PayloadBounds = readonly number[];

/** Whole lines of one kind, at most 64 KiB, cut into payloads that a datagram can carry. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly lines: number;
  readonly kind: LineKind;
  readonly bounds: PayloadBounds;
  /**
   * For whoever delivered the chunk and knows that nobody will read its bytes any more: their memory is then used again.
   * A chunk that nobody gives back is garbage like any other object.
   */
  readonly release?: (() => void) | undefined;
}

export interface Payload {
  readonly bytes: Buffer;
  readonly lines: number;
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

/** Two halves, cut between payloads so that groups of lines stay together; undefined when there is but one. */
export function splitChunk<T extends Chunk>(chunk: T): readonly [T, T] | undefined {
  const count = payloadCount(chunk);
  const middle = count >> 1;
  if (middle === 0) return undefined;
  return [part(chunk, 0, middle), part(chunk, middle, count)];
}

function part<T extends Chunk>(chunk: T, from: number, to: number): T {
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

// Lines and chunks to send, and lines as a server got them.
import {
  CHUNK_BYTES,
  type Chunk,
  type LineKind,
  STREAM_PAYLOAD_BYTES,
} from '../../src/transport/packing/chunk.js';
import { ChunkPacker } from '../../src/transport/packing/chunk-packer.js';

/** `<name><index>:1|c` for each index, numbered from `first`. */
export function counterLines(count: number, { name = 'line', first = 0 } = {}): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${first + index}:1|c`);
}

/** Lines of some 100 bytes, as they are with tags. */
export function longLines(count: number, { name = 'line', first = 0 } = {}): string[] {
  return counterLines(count, { name, first }).map((line) => `${line}|#${'x'.repeat(96 - line.length)}`);
}

/** How lines are packed; without a maximum as for streams. */
export interface Packing {
  readonly kind?: LineKind;
  readonly maxPayloadBytes?: number;
}

/** Chunks as the exporter makes them; a released one is overwritten, so that a later read is noticed. */
export function chunksOf(
  lines: readonly string[],
  { kind = 'additive', maxPayloadBytes }: Packing = {},
): Chunk[] {
  const sizes =
    maxPayloadBytes === undefined
      ? { maxPayloadBytes: CHUNK_BYTES, targetPayloadBytes: STREAM_PAYLOAD_BYTES }
      : { maxPayloadBytes };
  const packer = new ChunkPacker(sizes, ({ reason, lines: count, bytes }) => {
    throw new Error(`${count} lines of ${bytes} bytes cannot be packed: ${reason}`);
  });
  for (const line of lines) packer.write(`${line}\n`, 1, kind);
  return packer.take().map((chunk) => ({ ...chunk, release: () => void chunk.bytes.fill('!') }));
}

/** One chunk of a few lines. */
export function chunkOf(lines: readonly string[], options?: Packing): Chunk {
  const [chunk, ...others] = chunksOf(lines, options);
  if (chunk === undefined || others.length > 0) throw new Error(`${lines.length} lines are not one chunk`);
  return chunk;
}

/** Lines without their newlines; a last one that is cut short is kept, marked. */
export function linesIn(text: string): string[] {
  const lines = text.split('\n');
  const rest = lines.pop();
  return rest === '' ? lines : [...lines, `${rest} (cut)`];
}

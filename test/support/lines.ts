// Lines and chunks to send, and lines as a server got them.
import type { Chunk, LineKind } from '../../src/transport/chunk.js';
import { CHUNK_BYTES, ChunkPacker } from '../../src/transport/payloads.js';

/** `<name><index>:1|c` for each index, numbered from `first`. */
export function counterLines(count: number, { name = 'line', first = 0 } = {}): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${first + index}:1|c`);
}

/** Lines of some 100 bytes, as they are with tags. */
export function longLines(count: number, { name = 'line', first = 0 } = {}): string[] {
  return counterLines(count, { name, first }).map((line) => `${line}|#${'x'.repeat(96 - line.length)}`);
}

/** Chunks as the exporter makes them. */
export function chunksOf(
  lines: readonly string[],
  { kind = 'additive', maxPayloadBytes = CHUNK_BYTES }: { kind?: LineKind; maxPayloadBytes?: number } = {},
): Chunk[] {
  const packer = new ChunkPacker(maxPayloadBytes, (count, bytes) => {
    throw new Error(`${count} lines of ${bytes} bytes fit in no payload of ${maxPayloadBytes} bytes`);
  });
  for (const line of lines) packer.write(`${line}\n`, 1, kind);
  return packer.take();
}

/** One chunk of a few lines. */
export function chunkOf(lines: readonly string[], options?: Parameters<typeof chunksOf>[1]): Chunk {
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

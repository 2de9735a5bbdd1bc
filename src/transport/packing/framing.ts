// The bytes that a chunk becomes on a stream.

import type { Framing } from '../options.js';
import { type Chunk, payloadsOf } from './chunk.js';

/** Length prefix of a payload: 32 bits, little-endian (datadog-go statsd/uds.go). */
export const LENGTH_BYTES = 4;

export function frameChunk(chunk: Chunk, framing: Framing): Uint8Array {
  if (framing === 'newline') return chunk.bytes;
  const pieces = payloadsOf(chunk).flatMap(({ bytes }) => {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(pieces);
}

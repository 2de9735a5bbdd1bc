// The bytes that a chunk becomes on a stream.

import { traitsOf } from '../endpoint/protocols.js';
import { type Chunk, payloadsOf } from './chunk.js';

/** `length-prefixed`: each payload follows its length as a 32-bit little-endian number (datadog-go statsd/uds.go). */
export type Framing = 'newline' | 'length-prefixed';

/** Of a length prefix. */
export const LENGTH_BYTES = 4;

/** The part of a dialect that decides the framing. */
interface FramingRule {
  readonly unixStreamFraming?: Framing | undefined;
}

/** The framing over a protocol to a server whose dialect names this framing for unix streams. */
export function framingOf(protocol: string, { unixStreamFraming = 'newline' }: FramingRule): Framing {
  return traitsOf(protocol)?.framing === 'dialect' ? unixStreamFraming : 'newline';
}

export function frameChunk(chunk: Chunk, framing: Framing): Uint8Array {
  if (framing === 'newline') return chunk.bytes;
  const pieces = payloadsOf(chunk).flatMap(({ bytes }) => {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(pieces);
}

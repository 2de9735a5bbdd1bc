// The points of a whisper file (whisper.py of graphite-project): a header, archives, and points of 12 bytes.
import { readFileSync } from 'node:fs';

const HEADER_BYTES = 16;
const ARCHIVE_BYTES = 12;
const POINT_BYTES = 12;

/** Values by second, of the finest archive. */
export function readWhisper(path: string): Map<number, number> {
  const file = readFileSync(path);
  const points = new Map<number, number>();
  if (file.length < HEADER_BYTES + ARCHIVE_BYTES) return points;
  const offset = file.readUInt32BE(HEADER_BYTES);
  const count = file.readUInt32BE(HEADER_BYTES + 8);
  for (
    let at = offset;
    at < offset + count * POINT_BYTES && at + POINT_BYTES <= file.length;
    at += POINT_BYTES
  ) {
    const second = file.readUInt32BE(at);
    if (second !== 0) points.set(second, file.readDoubleBE(at + 4));
  }
  return points;
}

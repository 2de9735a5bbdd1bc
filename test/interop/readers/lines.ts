// The lines that a server appends to a file, as they come.
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Answers the whole lines that have been added since the last call. */
export function readLines(path: string, from: 'start' | 'end' = 'start'): () => string[] {
  let offset = from === 'end' && existsSync(path) ? statSync(path).size : 0;
  return () => {
    if (!existsSync(path)) return [];
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
      const length = readSync(file, buffer, 0, buffer.length, offset);
      const end = buffer.subarray(0, length).lastIndexOf('\n') + 1;
      offset += end;
      return buffer.subarray(0, end).toString().split('\n').slice(0, -1);
    } finally {
      closeSync(file);
    }
  };
}

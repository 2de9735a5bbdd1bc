// Messages on a stream: one line of JSON each. JSON escapes newlines in strings, so a newline always ends a message.

import {
  MAX_MESSAGE_BYTES,
  MAX_MESSAGE_DEPTH,
  MAX_MESSAGE_PROPERTIES,
  MAX_MESSAGE_TOKENS,
} from '../protocol/limits.js';
import { isWithinJsonLimits, type JsonLimits } from './json-limits.js';

const NEWLINE = 0x0a;
/** Most messages but batches fit in. */
const FIRST_BUFFER_BYTES = 1_024;

const LIMITS: JsonLimits = {
  maxDepth: MAX_MESSAGE_DEPTH,
  maxTokens: MAX_MESSAGE_TOKENS,
  maxProperties: MAX_MESSAGE_PROPERTIES,
};

export function encodeLine(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

export class LineDecoder {
  readonly #maxBytes: number;
  /** The start of a line whose end has not arrived yet: one buffer that grows, however small the chunks are. */
  #buffer = Buffer.alloc(0);
  #length = 0;

  constructor(maxBytes: number = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The memory of the incomplete line. */
  get bufferedBytes(): number {
    return this.#buffer.length;
  }

  /**
   * The messages completed by this chunk, each parsed when it is taken; take all before the next chunk. Throws when a line
   * is not JSON or exceeds the limits of a message; the decoder must not be used afterwards.
   */
  *decode(chunk: Buffer): Generator<unknown, void> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      yield parse(this.#completeLine(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) this.#append(chunk.subarray(start));
  }

  #completeLine(end: Buffer): Buffer {
    if (this.#length === 0) {
      this.#checkSize(end.length);
      return end;
    }
    this.#append(end);
    const line = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    return line;
  }

  #append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    this.#checkSize(length);
    if (length > this.#buffer.length) {
      const size = Math.max(length, Math.min(this.#maxBytes, 2 * this.#buffer.length), FIRST_BUFFER_BYTES);
      const grown = Buffer.allocUnsafeSlow(size);
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  #checkSize(bytes: number): void {
    if (bytes > this.#maxBytes) throw new Error(`a message has more than ${this.#maxBytes} bytes`);
  }
}

function parse(line: Buffer): unknown {
  if (!isWithinJsonLimits(line, LIMITS)) {
    const { maxDepth, maxTokens, maxProperties } = LIMITS;
    throw new Error(
      `a message has more than ${maxTokens} items or ${maxProperties} properties, or more than ${maxDepth} levels`,
    );
  }
  try {
    return JSON.parse(line.toString());
  } catch {
    // An exception costs far more than the byte that may cause it, so the connection ends with the first.
    throw new Error('a message is not JSON');
  }
}

// Messages on a stream: one line of JSON each. JSON escapes newlines within, so a newline is an end and nothing else.

import { StringDecoder } from 'node:string_decoder';

/** A batch has a thousand series; this is thousands of characters for each, and far below what a string can hold. */
const MAX_LINE = 64 * 2 ** 20;

export function encodeLine(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

export class LineDecoder {
  readonly #decoder = new StringDecoder('utf8');
  readonly #maxLine: number;
  #parts: string[] = [];
  #length = 0;

  constructor(maxLine: number = MAX_LINE) {
    this.#maxLine = maxLine;
  }

  /** The messages that end in this chunk; a line that is no JSON is undefined. Throws when a line has no end. */
  decode(chunk: Buffer): unknown[] {
    const lines = this.#decoder.write(chunk).split('\n');
    const rest = lines.pop()!;
    const messages = lines.map((line) => {
      this.#parts.push(line);
      const whole = this.#parts.join('');
      this.#parts = [];
      this.#length = 0;
      return parse(whole);
    });
    if (rest !== '') this.#parts.push(rest);
    this.#length += rest.length;
    if (this.#length > this.#maxLine) throw new Error('a line without an end');
    return messages;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

// Messages on a stream: one line of JSON each. JSON escapes newlines in strings, so a newline always ends a message.

import { StringDecoder } from 'node:string_decoder';

/** Characters. A batch has 500 series, so this allows 130,000 characters for each. */
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

  /** The messages completed by this chunk; undefined for a line that is not JSON. Throws when a line is too long. */
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
    if (this.#length > this.#maxLine) throw new Error('the line is too long');
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

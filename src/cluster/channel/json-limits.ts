// Bounds the cost of JSON.parse() before it is paid: a megabyte of `[[[[…` or `[],[],…` takes far more time and memory to
// parse than a megabyte of text.

export interface JsonLimits {
  readonly maxDepth: number;
  /** Commas and opening brackets outside of strings: an upper bound of the values that parsing creates. */
  readonly maxTokens: number;
  /** Colons outside of strings. An object of many properties is slower to create than a list. */
  readonly maxProperties: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Whether parsing these bytes stays within the limits. Says nothing about whether they are JSON. */
export function isWithinJsonLimits(bytes: Uint8Array, limits: JsonLimits): boolean {
  const { maxDepth, maxTokens, maxProperties } = limits;
  let depth = 0;
  let tokens = 0;
  let properties = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    switch (bytes[index]) {
      case QUOTE:
        index = endOfString(bytes, index + 1);
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        tokens += 1;
        if (depth > maxDepth) return false;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth -= 1;
        break;
      case COMMA:
        tokens += 1;
        break;
      case COLON:
        properties += 1;
        break;
    }
    if (tokens > maxTokens || properties > maxProperties) return false;
  }
  return true;
}

/** The index of the closing quote, or the end of the bytes. */
function endOfString(bytes: Uint8Array, start: number): number {
  let index = start;
  while (index < bytes.length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
  return index;
}

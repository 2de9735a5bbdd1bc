/** One thing that is wrong with a configuration. */
export interface ConfigFault {
  /** Path of the option, such as `queue.maxBytes`. */
  readonly option: string;
  readonly expected: string;
  readonly actual: unknown;
}

/** Thrown by `new StatsdExporter()` for mistakes in its options; lists all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[], owner = 'StatsdExporter') {
    super(`Invalid ${owner} options:\n${faults.map(faultText).join('\n')}`);
    this.faults = faults;
  }
}

export function faultText({ option, expected, actual }: ConfigFault): string {
  return `  - ${option}: expected ${expected}, got ${describeValue(actual)}`;
}

/** A value and its type, short enough for a message. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return `${shorten(JSON.stringify(value))} (string)`;
  if (typeof value !== 'object') return `${String(value)} (${typeof value})`;
  try {
    return shorten(JSON.stringify(value));
  } catch {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

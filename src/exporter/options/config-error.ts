import { printableJson } from '../../runtime/printable.js';

/** One thing that is wrong with a configuration. */
export interface ConfigFault {
  /** Path of the option, such as `queue.maxBytes`. */
  readonly option: string;
  /** What is wrong with it. Holds no text that may be secret. */
  readonly message: string;
}

/** Thrown by constructors for mistakes in their options; lists all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[], owner = 'StatsdExporter') {
    const list = faults.map(({ option, message }) => `  - ${option}: ${message}`);
    super(`Invalid ${owner} options:\n${list.join('\n')}`);
    this.faults = faults;
  }
}

/** A value and its type, short enough for a message. Objects are named by their kind: they may hold secrets. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'function':
      return 'a function';
    case 'string':
      return `${shorten(printableJson(withoutCredentials(value)))} (string)`;
    default:
      return `${String(value)} (${typeof value})`;
  }
}

/** Hides passwords and tokens of a URL: what stands before `@` or behind `?`. */
export function withoutCredentials(text: string): string {
  const withoutQuery = /:\/\//.test(text) ? text.replace(/[?#].*$/s, '?…') : text;
  return withoutQuery.replace(/^(\w*:\/\/)?.*@/s, '$1…@');
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

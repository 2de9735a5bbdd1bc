// Reading JSON of any origin: every value knows its path, so that a fault can be named.

/** As JSON writes numbers, and what JSON has none for: https://protobuf.dev/programming-guides/json/ */
const NUMBER_TEXT = /^(NaN|-?Infinity|-?\d+(\.\d+)?([eE][+-]?\d+)?)$/;

/** Names the place, what was expected, and what is there. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

export class JsonNode {
  readonly #value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.path = path;
  }

  get exists(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  /** A field of this object; it may not exist. */
  field(name: string): JsonNode {
    const fields = this.object();
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (snake !== name && Object.hasOwn(fields, snake)) {
      throw new FormatError(`${this.#at(snake)}: OTLP's JSON calls it ${name}`);
    }
    return new JsonNode(Object.hasOwn(fields, name) ? fields[name] : undefined, this.#at(name));
  }

  /** Which of these fields are there. */
  fieldsAmong<T extends string>(names: readonly T[]): T[] {
    return names.filter((name) => this.field(name).exists);
  }

  object(): Record<string, unknown> {
    if (typeof this.#value === 'object' && this.#value !== null && !Array.isArray(this.#value)) {
      return this.#value as Record<string, unknown>;
    }
    return this.fail('an object');
  }

  /** Nothing is an empty list, as in protobuf. */
  list(): JsonNode[] {
    if (!this.exists) return [];
    if (!Array.isArray(this.#value)) return this.fail('a list');
    return this.#value.map((item, index) => new JsonNode(item, `${this.path}[${index}]`));
  }

  /** Without a fallback, there must be one. */
  text(fallback?: string): string {
    if (!this.exists && fallback !== undefined) return fallback;
    return typeof this.#value === 'string' ? this.#value : this.fail('a text');
  }

  flag(): boolean {
    if (!this.exists) return false;
    return typeof this.#value === 'boolean' ? this.#value : this.fail('true or false');
  }

  /** `NaN`, `Infinity` and `-Infinity` are texts in JSON. */
  number(): number {
    if (typeof this.#value === 'number') return this.#value;
    if (typeof this.#value === 'string' && NUMBER_TEXT.test(this.#value)) {
      return Number(this.#value);
    }
    return this.fail('a number');
  }

  /** 64-bit integers are texts in protobuf's JSON; numbers are taken, too. Nothing is 0. */
  integer(): number {
    if (!this.exists) return 0;
    const value =
      typeof this.#value === 'string' && /^-?\d+$/.test(this.#value) ? Number(this.#value) : this.#value;
    return Number.isInteger(value) ? (value as number) : this.fail('a whole number');
  }

  /** Nanoseconds since 1970 as seconds and the rest. */
  time(): [number, number] {
    if (!this.exists) return [0, 0];
    // 64 bits have 20 digits at most. An object may have a `toString` that is no function.
    const isPlain = typeof this.#value === 'string' || typeof this.#value === 'number';
    const text = isPlain ? String(this.#value) : '';
    if (!/^\d{1,20}$/.test(text)) return this.fail('nanoseconds since 1970');
    const nanos = BigInt(text);
    return [Number(nanos / 1_000_000_000n), Number(nanos % 1_000_000_000n)];
  }

  /** One of the names, by itself or by its number in the protobuf. */
  choice<T>(choices: readonly (readonly [name: string, number: number, value: T])[]): T {
    const found = choices.find(([name, number]) => this.#value === name || this.#value === number);
    return found === undefined
      ? this.fail(choices.map(([name, number]) => `${number} (${name})`).join(' or '))
      : found[2];
  }

  fail(expected: string): never {
    throw new FormatError(
      `${this.path || 'the export'}: expected ${expected}, got ${beginning(this.#value)}`,
    );
  }

  #at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

function beginning(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = jsonText(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.stringify recurses, and JSON.parse does not.
    return 'a value with too many levels';
  }
}

/**
 * A map that forgets keys which have not been set for long. It keeps at least the `size` keys set last, and at most
 * twice as many: two generations, of which the older is dropped whole when the newer is full. Removing the oldest key
 * of one `Map` would walk over all keys deleted before it (V8 leaves them in the table until it is rehashed).
 */
export class BoundedMap<V> {
  readonly #size: number;
  #current = new Map<string, V>();
  #previous = new Map<string, V>();

  /** @param size at least 1 */
  constructor(size: number) {
    this.#size = size;
  }

  get(key: string): V | undefined {
    return this.#current.get(key) ?? this.#previous.get(key);
  }

  set(key: string, value: V): void {
    if (this.#current.size >= this.#size && !this.#current.has(key)) {
      this.#previous = this.#current;
      this.#current = new Map();
    }
    this.#current.set(key, value);
  }

  delete(key: string): void {
    this.#current.delete(key);
    this.#previous.delete(key);
  }
}

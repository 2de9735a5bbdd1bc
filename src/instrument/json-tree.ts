// A nested object that grows by paths, where a place may hold values of its own and further places, too.

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

type Node = { [key: string]: Json };

export class JsonTree {
  readonly #reserved: ReadonlySet<string>;
  readonly #root: Node = emptyNode();

  /** @param reserved keys of values: a segment of a path that is one of them gets a trailing `_` */
  constructor(reserved: ReadonlySet<string>) {
    this.#reserved = reserved;
  }

  get root(): JsonObject {
    return this.#root;
  }

  put(path: readonly string[], values: JsonObject): void {
    let node = this.#root;
    for (const segment of path) {
      const key = this.#reserved.has(segment) ? `${segment}_` : segment;
      node[key] ??= emptyNode();
      // Only nodes are put under keys that are not reserved.
      node = node[key] as Node;
    }
    Object.assign(node, values);
  }
}

/** Without a prototype, as names of metrics may be `constructor` or `__proto__`. */
function emptyNode(): Node {
  return Object.create(null) as Node;
}

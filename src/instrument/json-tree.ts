// A nested object built from paths. A node may hold both values and further nodes.

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

type Node = { [key: string]: Json };

export class JsonTree {
  readonly #reserved: ReadonlySet<string>;
  readonly #root: Node = emptyNode();

  /** @param reserved keys of values; a path segment that equals one of them gets a trailing `_` */
  constructor(reserved: ReadonlySet<string>) {
    this.#reserved = reserved;
  }

  get root(): JsonObject {
    return this.#root;
  }

  put(path: readonly string[], values: JsonObject): void {
    let node = this.#root;
    for (const segment of limitDepth(path)) {
      // `type_` becomes `type__`, because `type` becomes `type_`.
      const key = this.#reserved.has(segment.replace(/_+$/, '')) ? `${segment}_` : segment;
      node[key] ??= emptyNode();
      // Keys that are not reserved hold nodes only.
      node = node[key] as Node;
    }
    Object.assign(node, values);
  }
}

/** JSON.stringify recurses; instrument names of the API, 255 characters at most, have no more than 128 segments. */
const MAX_DEPTH = 128;

/** Segments beyond the limit stay together as one key. */
function limitDepth(path: readonly string[]): readonly string[] {
  if (path.length <= MAX_DEPTH) return path;
  return [...path.slice(0, MAX_DEPTH - 1), path.slice(MAX_DEPTH - 1).join('.')];
}

/** Without a prototype, because metric names may be `constructor` or `__proto__`. */
function emptyNode(): Node {
  return Object.create(null) as Node;
}

// Tables by metric name or glob, as users write them for names, attributes and gauges of a cluster.

/** `*` stands for any text, and nothing else is special. An exact name beats every glob; among globs the first that matches counts. */
export class NameTable<T> {
  readonly #exact: ReadonlyMap<string, T>;
  readonly #globs: readonly (readonly [expression: RegExp, value: T])[];

  constructor(entries: Readonly<Record<string, T>>) {
    const all = Object.entries(entries);
    this.#exact = new Map(all.filter(([pattern]) => !pattern.includes('*')));
    this.#globs = all
      .filter(([pattern]) => pattern.includes('*'))
      .map(([pattern, value]) => [globExpression(pattern), value] as const);
  }

  find(name: string): T | undefined {
    return this.#exact.get(name) ?? this.#globs.find(([expression]) => expression.test(name))?.[1];
  }
}

/** Matches a whole name. */
function globExpression(glob: string): RegExp {
  const literal = glob.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}

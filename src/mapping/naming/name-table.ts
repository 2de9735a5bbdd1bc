// Tables by metric name or glob, as users write them for names, attributes and gauges of a cluster.

import { Glob } from './glob.js';

/** `*` stands for any text, and nothing else is special. An exact name beats every glob; among globs the first that matches counts. */
export class NameTable<T> {
  readonly #exact: ReadonlyMap<string, T>;
  readonly #globs: readonly (readonly [glob: Glob, value: T])[];

  constructor(entries: Readonly<Record<string, T>>) {
    const all = Object.entries(entries);
    this.#exact = new Map(all.filter(([pattern]) => !pattern.includes('*')));
    this.#globs = all
      .filter(([pattern]) => pattern.includes('*'))
      .map(([pattern, value]) => [new Glob(pattern), value] as const);
  }

  find(name: string): T | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined) return exact;
    for (const [glob, value] of this.#globs) {
      if (glob.matches(name)) return value;
    }
    return undefined;
  }
}

// The metric names of one export, to know which gauges cannot overwrite those of another metric.

import type { Dialect } from '../dialects/dialect.js';
import { foldName } from '../lines/series-text.js';

export class ExportNames {
  readonly #nameCollisions: Dialect['nameCollisions'];
  readonly #dot: string;
  /** How many metrics have a name. */
  readonly #counts = new Map<string, number>();
  /** What stands before a dot of a name. */
  readonly #prefixes = new Set<string>();
  #hasUnknown = false;

  constructor({ nameCollisions }: Dialect) {
    this.#nameCollisions = nameCollisions;
    this.#dot = foldName('.', nameCollisions);
  }

  add(name: string): void {
    const folded = foldName(name, this.#nameCollisions);
    this.#counts.set(folded, (this.#counts.get(folded) ?? 0) + 1);
    for (const prefix of this.#prefixesOf(folded)) this.#prefixes.add(prefix);
  }

  /** Adds a metric whose points are named one by one. */
  addUnknown(): void {
    this.#hasUnknown = true;
  }

  /**
   * True when a name is that of one metric, and neither continues the name of another metric after a dot nor is
   * continued by one: a histogram adds `.min`, and some dialects add tags to the name.
   */
  isUnique(name: string): boolean {
    const folded = foldName(name, this.#nameCollisions);
    if (this.#hasUnknown || this.#counts.get(folded) !== 1 || this.#prefixes.has(folded)) return false;
    return this.#prefixesOf(folded).every((prefix) => !this.#counts.has(prefix));
  }

  #prefixesOf(folded: string): string[] {
    const prefixes: string[] = [];
    let at = folded.indexOf(this.#dot);
    for (; at >= 0; at = folded.indexOf(this.#dot, at + 1)) prefixes.push(folded.slice(0, at));
    return prefixes;
  }
}

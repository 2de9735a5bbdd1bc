// The metric names of one export, to know which gauges cannot overwrite those of another metric.

import type { Dialect } from '../dialects/dialect.js';
import { lineSyntaxOf } from '../lines/line-syntax.js';
import { foldName } from '../lines/series-text.js';

export class ExportNames {
  readonly #nameCollisions: Dialect['nameCollisions'];
  readonly #dot: string;
  /** Whether every name may be continued: tags are part of it. */
  readonly #isFolded: boolean;
  /** How many metrics have a name. */
  readonly #counts = new Map<string, number>();
  /** Names that series continue after a dot. */
  readonly #continued = new Set<string>();
  /** What stands before a dot of a name, if every name may be continued. */
  readonly #prefixes = new Set<string>();
  #hasUnknown = false;

  constructor(dialect: Dialect) {
    this.#nameCollisions = dialect.nameCollisions;
    this.#dot = foldName('.', dialect.nameCollisions);
    this.#isFolded = lineSyntaxOf(dialect).tagPlace === 'folded';
  }

  /** `isContinued`: its series may have the name and more after a dot, as those of histograms do. */
  add(name: string, isContinued: boolean): void {
    const folded = foldName(name, this.#nameCollisions);
    this.#counts.set(folded, (this.#counts.get(folded) ?? 0) + 1);
    if (isContinued || this.#isFolded) this.#continued.add(folded);
    if (this.#isFolded) for (const prefix of this.#prefixesOf(folded)) this.#prefixes.add(prefix);
  }

  /** Adds a metric of which nothing is known but that it may have any name. */
  addUnknown(): void {
    this.#hasUnknown = true;
  }

  /** True when the series of a metric that was added with `isContinued` false have names that no other metric has. */
  isUnique(name: string): boolean {
    const folded = foldName(name, this.#nameCollisions);
    if (this.#hasUnknown || this.#counts.get(folded) !== 1 || this.#prefixes.has(folded)) return false;
    if (this.#continued.size === 0) return true;
    return !this.#prefixesOf(folded).some((prefix) => this.#continued.has(prefix));
  }

  #prefixesOf(folded: string): string[] {
    const prefixes: string[] = [];
    let at = folded.indexOf(this.#dot);
    for (; at >= 0; at = folded.indexOf(this.#dot, at + 1)) prefixes.push(folded.slice(0, at));
    return prefixes;
  }
}

// Counters of which the server counts the distinct values of an attribute.

import { NameTable } from './naming/name-table.js';

/** Metric name or glob (`*` stands for any text) to the attribute whose distinct values are counted. */
export type SetAttributes = Readonly<Record<string, string>>;

const DISTINCT_UNIT = /^\{distinct:([^{}]+)\}$/;

/**
 * The unit of a counter that names the attribute itself, so that its metric needs no option. To others it is the
 * annotation of a count, by UCUM as good as none.
 */
export function distinctUnit(attribute: string): string {
  return `{distinct:${attribute}}`;
}

export class SetTable {
  readonly #attributes: NameTable<string>;

  constructor(sets: SetAttributes = {}) {
    this.#attributes = new NameTable(sets);
  }

  /** Undefined for a metric that is no set. */
  attributeOf({ name, unit }: { readonly name: string; readonly unit: string }): string | undefined {
    return this.#attributes.find(name) ?? DISTINCT_UNIT.exec(unit)?.[1];
  }
}

// The samples of one point grouped by weight. Most strata have one of two sizes, so there are few groups.

const NONE = -1;

/** Weights below this find their group in a table; larger ones by a search. */
const TABLE_SIZE = 1_024;

/** Reused for every point. */
export class WeightGroups {
  /** The weight of each group; groups are numbered by their first sample in the order given. */
  readonly weights: number[] = [];
  /** The group of the sample at each position of the order. */
  groupAt = new Int32Array(0);
  /** The samples group by group, each in the order given; `link` sets it. */
  sequence = new Int32Array(0);
  /** Where in `sequence` each group ends. */
  readonly ends: number[] = [];
  readonly #groupOfWeight = new Int16Array(TABLE_SIZE).fill(NONE);
  readonly #sizes: number[] = [];

  /** Finds the groups of the first `weights.length` entries of `order`. */
  assign(weights: Float64Array, order: Int32Array): void {
    const samples = weights.length;
    for (const weight of this.weights) this.#groupOfWeight[weight] = NONE;
    this.weights.length = this.#sizes.length = 0;
    if (samples > this.groupAt.length) this.groupAt = new Int32Array(2 * samples);
    const { groupAt } = this;
    const groupOfWeight = this.#groupOfWeight;
    const sizes = this.#sizes;
    for (let position = 0; position < samples; position++) {
      const weight = weights[order[position]!]!;
      // Producers that sample have fractions, which the table does not hold.
      let group = groupOfWeight[weight] ?? NONE;
      if (group === NONE) group = this.#find(weight);
      groupAt[position] = group;
      sizes[group]! += 1;
    }
  }

  /** Sorts the samples by their groups. */
  link(order: Int32Array, samples: number): void {
    if (samples > this.sequence.length) this.sequence = new Int32Array(2 * samples);
    const { ends, groupAt, sequence } = this;
    let start = 0;
    ends.length = 0;
    for (const size of this.#sizes) {
      ends.push(start);
      start += size;
    }
    // Each end moves from where its group begins to where it ends.
    for (let position = 0; position < samples; position++) {
      const group = groupAt[position]!;
      sequence[ends[group]!] = order[position]!;
      ends[group]! += 1;
    }
  }

  #find(weight: number): number {
    const { weights } = this;
    let group = 0;
    while (group < weights.length && weights[group] !== weight) group++;
    if (group === weights.length) {
      weights.push(weight);
      this.#sizes.push(0);
    }
    // A typed array ignores an index that it does not have, which is what is wanted for other weights.
    this.#groupOfWeight[weight] = group;
    return group;
  }
}

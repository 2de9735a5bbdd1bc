// The samples of one point grouped by weight. Most strata have one of two sizes, so there are few groups.

const NONE = -1;

/** Weights below this find their group in a table; larger ones by a search. */
const TABLE_SIZE = 1_024;

/** Reused for every point. */
export class WeightGroups {
  readonly weights: number[] = [];
  /** The group of each sample. */
  groupOf = new Int32Array(0);
  /** Groups by their first sample in the order given to `link`. */
  readonly inOrder: number[] = [];
  readonly #groupOfWeight = new Int16Array(TABLE_SIZE).fill(NONE);
  /** One linked list of samples per group. */
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  #next = new Int32Array(0);

  assign(weights: Float64Array): void {
    for (const weight of this.weights) this.#groupOfWeight[weight] = NONE;
    this.weights.length = 0;
    if (weights.length > this.groupOf.length) this.groupOf = new Int32Array(weights.length);
    for (let sample = 0; sample < weights.length; sample++) {
      const weight = weights[sample]!;
      const known = this.#groupOfWeight[weight] ?? NONE;
      this.groupOf[sample] = known === NONE ? this.#find(weight) : known;
    }
  }

  /** Links the samples of each group in the order of the first `samples` entries of `order`. */
  link(order: Int32Array, samples: number): void {
    if (samples > this.#next.length) this.#next = new Int32Array(samples);
    this.inOrder.length = 0;
    this.#first.length = 0;
    for (let group = 0; group < this.weights.length; group++) this.#last[group] = NONE;
    for (let position = 0; position < samples; position++) {
      const sample = order[position]!;
      const group = this.groupOf[sample]!;
      const last = this.#last[group]!;
      if (last === NONE) {
        this.inOrder.push(group);
        this.#first[group] = sample;
      } else {
        this.#next[last] = sample;
      }
      this.#last[group] = sample;
      this.#next[sample] = NONE;
    }
  }

  /** The first sample of a group in `inOrder`. */
  first(group: number): number {
    return this.#first[group]!;
  }

  /** The next sample of the same group; negative after the last. */
  next(sample: number): number {
    return this.#next[sample]!;
  }

  #find(weight: number): number {
    const { weights } = this;
    let group = 0;
    while (group < weights.length && weights[group] !== weight) group++;
    if (group === weights.length) weights.push(weight);
    // A typed array ignores an index beyond its end, which is what is wanted for larger weights.
    this.#groupOfWeight[weight] = group;
    return group;
  }
}

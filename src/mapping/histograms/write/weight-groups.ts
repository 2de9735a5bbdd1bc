// The samples of a point by weight: there are few weights among many samples, as most strata are of one or two
// sizes.

const NONE = -1;

/** Most weights are small enough to be looked up; the others are searched for. */
const TABLE_SIZE = 1_024;

/** Those of one point after the other, in the same memory. */
export class WeightGroups {
  readonly weights: number[] = [];
  /** The group of each sample. */
  groupOf = new Int32Array(0);
  /** The groups in the order of their first samples. */
  readonly inOrder: number[] = [];
  readonly #groupOfWeight = new Int16Array(TABLE_SIZE).fill(NONE);
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  /** What follows each sample in its group. */
  #next = new Int32Array(0);

  begin(weights: Float64Array): void {
    for (const weight of this.weights) this.#groupOfWeight[weight] = NONE;
    this.weights.length = 0;
    if (weights.length > this.groupOf.length) this.groupOf = new Int32Array(weights.length);
    for (let sample = 0; sample < weights.length; sample++) {
      const weight = weights[sample]!;
      const known = this.#groupOfWeight[weight] ?? NONE;
      this.groupOf[sample] = known === NONE ? this.#find(weight) : known;
    }
  }

  /** Makes lists of all samples, in the order given by the first `samples` numbers. */
  chain(order: Int32Array, samples: number): void {
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

  /** The first sample of a group; negative where there is none. */
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
    // There is no place for what is too large, and nothing happens.
    this.#groupOfWeight[weight] = group;
    return group;
  }
}

// The latest values of a timer, from which percentiles are taken.

const MAX_VALUES = 512;

/** Grows by doubling from this many: most timers of an export have few values. */
const FIRST_CAPACITY = 16;

/** Percentiles are taken of thousands of timers in a row. */
const sorted = new Float64Array(MAX_VALUES);

export class RecentValues {
  #values = new Float64Array(FIRST_CAPACITY);
  /** Only once a value stands for more than itself. */
  #weights: Float64Array | undefined;
  #added = 0;

  add(value: number, weight: number): void {
    if (this.#added === this.#values.length && this.#added < MAX_VALUES) this.#grow();
    if (weight !== 1) this.#weights ??= new Float64Array(this.#values.length).fill(1);
    const at = this.#added % MAX_VALUES;
    this.#values[at] = value;
    if (this.#weights !== undefined) this.#weights[at] = weight;
    this.#added += 1;
  }

  /** By nearest rank; unweighted for servers that do not weight values by their sample rate. */
  percentiles(wanted: readonly number[], isWeighted: boolean): readonly number[] {
    const length = Math.min(this.#added, MAX_VALUES);
    if (isWeighted && this.#weights !== undefined) {
      return weightedPercentiles(wanted, this.#values.subarray(0, length), this.#weights);
    }
    const values = sorted.subarray(0, length);
    values.set(this.#values.subarray(0, length));
    values.sort();
    return wanted.map((percentile) => values[Math.max(0, Math.ceil((percentile / 100) * length) - 1)]!);
  }

  #grow(): void {
    const capacity = 2 * this.#values.length;
    this.#values = grown(this.#values, capacity);
    if (this.#weights !== undefined) this.#weights = grown(this.#weights, capacity).fill(1, this.#added);
  }
}

function weightedPercentiles(
  wanted: readonly number[],
  values: Float64Array,
  weights: Float64Array,
): readonly number[] {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const total = order.reduce((sum, index) => sum + weights[index]!, 0);
  let covered = 0;
  let at = -1;
  return wanted.map((percentile) => {
    while (at < 0 || covered < (percentile / 100) * total) {
      at += 1;
      covered += weights[order[at]!]!;
    }
    return values[order[at]!]!;
  });
}

function grown(values: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(capacity);
  copy.set(values);
  return copy;
}

// The heap after collection during a soak: what is really kept, without garbage.

/** Growth that a line through the later samples may show: chunks in reserve alone make them differ by 2 MB. */
const MAX_GROWTH_BYTES = 5e6;

/** Fewer say nothing about a trend. */
const LEAST_SAMPLES = 4;

export class HeapTrend {
  #samples = [];

  /** Takes a sample; needs --expose-gc. The queue's lines are no leak, so that they are taken off. */
  sample(minutes, queuedBytes) {
    // Weak references and finalizers need a second collection.
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const bytes = heapUsed + arrayBuffers - queuedBytes;
    this.#samples.push({ minutes, bytes });
    return { heapUsed, arrayBuffers, bytes };
  }

  /** Of the second half of the samples, when caches are full and code is compiled; by least squares. */
  get bytesPerMinute() {
    const late = this.#later;
    if (this.#samples.length < LEAST_SAMPLES) return 0;
    const mean = (of) => late.reduce((sum, sample) => sum + of(sample), 0) / late.length;
    const [meanMinutes, meanBytes] = [mean(({ minutes }) => minutes), mean(({ bytes }) => bytes)];
    const covariance = mean(({ minutes, bytes }) => (minutes - meanMinutes) * (bytes - meanBytes));
    return covariance / mean(({ minutes }) => (minutes - meanMinutes) ** 2);
  }

  get fault() {
    const late = this.#later;
    if (late.length === 0) return false;
    const minutes = late.at(-1).minutes - late[0].minutes;
    const growth = this.bytesPerMinute * minutes;
    return (
      growth > MAX_GROWTH_BYTES &&
      `the heap after collection grew by ${(growth / 1e6).toFixed(1)} MB in the last ${minutes.toFixed(1)} minutes`
    );
  }

  get #later() {
    return this.#samples.slice(Math.floor(this.#samples.length / 2));
  }
}

// How long nothing else got its turn: the time between two turns of the event loop, and how much of it was spent by
// the garbage collector or by other processes.
import { PerformanceObserver } from 'node:perf_hooks';
import { clearNursery } from './garbage.js';
import { settle } from './interleave.js';
import { ThreadTime } from './thread-time.js';

export class LoopWatch {
  #turns = [];
  #collections = [];
  #isRunning = false;
  #observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      this.#collections.push({ start: startTime, end: startTime + duration });
    }
  });

  #thread = new ThreadTime();

  /**
   * @param {() => unknown} run
   * @returns {Promise<{ total: number, longest: number, own: number, collection: number }>} milliseconds: of all; the
   *   longest turn; the longest without garbage collection and other processes; the longest collection
   */
  async watch(run) {
    await clearNursery();
    this.#observer.observe({ entryTypes: ['gc'] });
    this.#turns = [];
    this.#collections = [];
    this.#isRunning = true;
    this.#turn();
    const startedAt = performance.now();
    await run();
    // The turn in which it ended counts, too.
    await new Promise((resolve) => setImmediate(resolve));
    const total = performance.now() - startedAt;
    this.#isRunning = false;
    // Collections are told of later.
    await settle();
    this.#observer.disconnect();
    return {
      total,
      longest: greatest(this.#turns.map(({ start, end }) => end - start)),
      own: greatest(this.#turns.map((turn) => this.#ownTime(turn))),
      collection: greatest(this.#collections.map(({ start, end }) => end - start)),
    };
  }

  #turn() {
    const start = performance.now();
    const waitedBefore = this.#thread.waitedMillis();
    setImmediate(() => {
      const end = performance.now();
      this.#turns.push({ start, end, waited: this.#thread.waitedMillis() - waitedBefore });
      if (this.#isRunning) this.#turn();
    });
  }

  /** A collection may have had to wait for the processor, too; the larger of the two is surely not the exporter's. */
  #ownTime(turn) {
    return turn.end - turn.start - Math.max(turn.waited, this.#collectionWithin(turn));
  }

  #collectionWithin({ start, end }) {
    return this.#collections.reduce(
      (sum, collection) =>
        sum + Math.max(0, Math.min(end, collection.end) - Math.max(start, collection.start)),
      0,
    );
  }
}

function greatest(values) {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

// How long this thread was ready to run while others did. Only Linux tells.
import { closeSync, openSync, readSync } from 'node:fs';

export class ThreadTime {
  #file;
  #buffer = Buffer.alloc(128);

  constructor() {
    try {
      this.#file = openSync('/proc/thread-self/schedstat', 'r');
      this.waitedMillis();
    } catch {
      if (this.#file !== undefined) closeSync(this.#file);
      this.#file = undefined;
    }
  }

  /**
   * 0 where the file does not exist. The second number of proc(5) schedstat, in nanoseconds; the first, the time it
   * ran, is only brought up to date by the timer's ticks, which is too coarse.
   */
  waitedMillis() {
    if (this.#file === undefined) return 0;
    const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    return Number(this.#buffer.latin1Slice(0, length).split(' ')[1]) / 1e6;
  }
}

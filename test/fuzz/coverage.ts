// What V8 says was executed, so that inputs which reach new code can be kept.

import { Session } from 'node:inspector';

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly functionName: string; readonly ranges: readonly object[] }[];
  }[];
}

export class SourceCoverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  }

  get size(): number {
    return this.#seen.size;
  }

  /** Whether a function of src took a way, since the last call, that none has taken before. */
  foundNew(): boolean {
    const before = this.#seen.size;
    for (const { url, functions } of this.#post('Profiler.takePreciseCoverage').result) {
      if (!url.includes('/src/')) continue;
      for (const { functionName, ranges } of functions) {
        this.#seen.add(`${url} ${functionName} ${JSON.stringify(ranges)}`);
      }
    }
    return this.#seen.size > before;
  }

  stop(): void {
    this.#session.disconnect();
  }

  /** Sessions of the same thread answer at once. */
  #post(method: string, parameters: object = {}): Coverage {
    let answer: unknown;
    this.#session.post(method, parameters, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer as Coverage;
  }
}

// What the processes of a service have in common: a resource that describes all of them. What is said of one process
// only, such as its pid, would be wrong for the sum.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { plainResource } from '../protocol/plain-resource.js';
import type { PlainAttributes, PlainValue } from '../protocol/wire-attributes.js';

/** Always of one process, also while there is only one. */
const OF_ONE_PROCESS: ReadonlySet<string> = new Set([
  'service.instance.id',
  'process.pid',
  'process.parent_pid',
  'process.creation.time',
  'process.command_args',
  'thread.id',
]);

const NOTHING = '[]';

export class CommonResource {
  readonly #ofWorkers = new Map<string, PlainAttributes>();
  #text = NOTHING;
  #resource = plainResource({});
  #isStale = false;

  hear(worker: string, attributes: PlainAttributes): void {
    this.#ofWorkers.set(worker, attributes);
    this.#isStale = true;
  }

  /** Of a worker that is gone already: better than nothing while nobody else is known. */
  hearLate(attributes: PlainAttributes): void {
    if (this.#ofWorkers.size === 0 && this.#text === NOTHING) this.#describe(commonOf([attributes]));
  }

  /** When the last one goes, what was common stays. */
  forget(worker: string): void {
    this.#isStale = this.#ofWorkers.delete(worker) || this.#isStale;
  }

  /** The same object for as long as it says the same. */
  current(): ResourceMetrics['resource'] {
    if (this.#isStale && this.#ofWorkers.size > 0) this.#describe(commonOf([...this.#ofWorkers.values()]));
    this.#isStale = false;
    return this.#resource;
  }

  #describe(common: [string, PlainValue][]): void {
    const text = JSON.stringify(common);
    if (text === this.#text) return;
    this.#text = text;
    this.#resource = plainResource(Object.fromEntries(common));
  }
}

function commonOf([first = {}, ...others]: readonly PlainAttributes[]): [string, PlainValue][] {
  return Object.entries(first).filter(
    ([key, value]) =>
      !OF_ONE_PROCESS.has(key) &&
      others.every(
        (other) => Object.hasOwn(other, key) && JSON.stringify(other[key]) === JSON.stringify(value),
      ),
  );
}

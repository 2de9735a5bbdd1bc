// The resource of a service: the attributes that all of its processes share. Attributes of a single process, such as its
// pid, would be wrong for the sum.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { PlainAttributes, PlainValue } from '../protocol/wire-attributes.js';
import { plainResource } from '../protocol/wire-attributes.js';

/** Attributes of a single process, left out even while there is only one. */
const PROCESS_ATTRIBUTES: ReadonlySet<string> = new Set([
  'service.instance.id',
  'process.pid',
  'process.parent_pid',
  'process.creation.time',
  'process.command_args',
  'thread.id',
]);

const EMPTY = '[]';

export class SharedResource {
  readonly #workers = new Map<string, PlainAttributes>();
  #text = EMPTY;
  #resource = plainResource({});
  #isStale = false;

  update(worker: string, attributes: PlainAttributes): void {
    this.#workers.set(worker, attributes);
    this.#isStale = true;
  }

  /** Attributes of a worker that has ended already; used only while no other worker is known. */
  seed(attributes: PlainAttributes): void {
    if (this.#workers.size === 0 && this.#text === EMPTY) this.#set(sharedAttributes([attributes]));
  }

  /** After the last worker, its shared attributes are kept. */
  remove(worker: string): void {
    this.#isStale = this.#workers.delete(worker) || this.#isStale;
  }

  /** Returns the same object until the attributes change. */
  current(): ResourceMetrics['resource'] {
    if (this.#isStale && this.#workers.size > 0) this.#set(sharedAttributes([...this.#workers.values()]));
    this.#isStale = false;
    return this.#resource;
  }

  #set(shared: [string, PlainValue][]): void {
    const text = JSON.stringify(shared);
    if (text === this.#text) return;
    this.#text = text;
    this.#resource = plainResource(Object.fromEntries(shared));
  }
}

function sharedAttributes([first = {}, ...others]: readonly PlainAttributes[]): [string, PlainValue][] {
  return Object.entries(first).filter(
    ([key, value]) =>
      !PROCESS_ATTRIBUTES.has(key) &&
      others.every(
        (other) => Object.hasOwn(other, key) && JSON.stringify(other[key]) === JSON.stringify(value),
      ),
  );
}

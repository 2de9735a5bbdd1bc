// The resource of a service: the attributes that all of its processes share. Attributes of a single process, such as its
// pid, would be wrong for the sum.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import {
  attributesBytes,
  type PlainAttributes,
  type PlainValue,
  plainResource,
} from '../protocol/wire-attributes.js';

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
  #workerBytes = 0;
  #text = EMPTY;
  #resource = plainResource({});
  #isStale = false;

  /** The estimated memory. */
  get bytes(): number {
    // The text, and the attributes that it describes.
    return this.#workerBytes + 4 * (this.#text.length - EMPTY.length);
  }

  /** As of the last call of `current`. */
  get latest(): ResourceMetrics['resource'] {
    return this.#resource;
  }

  update(worker: string, attributes: PlainAttributes): void {
    const known = this.#workers.get(worker);
    if (known !== undefined && isSameAttributes(known, attributes)) return;
    this.remove(worker);
    this.#workers.set(worker, attributes);
    this.#workerBytes += attributesBytes(attributes);
    this.#isStale = true;
  }

  /** Attributes of a worker that has ended already; used only while no other worker is known. */
  seed(attributes: PlainAttributes): void {
    if (this.#workers.size === 0 && this.#text === EMPTY) this.#set(sharedAttributes([attributes]));
  }

  /** After the last worker, its shared attributes are kept. */
  remove(worker: string): void {
    const known = this.#workers.get(worker);
    if (known === undefined) return;
    this.#workers.delete(worker);
    this.#workerBytes -= attributesBytes(known);
    this.#isStale = true;
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
      !PROCESS_ATTRIBUTES.has(key) && others.every((other) => hasAttribute(other, key, value)),
  );
}

function isSameAttributes(a: PlainAttributes, b: PlainAttributes): boolean {
  const entries = Object.entries(a);
  return (
    entries.length === Object.keys(b).length && entries.every(([key, value]) => hasAttribute(b, key, value))
  );
}

function hasAttribute(attributes: PlainAttributes, key: string, value: PlainValue): boolean {
  if (!Object.hasOwn(attributes, key)) return false;
  const other = attributes[key];
  return other === value || (Array.isArray(value) && JSON.stringify(other) === JSON.stringify(value));
}

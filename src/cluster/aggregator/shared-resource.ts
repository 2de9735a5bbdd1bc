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
  readonly #workers = new Map<string, Described>();
  /** How many workers have an attribute with this value, by its text. */
  readonly #counts = new Map<string, number>();
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
    const texts = attributeTexts(attributes);
    if (isSame(this.#workers.get(worker)?.texts, texts)) return;
    this.#forget(worker);
    this.#workers.set(worker, { attributes, texts });
    this.#workerBytes += bytesOf(attributes, texts);
    for (const text of texts) this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
    this.#isStale = true;
  }

  /** Attributes of a worker that has ended already; used only while no other worker is known. */
  seed(attributes: PlainAttributes): void {
    if (this.#workers.size === 0 && this.#text === EMPTY) this.#set(Object.entries(attributes));
  }

  /** After the last worker, its shared attributes are kept, also when it ends before they were asked for. */
  remove(worker: string): void {
    if (this.#workers.size === 1 && this.#workers.has(worker)) this.current();
    this.#forget(worker);
  }

  #forget(worker: string): void {
    const known = this.#workers.get(worker);
    if (known === undefined) return;
    this.#workers.delete(worker);
    this.#workerBytes -= bytesOf(known.attributes, known.texts);
    for (const text of known.texts) {
      const count = this.#counts.get(text)! - 1;
      if (count === 0) this.#counts.delete(text);
      else this.#counts.set(text, count);
    }
    this.#isStale = true;
  }

  /** Returns the same object until the attributes change. */
  current(): ResourceMetrics['resource'] {
    const [first] = this.#workers.values();
    if (this.#isStale && first !== undefined) {
      const isShared = (text: string): boolean => this.#counts.get(text) === this.#workers.size;
      this.#set(Object.entries(first.attributes).filter((_, index) => isShared(first.texts[index]!)));
    }
    this.#isStale = false;
    return this.#resource;
  }

  #set(entries: readonly [string, PlainValue][]): void {
    const shared = entries.filter(([key]) => !PROCESS_ATTRIBUTES.has(key));
    const text = JSON.stringify(shared);
    if (text === this.#text) return;
    this.#text = text;
    this.#resource = plainResource(Object.fromEntries(shared));
  }
}

interface Described {
  readonly attributes: PlainAttributes;
  /** Of each attribute with its value, in the same order. */
  readonly texts: readonly string[];
}

function attributeTexts(attributes: PlainAttributes): string[] {
  return Object.entries(attributes).map((entry) => JSON.stringify(entry));
}

function bytesOf(attributes: PlainAttributes, texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + 2 * text.length, attributesBytes(attributes));
}

function isSame(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((text, index) => text === b[index]);
}

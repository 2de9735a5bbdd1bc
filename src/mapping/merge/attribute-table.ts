// Attributes as numbers: one id for each key and value in use, so that points are compared and kept without a text or an
// object for each. Ids are found by content, so it does not matter whether the app changes its attributes objects.

import { attributeText } from '../tags/attribute-text.js';
import type { AttributeRecord } from '../tags/tags.js';

const hasOwn = Object.prototype.hasOwnProperty;

/** No attribute has this id. */
const UNKNOWN = 0;

/** Of the type, of lengths, and of what the tables take for each. */
const ATTRIBUTE_BYTES = 28;

/** The values of one key. */
interface AttributeKey {
  readonly name: string;
  readonly ids: Map<Simple, number>;
  /** By type and text: these values are equal when their texts are. */
  readonly otherIds: Map<string, number>;
}

type Simple = string | number | boolean;

type Identity =
  | { readonly isSimple: true; readonly value: Simple }
  | { readonly isSimple: false; readonly text: string };

/** One key with one of its values. */
export interface Attribute {
  readonly key: string;
  readonly value: unknown;
  /** Of key and value as texts. */
  readonly characters: number;
}

interface InternedAttribute extends Attribute {
  readonly interned: AttributeKey;
  /** Where the id is found. The text of an object may have changed since. */
  readonly identity: Identity;
  /** Series that have it. */
  uses: number;
  /** The comparison in which it was seen last. */
  comparison: number;
}

export class AttributeTable {
  /** The attributes of the point that was read last, in its order; `count` of them are valid. */
  ids = new Int32Array(16);
  count = 0;
  /** The same for every order of attributes. */
  hash = 0;
  readonly #copyValue: (value: unknown) => unknown;
  readonly #keys = new Map<string, AttributeKey>();
  /** The keys of the point that was read last, in its order: the next one mostly has the same. */
  readonly #expected: (AttributeKey | undefined)[] = [];
  /** By id. */
  readonly #attributes: InternedAttribute[] = [undefined as never];
  readonly #freeIds: number[] = [];
  #comparisons = 0;

  /** `copyValue` makes what is kept of a value that is neither text nor finite number nor boolean. */
  constructor(copyValue: (value: unknown) => unknown) {
    this.#copyValue = copyValue;
  }

  /** One more than the largest id. */
  get size(): number {
    return this.#attributes.length;
  }

  get inUse(): number {
    return this.#attributes.length - 1 - this.#freeIds.length;
  }

  get(id: number): Attribute {
    return this.#attributes[id]!;
  }

  /** Reads the attributes of a point; false when one of them has no id. Throws what a getter of the app throws. */
  read(attributes: AttributeRecord): boolean {
    const expected = this.#expected;
    let { ids } = this;
    let count = 0;
    let hash = 0;
    let isKnown = true;
    for (const name in attributes) {
      if (!hasOwn.call(attributes, name)) continue;
      if (count === ids.length) ids = this.#enlarge();
      let key = expected[count];
      if (key === undefined || key.name !== name) {
        key = this.#keys.get(name);
        expected[count] = key;
      }
      const value = attributes[name];
      const id = key === undefined ? UNKNOWN : this.#idOf(key, value);
      if (id === UNKNOWN) isKnown = false;
      ids[count] = id;
      count += 1;
      hash = (hash + scrambled(id)) | 0;
    }
    this.count = count;
    this.hash = hash;
    return isKnown;
  }

  /** Like `read`, and gives an id to each attribute without one. Ids that are not retained afterwards are never freed. */
  intern(attributes: AttributeRecord): void {
    if (this.read(attributes)) return;
    let place = 0;
    let hash = 0;
    for (const name of Object.keys(attributes)) {
      const id = this.#intern(name, attributes[name]);
      this.ids[place] = id;
      place += 1;
      hash = (hash + scrambled(id)) | 0;
    }
    this.hash = hash;
  }

  /** Counts a series that has the attributes that were read last. */
  retain(): void {
    for (let place = 0; place < this.count; place += 1) this.#attributes[this.ids[place]!]!.uses += 1;
  }

  /** Forgets the attribute when it was of the last series that had it. */
  release(id: number): void {
    const attribute = this.#attributes[id]!;
    attribute.uses -= 1;
    if (attribute.uses > 0) return;
    const { key: name, identity, interned } = attribute;
    if (identity.isSimple) interned.ids.delete(identity.value);
    else interned.otherIds.delete(identity.text);
    if (interned.ids.size === 0 && interned.otherIds.size === 0) {
      this.#keys.delete(name);
      // Its ids may be given to other attributes.
      this.#expected.fill(undefined);
    }
    this.#attributes[id] = undefined as never;
    this.#freeIds.push(id);
  }

  /** The estimated memory of a series for these attributes. */
  bytesOf(ids: Int32Array, start: number, end: number): number {
    let bytes = 0;
    for (let at = start; at < end; at += 1) bytes += bytesOf(this.#attributes[ids[at]!]!);
    return bytes;
  }

  /** Whether these are the attributes that were read last, in any order. */
  isLast(ids: Int32Array, start: number, end: number): boolean {
    if (end - start !== this.count) return false;
    const last = this.ids;
    let at = start;
    while (at < end && ids[at] === last[at - start]) at += 1;
    return at === end || this.#isSameSet(ids, start, end);
  }

  #isSameSet(ids: Int32Array, start: number, end: number): boolean {
    this.#comparisons += 1;
    for (let place = 0; place < this.count; place += 1) {
      this.#attributes[this.ids[place]!]!.comparison = this.#comparisons;
    }
    for (let at = start; at < end; at += 1) {
      if (this.#attributes[ids[at]!]!.comparison !== this.#comparisons) return false;
    }
    return true;
  }

  #idOf(key: AttributeKey, value: unknown): number {
    if (isSimple(value)) return key.ids.get(value) ?? UNKNOWN;
    return findId(key, identityOf(this.#copyValue(value)));
  }

  #intern(name: string, value: unknown): number {
    let interned = this.#keys.get(name);
    if (interned === undefined) {
      interned = { name, ids: new Map(), otherIds: new Map() };
      this.#keys.set(name, interned);
    }
    const kept = isSimple(value) ? value : this.#copyValue(value);
    const identity = identityOf(kept);
    const known = findId(interned, identity);
    if (known !== UNKNOWN) return known;
    const id = this.#freeIds.pop() ?? this.#attributes.length;
    if (identity.isSimple) interned.ids.set(identity.value, id);
    else interned.otherIds.set(identity.text, id);
    const characters = attributeCharacters(name, kept);
    this.#attributes[id] = { key: name, value: kept, characters, interned, identity, uses: 0, comparison: 0 };
    return id;
  }

  #enlarge(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(2 * this.ids.length);
    larger.set(this.ids);
    this.ids = larger;
    return larger;
  }
}

/** The estimated memory of a series for its attributes. */
export function attributesBytes(attributes: AttributeRecord): number {
  let bytes = 0;
  for (const key of Object.keys(attributes)) {
    bytes += bytesOf({ characters: attributeCharacters(key, attributes[key]) });
  }
  return bytes;
}

function bytesOf({ characters }: Pick<Attribute, 'characters'>): number {
  return ATTRIBUTE_BYTES + 2 * characters;
}

export function attributeCharacters(key: string, value: unknown): number {
  return key.length + attributeText(value).length;
}

function isSimple(value: unknown): value is Simple {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** The type of a value is part of it: to the SDK `1` and `'1'` make two series. */
function identityOf(kept: unknown): Identity {
  return isSimple(kept)
    ? { isSimple: true, value: kept }
    : { isSimple: false, text: `${typeof kept} ${attributeText(kept)}` };
}

function findId({ ids, otherIds }: AttributeKey, identity: Identity): number {
  return (identity.isSimple ? ids.get(identity.value) : otherIds.get(identity.text)) ?? UNKNOWN;
}

/** Spreads ids over all bits, so that sums of different ids differ. */
function scrambled(id: number): number {
  let bits = Math.imul(id, 0x9e37_79b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85eb_ca77);
  return bits ^ (bits >>> 13);
}

// Attributes in the form in which they cross a process boundary. The SDK passes on any value that the app gave;
// values that JSON cannot represent become the text that they would have as a tag.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { attributeText } from '../../mapping/tags/attribute-text.js';

/** Values after the conversion; every other value has become text. */
export type PlainValue = string | number | boolean | null | readonly (string | number | boolean)[];

export type PlainAttributes = Readonly<Record<string, PlainValue>>;

/** A deep copy: later changes of the original have no effect. Throws what a getter of the app throws. */
export function plainAttributes(attributes: Readonly<Record<string, unknown>>): PlainAttributes {
  return Object.fromEntries(Object.keys(attributes).map((key) => [key, plainValue(attributes[key])]));
}

/** Estimated bytes of an attribute besides its texts. */
const ATTRIBUTE_BYTES = 50;

/** The estimated memory of attributes. */
export function attributesBytes(attributes: PlainAttributes): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(attributes)) {
    bytes += ATTRIBUTE_BYTES + 2 * key.length;
    if (typeof value === 'string') bytes += 2 * value.length;
    else if (Array.isArray(value)) bytes += 2 * JSON.stringify(value).length;
  }
  return bytes;
}

type Resource = ResourceMetrics['resource'];

/**
 * A resource with these attributes. The class of the SDK is in `@opentelemetry/resources`, which is no dependency of
 * this package; exporters use no more than this interface.
 */
export function plainResource(attributes: PlainAttributes): Resource {
  const resource = {
    attributes,
    merge: (other: Resource | null) =>
      other === null ? resource : plainResource({ ...attributes, ...(other.attributes as PlainAttributes) }),
    getRawAttributes: () => Object.entries(attributes),
  } as unknown as Resource;
  return resource;
}

/** A deep copy. Throws what a getter of the app throws. */
export function plainValue(value: unknown): PlainValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? withoutSignedZero(value) : String(value);
    case 'bigint':
      return String(value);
    case 'object':
      if (value === null) return null;
      return isPlainList(value) ? value.map(withoutSignedZero) : attributeText(value);
    default:
      return null;
  }
}

/** Neither JSON nor the text of a tag has -0. */
function withoutSignedZero<T>(value: T): T {
  return Object.is(value, -0) ? (0 as T) : value;
}

function isPlainList(value: object): value is (string | number | boolean)[] {
  try {
    return Array.isArray(value) && value.every(isPlain);
  } catch {
    // A proxy may throw on any access.
    return false;
  }
}

function isPlain(item: unknown): boolean {
  return typeof item === 'string' || typeof item === 'boolean' || Number.isFinite(item);
}

// Tags of every line of a scope: of the resource, of the scope, and those that the user configured.

import type { Dialect } from '../dialects/dialect.js';
import type { MappingReport } from '../report.js';
import { shortenTags } from './shorten-tags.js';
import { type AttributeRecord, legalConstantTags, type Tag } from './tags.js';

export interface ConstantTagOptions {
  readonly dialect: Dialect;
  /** Resource attribute to tag name. */
  readonly resourceTags: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Configured tags beat those of the scope, which beat those of the resource. */
export function constantTagsOf(
  { dialect, resourceTags, tags }: ConstantTagOptions,
  resource: AttributeRecord,
  scopeTags: Readonly<Record<string, string>>,
  report: MappingReport,
): readonly Tag[] {
  const fromResource = Object.entries(resourceTags)
    .filter(([attribute]) => !isPlaceholder(attribute, resource[attribute]))
    .map(([attribute, tag]) => [tag, resource[attribute]]);
  const legal = legalConstantTags({ ...Object.fromEntries(fromResource), ...scopeTags, ...tags }, dialect);
  const whole = shortenTags(legal, dialect);
  if (whole !== legal) {
    const text = 'configured tags are longer than the server reads whole; they are sent shortened';
    report.warn('shortened tags', text);
  }
  return whole;
}

/** The SDK's name for a service without a name: OpenTelemetry specification, "resource semantic conventions", service. */
function isPlaceholder(attribute: string, value: unknown): boolean {
  return attribute === 'service.name' && typeof value === 'string' && /^unknown_service(?::|$)/.test(value);
}

// A resource made of attributes that came from elsewhere. The SDK's own class is no dependency of this package, and
// exporters ask for no more than this.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { PlainAttributes } from './wire-attributes.js';

type Resource = ResourceMetrics['resource'];

export function plainResource(attributes: PlainAttributes): Resource {
  const resource = {
    attributes,
    merge: (other: Resource | null) =>
      other === null ? resource : plainResource({ ...attributes, ...(other.attributes as PlainAttributes) }),
    getRawAttributes: () => Object.entries(attributes),
  } as unknown as Resource;
  return resource;
}

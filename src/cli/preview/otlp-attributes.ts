// Attributes as OTLP's JSON has them: `[{ "key": "k", "value": { "stringValue": "v" } }]`.

import type { JsonNode } from './json-node.js';

const VALUE_FIELDS = [
  'stringValue',
  'boolValue',
  'intValue',
  'doubleValue',
  'arrayValue',
  'kvlistValue',
  'bytesValue',
] as const;

export function readAttributes(node: JsonNode): Record<string, unknown> {
  return Object.fromEntries(
    node.list().map((pair) => {
      const key = pair.field('key');
      return [key.exists ? key.text('') : key.fail('a text'), readAnyValue(pair.field('value'))];
    }),
  );
}

function readAnyValue(node: JsonNode): unknown {
  if (!node.exists) return undefined;
  const [kind] = node.fieldsAmong(VALUE_FIELDS);
  if (kind === undefined) {
    return Object.keys(node.object()).length === 0
      ? undefined
      : node.fail(`one of ${VALUE_FIELDS.join(', ')}`);
  }
  const value = node.field(kind);
  switch (kind) {
    case 'stringValue':
    case 'bytesValue':
      return value.text('');
    case 'boolValue':
      return value.flag();
    case 'intValue':
      return value.integer();
    case 'doubleValue':
      return value.number();
    case 'arrayValue':
      return value.field('values').list().map(readAnyValue);
    case 'kvlistValue':
      return readAttributes(value.field('values'));
  }
}

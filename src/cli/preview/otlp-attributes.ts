// Attributes of OTLP's JSON: `[{ "key": "k", "value": { "stringValue": "v" } }]`.

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

/** Deeper values are refused: reading them recurses. Real ones have a level or two. */
const MAX_DEPTH = 100;

export function readAttributes(node: JsonNode, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    node.list().map((pair) => [pair.field('key').text(), readAnyValue(pair.field('value'), depth + 1)]),
  );
}

function readAnyValue(node: JsonNode, depth: number): unknown {
  if (depth > MAX_DEPTH) return node.fail(`at most ${MAX_DEPTH} levels`);
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
      return value.text();
    case 'boolValue':
      return value.flag();
    case 'intValue':
      return value.integer();
    case 'doubleValue':
      return value.number();
    case 'arrayValue':
      return value
        .field('values')
        .list()
        .map((each) => readAnyValue(each, depth + 1));
    case 'kvlistValue':
      return readAttributes(value.field('values'), depth + 1);
  }
}

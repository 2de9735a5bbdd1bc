import { expect, it } from 'vitest';
import { JsonNode } from '../../../src/cli/preview/json-node.js';
import { readAttributes } from '../../../src/cli/preview/otlp-attributes.js';

const read = (value: unknown): unknown =>
  readAttributes(new JsonNode([{ key: 'k', value }], 'attributes'))['k'];

const repeat = (times: number, wrap: (value: unknown) => unknown, value: unknown): unknown =>
  times === 0 ? value : repeat(times - 1, wrap, wrap(value));

const list = (value: unknown): unknown => ({ arrayValue: { values: [value] } });
const map = (value: unknown): unknown => ({ kvlistValue: { values: [{ key: 'm', value }] } });
const text = { stringValue: 'v' };

it('lists of lists are read up to 100 levels', () => {
  expect(read(repeat(99, list, text))).toEqual(repeat(99, (value) => [value], 'v'));
  expect(() => read(repeat(100, list, text))).toThrow(
    `attributes[0].value${'.arrayValue.values[0]'.repeat(100)}: expected at most 100 levels, got {"stringValue":"v"}`,
  );
});

it('maps of maps are read up to 100 levels, of which each takes two', () => {
  expect(read(repeat(49, map, text))).toEqual(repeat(49, (value) => ({ m: value }), 'v'));
  expect(() => read(repeat(50, map, text))).toThrow(
    `attributes[0].value${'.kvlistValue.values[0].value'.repeat(50)}: expected at most 100 levels, got {"stringValue":"v"}`,
  );
});

it.each<[unknown, string]>([
  [{ stringValue: 1 }, 'stringValue: expected a text, got 1'],
  [{ boolValue: 'true' }, 'boolValue: expected true or false, got "true"'],
  [{ intValue: 1.5 }, 'intValue: expected a whole number, got 1.5'],
  [{ doubleValue: 'x' }, 'doubleValue: expected a number, got "x"'],
  [{ bytesValue: [1] }, 'bytesValue: expected a text, got [1]'],
  [{ arrayValue: [1] }, 'arrayValue: expected an object, got [1]'],
  [{ kvlistValue: { values: [{}] } }, 'kvlistValue.values[0].key: expected a text, got nothing'],
])('a value is of the type that its field names, unlike in %j', (value, fault) => {
  expect(() => read(value)).toThrow(`attributes[0].value.${fault}`);
});

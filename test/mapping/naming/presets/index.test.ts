import { expect, it } from 'vitest';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import {
  defaultPreset,
  namePresets,
  prefixOf,
  presetOf,
  rulesOf,
} from '../../../../src/mapping/naming/presets/index.js';

it('the default preset is semconv where tags are folded into the name, else plain', () => {
  expect([dialects.statsd, dialects.dogstatsd, dialects.carbon].map(defaultPreset)).toEqual([
    'semconv',
    'plain',
    'plain',
  ]);
});

it('the rules of a preset are its table, and those of a table are itself', () => {
  const table = { a: 'b' };
  expect([rulesOf('sprockets'), rulesOf('plain'), rulesOf(table)]).toEqual([
    namePresets.sprockets,
    {},
    table,
  ]);
});

it('a table is known as a preset only if it is that of the preset itself', () => {
  const tables = [namePresets.semconv, namePresets.sprockets, namePresets.plain, {}, undefined];
  expect(tables.map(presetOf)).toEqual(['semconv', 'sprockets', 'plain', undefined, undefined]);
});

it('the preset sprockets alone has a prefix', () => {
  expect([
    prefixOf('sprockets'),
    prefixOf('semconv'),
    prefixOf('plain'),
    prefixOf({ sprockets: 'a' }),
  ]).toEqual(['applications.{service.name}.{deployment.environment.name|}', '', '', '']);
});

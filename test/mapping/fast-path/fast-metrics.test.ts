import { expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { ByteArena } from '../../../src/mapping/fast-path/byte-arena.js';
import { ConstantRefTable } from '../../../src/mapping/fast-path/constant-refs.js';
import { FastMetrics, mayOverwriteItself } from '../../../src/mapping/fast-path/fast-metrics.js';
import { LineTemplates } from '../../../src/mapping/fast-path/line-template.js';
import { TagInternTable } from '../../../src/mapping/fast-path/tag-intern-table.js';
import { gauge, mappingOptions } from '../../support/mapping.js';

function metricsOf() {
  const arena = new ByteArena();
  const options = mappingOptions(dialects.dogstatsd);
  const internTable = new TagInternTable(dialects.dogstatsd, arena);
  const constants = new ConstantRefTable(internTable);
  const [none, other] = [constants.of([])!, constants.of([['a', 'b']])!];
  return { metrics: new FastMetrics(new LineTemplates(options, arena), internTable), none, other };
}

it('a metric is the same from export to export, until its name, kind, tags or descriptor changes', () => {
  const { metrics, none, other } = metricsOf();
  const [one, two] = [gauge([]), gauge([])];
  const first = metrics.find(one, 'm', 'gauge', none, 1);
  const again = metrics.find(one, 'm', 'gauge', none, 2);
  const others = [
    metrics.find(one, 'n', 'gauge', none, 3),
    metrics.find(one, 'n', 'counter', none, 3),
    metrics.find(one, 'n', 'counter', other, 3),
    metrics.find(two, 'n', 'counter', other, 3),
  ];
  expect(again).toBe(first);
  expect(new Set([first, ...others]).size).toBe(5);
  expect(others.map((each) => [each?.template.name, each?.template.kind, each?.constants])).toEqual([
    ['n', 'gauge', none],
    ['n', 'counter', none],
    ['n', 'counter', other],
    ['n', 'counter', other],
  ]);
  expect(metrics.find(one, 'm'.repeat(201), 'gauge', none, 3)).toBeUndefined();
});

it('a metric may overwrite itself in its first export, after points on the slow path, and with equal tags', () => {
  const { metrics, none } = metricsOf();
  const metric = gauge([]);
  const inExport = (exportNumber: number) => metrics.find(metric, 'm', 'gauge', none, exportNumber)!;
  expect([1, 1, 2].map((each) => mayOverwriteItself(inExport(each)))).toEqual([true, true, false]);
  const known = inExport(3);
  known.hadSlowPoints = true;
  expect(mayOverwriteItself(inExport(4))).toBe(true);
  known.hadSlowPoints = false;
  expect(mayOverwriteItself(inExport(5))).toBe(false);
  known.trie.insert(known.trie.root, 'a')!.interned!.refOf(null);
  expect(mayOverwriteItself(inExport(6))).toBe(true);
});

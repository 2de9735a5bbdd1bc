// What the example many-hosts makes of the daemons' figures.
import { expect, test } from 'vitest';
import { compareInterval, verdictOn } from '../../examples/many-hosts/compare.js';

const measured = [
  {
    requests: { 'POST 201': 2, 'GET 404': 1 },
    orders: { book: 1, lamp: 1 },
    orderValues: [3, 4],
    baskets: 0,
    stock: -2,
  },
  { requests: { 'POST 201': 1 }, orders: { book: 1 }, orderValues: [5], baskets: 0, stock: -1 },
];
const flush = (counters: Record<string, number>, gauges: Record<string, number> = {}) => ({
  counters,
  gauges,
  timerData: {},
});
const timers = {
  'shop.http.server.request.duration.POST.none.201': { count: 3 },
  'shop.http.server.request.duration.GET.none.404': { count: 1 },
};
const right = [
  {
    ...flush({ 'shop.orders.kind.book': 2, 'shop.order.value.sum': 12 }, { 'shop.stock.instance.host1': -2 }),
    timerData: timers,
  },
  flush({ 'shop.orders.kind.lamp': 1 }, { 'shop.stock.instance.host2': -1 }),
];
const differences = (rows: ReturnType<typeof compareInterval>) =>
  rows
    .filter(({ agreement }) => agreement !== 'equal')
    .map(({ label, app, statsd, difference, agreement }) => [label, app, statsd, difference, agreement]);

test('figures of all daemons that add up to those of all apps are equal', () => {
  const rows = compareInterval({ measured, flushes: right });
  expect(rows.map(({ app }) => app)).toEqual(['3', '1', '2', '1', '12', '-2', '-1']);
  expect(differences(rows)).toEqual([]);
  expect(verdictOn([{ title: 'first', rows }]).agrees).toBe(true);
});

test('only the increase since the interval before counts', () => {
  const rows = compareInterval({
    measured,
    before: measured,
    flushes: [flush({}, { 'shop.stock.instance.host1': -2, 'shop.stock.instance.host2': -1 })],
  });
  expect(differences(rows)).toEqual([]);
});

test('a missing, a wrong and a doubled figure are off, and named', () => {
  const rows = compareInterval({ measured, flushes: [right[0]!, flush({ 'shop.orders.kind.lamp': 1 })] });
  expect(differences(rows)).toEqual([['stock, host2', '-1', '–', 'missing', 'off']]);
  expect(verdictOn([{ title: 'first', rows }])).toEqual({
    agrees: false,
    verdict: 'These figures differ: first: stock, host2.',
  });
  const doubled = compareInterval({ measured, flushes: [...right, flush({ 'shop.orders.kind.book': 2 })] });
  expect(differences(doubled)).toEqual([['orders, book', '2', '4', '2', 'off']]);
});

test('a series of a dead daemon has to be missing', () => {
  const lossOf = new Set(['shop.orders.kind.lamp', 'shop.stock.instance.host2']);
  const rows = compareInterval({ measured, flushes: [right[0]!], lossOf });
  expect(differences(rows)).toEqual([
    ['orders, lamp', '1', '0', '-1', 'near'],
    ['stock, host2', '-1', '–', 'missing', 'near'],
  ]);
  expect(verdictOn([{ title: 'second', rows }]).agrees).toBe(true);
  expect(
    differences(compareInterval({ measured, flushes: right, lossOf })).map(([label, , , , agreement]) => [
      label,
      agreement,
    ]),
  ).toEqual([
    ['orders, lamp', 'off'],
    ['stock, host2', 'off'],
  ]);
});

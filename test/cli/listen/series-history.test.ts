import { describe, expect, it } from 'vitest';
import { PointStore } from '../../../src/cli/listen/point-store.js';
import { createHistoryStores, SeriesHistory } from '../../../src/cli/listen/series-history.js';
import { SeriesTable } from '../../../src/cli/listen/series-table.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { parseLine } from '../../../src/mapping/lines/parse-line.js';

const history = (type: string, startedAt = 0): SeriesHistory =>
  new SeriesHistory(type, createHistoryStores(), startedAt, startedAt);

const valuesOf = ({ points }: ReturnType<SeriesHistory['plot']>): [number, number][] =>
  points.map(({ second, value }) => [second, value]);

describe('the plot of a counter', () => {
  it('has the rate of the table at the end of each second', () => {
    const table = new SeriesTable(dialects.statsd, { history: createHistoryStores() });
    const rates: [number, number][] = [];
    for (let second = 100; second < 140; second += 1) {
      const parsed = parseLine(`a:${second % 7}|c`, dialects.statsd);
      if ('samples' in parsed && second % 3 === 0) table.add(parsed.samples[0]!, second * 1000);
      const [series] = table.all;
      if (series !== undefined) rates.push([second, table.rateOf(series, second * 1000 + 999.999)]);
    }
    const plotted = valuesOf(table.all[0]!.history!.plot(0, 140));
    expect(plotted.map(([second]) => second)).toEqual(rates.map(([second]) => second));
    for (const [at, [, rate]] of plotted.entries()) expect(rate).toBeCloseTo(rates[at]![1], 3);
  });

  it('is zero while nothing arrives, also when its last recording was long ago', () => {
    const counter = history('c', 1_000);
    counter.add(1_000, 5, 5);
    expect(valuesOf(counter.plot(1_200, 1_203))).toEqual([
      [1_200, 0],
      [1_201, 0],
      [1_202, 0],
    ]);
  });

  it('has minutes before the last hour, as rates per second', () => {
    const counter = history('c', 600);
    for (let second = 600; second < 8_000; second += 1) counter.add(second, 2, 2);
    const plotted = valuesOf(counter.plot(0, 8_000));
    expect(plotted.slice(0, 2)).toEqual([
      [600, 2],
      [660, 2],
    ]);
    expect(plotted.find(([second], at) => second + 1 === plotted[at + 1]?.[0])).toEqual([4_440, 2]);
    expect(new Set(plotted.map(([, rate]) => rate))).toEqual(new Set([2]));
  });
});

it('the plot of a set has the rate of its recordings', () => {
  const set = history('s');
  set.add(0, Number.NaN, 5);
  set.add(1, Number.NaN, 1);
  expect(set.plot(0, 2)).toEqual({ kind: 'rate', points: [flat(0, 5), flat(1, 3)] });
});

it('the plot of a gauge has its values until now, that of a timer its means', () => {
  const [gauge, timer] = [history('g'), history('ms')];
  gauge.add(5, 3, 1);
  gauge.add(9, 4, 1);
  timer.add(5, 10, 1);
  timer.add(5, 20, 1);
  const at = (second: number) => ({ second, value: 4, low: 4, high: 4 });
  expect([gauge.plot(6, 20), gauge.plot(10, 20), timer.plot(0, 20)]).toEqual([
    { kind: 'value', points: [at(9), at(20)] },
    { kind: 'value', points: [at(10), at(20)] },
    { kind: 'mean', points: [{ second: 5, value: 15, low: 10, high: 20 }] },
  ]);
});

/** Each step of the range with the value of `point`. */
function range<T>(from: number, until: number, step: number, point: (second: number) => T): T[] {
  return Array.from({ length: Math.ceil((until - from) / step) }, (_, at) => point(from + at * step));
}

const flat = (second: number, value: number) => ({ second, value, low: value, high: value });

it('the plot of a gauge follows relative values', () => {
  const table = new SeriesTable(dialects.statsd, { history: createHistoryStores() });
  for (const [second, line] of [
    [1, 'a:5|g'],
    [2, 'a:-2|g'],
  ] as const) {
    const parsed = parseLine(line, dialects.statsd);
    if ('samples' in parsed) table.add(parsed.samples[0]!, second * 1_000);
  }
  expect(table.all[0]?.history?.plot(0, 2).points).toEqual([flat(1, 5), flat(2, 3)]);
});

it('the plot of a gauge has minutes before the last hour, as far back as a day', () => {
  const gauge = history('g');
  for (let second = 0; second < 8_000; second += 30) gauge.add(second, second, 1);
  const seconds = [...range(4_440, 8_000, 30, (second) => flat(second, second)), flat(8_000, 7_980)];
  const minute = (second: number) => ({ second, value: second + 30, low: second, high: second + 30 });
  expect([gauge.plot(0, 8_000), gauge.plot(3_000, 8_000)].map(({ points }) => points)).toEqual([
    [...range(0, 4_440, 60, minute), ...seconds],
    [...range(3_000, 4_440, 60, minute), ...seconds],
  ]);
  // The minute in which the day begins is left out.
  expect(gauge.plot(0, 93_910).points.slice(0, 2)).toEqual([minute(7_560), minute(7_620)]);
});

it('the plot of a gauge has no second point of the same second', () => {
  const gauge = history('g');
  gauge.add(9, 4, 1);
  expect(gauge.plot(0, 9).points).toEqual([flat(9, 4)]);
});

it('the plot of a counter has zero for minutes and seconds in which nothing arrived', () => {
  const counter = history('c');
  for (const second of [0, 120, 4_500]) counter.add(second, 600, 600);
  const minutes = range(0, 4_440, 60, (second) => flat(second, second === 0 || second === 120 ? 10 : 0));
  const seconds = range(4_440, 8_000, 1, (second) =>
    flat(second, second >= 4_500 && second < 4_510 ? 60 : 0),
  );
  expect(counter.plot(0, 8_000).points).toEqual([...minutes, ...seconds]);
});

it('seconds are plotted from the minute on of which all are known, with those before it that rates need', () => {
  const fine = new PointStore({ stepSeconds: 1, spanSeconds: 3_600, maxBytes: 2 * 1_280 });
  const { coarse } = createHistoryStores();
  const counter = new SeriesHistory('c', { fine, coarse }, 0, 0);
  // The first of three blocks, until second 63, is given up: the rates from 73 on are known.
  for (let second = 0; second < 190; second += 1) counter.add(second, 3, 3);
  expect(counter.plot(0, 190).points).toEqual([
    flat(0, 3),
    flat(60, 3),
    ...range(120, 190, 1, (second) => flat(second, 3)),
  ]);
});

it('minutes take the place of seconds that memory had no room for', () => {
  const fine = new PointStore({ stepSeconds: 1, spanSeconds: 3_600, maxBytes: 4_000 });
  const { coarse } = createHistoryStores();
  const counter = new SeriesHistory('c', { fine, coarse }, 0, 0);
  for (let second = 0; second < 600; second += 1) counter.add(second, 3, 3);
  const plotted = valuesOf(counter.plot(0, 600));
  expect(plotted.slice(0, 3).map(([second]) => second)).toEqual([0, 60, 120]);
  expect(new Set(plotted.map(([, rate]) => rate))).toEqual(new Set([3]));
  expect(plotted.at(-1)).toEqual([599, 3]);
});

it('a table without a view of points over time keeps none', () => {
  const table = new SeriesTable(dialects.statsd);
  const parsed = parseLine('a:1|c', dialects.statsd);
  if ('samples' in parsed) table.add(parsed.samples[0]!, 0);
  expect(table.all[0]?.history).toBeUndefined();
});

it('points of all series over time take 96 MiB: 64 for seconds, 32 for minutes', () => {
  const { fine, coarse } = createHistoryStores();
  expect([fine, coarse].map(({ limits }) => limits)).toEqual([
    { stepSeconds: 1, spanSeconds: 3_600, maxBytes: 67_108_864 },
    { stepSeconds: 60, spanSeconds: 86_400, maxBytes: 33_554_432 },
  ]);
});

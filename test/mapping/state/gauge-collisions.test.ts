import { expect, it } from 'vitest';
import { hashBytes } from '../../../src/mapping/fast-path/rolling-hash.js';
import { GaugeCollisionDetector } from '../../../src/mapping/state/gauge-collisions.js';

const seriesOf = (identity: string) => ({ head: identity, tail: '', stamp: undefined, identity });

function watch() {
  const warnings: string[] = [];
  const gaugesSent = new GaugeCollisionDetector();
  const note = (identity: string, metric = 'm'): void =>
    gaugesSent.note(seriesOf(identity), metric, { warn: (_, message) => warnings.push(message) });
  return { gaugesSent, note, warnings };
}

it('detects a repetition of each of thousands of series, and no other', () => {
  const { note, warnings } = watch();
  const identities = Array.from({ length: 5_000 }, (_, index) => `gauge.${index}`);
  for (const identity of identities) note(identity);
  expect(warnings).toEqual([]);
  for (const identity of identities) note(identity, 'other');
  expect(warnings).toEqual(
    identities.map(
      (identity) =>
        `several series of m and other are one to the server, ${identity}: ` +
        'each of their gauges overwrites the one before',
    ),
  );
});

it('finds a series by its hash until the next export', () => {
  const { gaugesSent, note, warnings } = watch();
  const { a, b } = hashBytes(Buffer.from('gauge'));
  const first = gaugesSent.isFirst(a, b, gaugesSent.metricIndexOf('m'));
  const second = gaugesSent.isFirst(a, b, gaugesSent.metricIndexOf('m'));
  note('gauge');
  gaugesSent.beginExport();
  note('gauge');
  expect([first, second, warnings.length]).toEqual([true, false, 1]);
});

it('a hash of zeros alone is found like others', () => {
  const { gaugesSent } = watch();
  const owner = gaugesSent.metricIndexOf('m');
  expect([gaugesSent.isFirst(0, 0, owner), gaugesSent.isFirst(0, 0, owner)]).toEqual([true, false]);
});

it('stores no more series than its limit', () => {
  const { gaugesSent } = watch();
  const owner = gaugesSent.metricIndexOf('m');
  const isFirst = (index: number): boolean =>
    gaugesSent.isFirst(Math.imul(index, 2_654_435_761), index, owner);
  for (let index = 1; index <= 20_000; index += 1) isFirst(index);
  expect([isFirst(1), isFirst(20_000), isFirst(20_001), isFirst(20_001)]).toEqual([false, false, true, true]);
});

it('compares identities of any length and script whole', () => {
  const { note, warnings } = watch();
  const long = ['é', '🙂'].flatMap((text) =>
    [1, 300, 341, 342, 600, 3_000].map((length) => text.repeat(length)),
  );
  for (const identity of long) note(`${identity}a`);
  for (const identity of long) note(`${identity}b`);
  expect(warnings).toEqual([]);
  for (const identity of long) note(`${identity}b`);
  expect(warnings.map((text) => / server, (.*): each/.exec(text)?.[1])).toEqual(
    long.map((text) => `${text}b`),
  );
});

it('names the metric that sent the series first, whatever came in between and in exports before', () => {
  const { gaugesSent, note, warnings } = watch();
  note('x', 'old');
  gaugesSent.beginExport();
  for (const [identity, metric] of [
    ['a', 'one'],
    ['b', 'two'],
    ['c', 'one'],
    ['b', 'one'],
    ['a', 'two'],
    ['c', 'one'],
  ] as const)
    note(identity, metric);
  expect(warnings.map((text) => / of (.*) are one/.exec(text)?.[1])).toEqual([
    'two and one',
    'one and two',
    'one',
  ]);
});

it('names the metric that sent the series first if metrics take turns', () => {
  const { note, warnings } = watch();
  for (const [index, metric] of ['one', 'two', 'one', 'two', 'two', 'one'].entries())
    note(`${index}`, metric);
  for (const index of [0, 1, 2, 3, 4, 5]) note(`${index}`, 'x');
  expect(warnings.map((text) => / of (.*) and x are one/.exec(text)?.[1])).toEqual([
    'one',
    'two',
    'one',
    'two',
    'two',
    'one',
  ]);
});

it('warns with the metric as its subject', () => {
  const subjects: string[] = [];
  const gaugesSent = new GaugeCollisionDetector();
  for (const metric of ['m', 'n'])
    gaugesSent.note(seriesOf('a'), metric, { warn: (subject) => subjects.push(subject) });
  expect(subjects).toEqual(['collision n']);
});

it('tells apart hashes of which only one half is equal or zero', () => {
  const { gaugesSent } = watch();
  const owner = gaugesSent.metricIndexOf('m');
  const halves = [0, 1, -1, 2 ** 30, 7];
  const hashes = halves
    .flatMap((a) => halves.map((b) => [a, b] as const))
    .filter(([a, b]) => a !== 0 || b !== 0);
  const isFirst = ([a, b]: readonly [number, number]): boolean => gaugesSent.isFirst(a, b, owner);
  const [none, all] = [hashes.map(() => false), hashes.map(() => true)];
  expect([hashes.map(isFirst), hashes.map(isFirst)]).toEqual([all, none]);
  // The table grows.
  for (let index = 1; index <= 3_000; index++) isFirst([Math.imul(index, 2_654_435_761), index + 100]);
  expect(hashes.map(isFirst)).toEqual(none);
});

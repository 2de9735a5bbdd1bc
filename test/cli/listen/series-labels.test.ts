import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLabels, labelsOf, labelText } from '../../../src/cli/listen/series-labels.js';

const row = (name: string, tags: Record<string, string> = {}, type = 'c') => ({ name, tags, type });
const shownLabels = (rows: ReturnType<typeof row>[], width: number): string[] =>
  fitLabels(labelsOf(rows).labels, width);

describe('labels', () => {
  it('leave out tags that all series have, of one series none', () => {
    const rows = [row('a', { app: 'shop', zone: '1', flag: '' }), row('b', { app: 'shop', flag: '' })];
    const { shared, labels } = labelsOf(rows);
    expect([shared, labels.map(labelText)]).toEqual([
      ['app=shop', 'flag'],
      ['a{zone=1}', 'b'],
    ]);
    expect(labelsOf(rows.slice(0, 1)).shared).toEqual([]);
  });

  it('have tags with several values first', () => {
    const rows = [row('a', { a: 'x', z: '1' }), row('a', { a: 'x', z: '2' }), row('b', {})];
    expect(labelsOf(rows).labels.map(labelText)).toEqual(['a{z=1,a=x}', 'a{z=2,a=x}', 'b']);
  });
});

describe('labels of hostile series', () => {
  it('have the beginning of a long name, and the first of many tags', () => {
    const tags = Object.fromEntries(Array.from({ length: 16_000 }, (_, at) => [`k${at}`, '']));
    const rows = [row('a.'.repeat(30_000), tags), row('b', { k: 'x'.repeat(60_000) })];
    const { labels } = labelsOf(rows);
    expect(
      labels.map(({ name, pairs }) => ({ name: name.length, pairs: pairs.length, pair: pairs[0]?.length })),
    ).toEqual([
      { name: 500, pairs: 51, pair: 2 },
      { name: 1, pairs: 1, pair: 200 },
    ]);
    expect(fitLabels(labels, 30).map(({ length }) => length)).toEqual([30, 4]);
  });

  it('are different although their names differ after what is kept of them', () => {
    const long = 'x'.repeat(1_000);
    expect(shownLabels([row(`${long}1`), row(`${long}2`)], 20)).toEqual([
      'xxxxxxxxxx…xxxxxxxx…',
      'xxxxxxxxx…xxxxxxx…~2',
    ]);
  });

  it('are numbered in one pass, however many are the same', () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => row(`${'x'.repeat(600)}${at}`));
    const labels = shownLabels(rows, 20);
    expect([new Set(labels).size, labels.at(-1), Math.max(...labels.map(({ length }) => length))]).toEqual([
      10_000,
      'xxxxxxx…xxxxx…~10000',
      20,
    ]);
  });

  it('may have the names of properties of objects', () => {
    const tags = Object.fromEntries([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(shownLabels([row('toString', tags), row('__proto__')], 80)).toEqual([
      'toString{__proto__=a,constructor=b}',
      '__proto__',
    ]);
  });
});

describe('labels in a narrow column', () => {
  it('are shortened in what all of them have', () => {
    const routes = ['/', '/cart', '/checkout'].map((route) =>
      row('http.server.request.duration', { 'http.route': route }),
    );
    expect(shownLabels(routes, 36)).toEqual([
      'http.server…t.duration{http.route=/}',
      'http.serv…duration{http.route=/cart}',
      'http.se…ration{http.route=/checkout}',
    ]);
  });

  it('of folded attributes keep the segments that differ', () => {
    const names = ['GET', 'POST'].flatMap((method) =>
      ['200', '500'].map((status) =>
        row(`http.server.request.duration.method.${method}.status_code.${status}`),
      ),
    );
    expect(shownLabels(names, 30)).toEqual([
      'http.…thod.GET.status_code.200',
      'http.…thod.GET.status_code.500',
      'http…thod.POST.status_code.200',
      'http…thod.POST.status_code.500',
    ]);
  });

  it('drop tags that all series of a name have', () => {
    const rows = [
      row('orders.paid', { country: 'fi', kind: 'a' }),
      row('orders.kept', { country: 'fi', kind: 'b' }),
      row('orders.lost', { country: 'se', kind: 'c' }),
      ...['1', '2', '3', '4'].map((kind) => row('queue.long.name', { country: 'at', kind })),
    ];
    expect(shownLabels(rows, 18)).toEqual([
      'orders.paid{…}',
      'orders.kept{…}',
      'orders.lost{…}',
      'queue.l…e{k…d=1,…}',
      'queue.l…e{k…d=2,…}',
      'queue.l…e{k…d=3,…}',
      'queue.l…e{k…d=4,…}',
    ]);
  });

  it('that cannot differ in the room are numbered', () => {
    const rows = [row('aaaaaaaaaa'), row('aaaaabaaaa'), row('aaaaacaaaa'), row('aaaaabaaaa', {}, 'g')];
    expect(shownLabels(rows, 4)).toEqual(['aa…a', 'a…~2', 'a…~3', 'aa…a']);
  });

  it('of different series are different and fit, whatever the names and tags', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '.', '=', ',', '…', '~', '2', 'é', '\u202e'),
      maxLength: 12,
    });
    const series = fc.uniqueArray(
      fc.record({
        name: text,
        tags: fc.dictionary(text, text, { maxKeys: 3 }),
        type: fc.constantFrom('c', 'g'),
      }),
      {
        maxLength: 12,
        selector: ({ name, tags, type }) => JSON.stringify([name, Object.entries(tags).sort(), type]),
      },
    );
    fc.assert(
      fc.property(series, fc.integer({ min: 4, max: 60 }), (rows, width) => {
        const { labels } = labelsOf(rows);
        const texts = fitLabels(labels, width);
        expect(new Set(texts.map((shown, at) => `${labels[at]?.type} ${shown}`)).size).toBe(rows.length);
        expect(Math.max(0, ...texts.map((shown) => [...shown].length))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

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

  it('have their tags in the order of names', () => {
    const rows = [row('a', { d: '1', c: '2', b: '3', a: '4' }), row('b', { b: '3', a: '4' })];
    const { shared, labels } = labelsOf(rows);
    expect([shared, labels.map(labelText)]).toEqual([
      ['a=4', 'b=3'],
      ['a{c=2,d=1}', 'b'],
    ]);
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

  it('have 50 tags at most, and an ellipsis for the others', () => {
    const pairsOf = (count: number): readonly string[] => {
      const keys = Array.from({ length: count }, (_, at) => `k${String(at).padStart(2, '0')}`);
      return labelsOf([row('a', Object.fromEntries(keys.map((key) => [key, ''])))]).labels[0]!.pairs;
    };
    const all = Array.from({ length: 50 }, (_, at) => `k${String(at).padStart(2, '0')}`);
    expect([pairsOf(50), pairsOf(51), pairsOf(60)]).toEqual([all, [...all, '…'], [...all, '…']]);
  });

  it('have 500 characters of a name, however many units each has', () => {
    const nameOf = (length: number): string => labelsOf([row('🎉'.repeat(length))]).labels[0]!.name;
    expect([nameOf(500), nameOf(501), nameOf(2_000)]).toEqual([
      '🎉'.repeat(500),
      ...[1, 2].map(() => `${'🎉'.repeat(499)}…`),
    ]);
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
    expect(shownLabels([row('toString', { undefined: '' })], 7)).toEqual(['to…g{…}']);
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

  it('lose tags that tell nothing, then what names have in common, then keys, and last what differs', () => {
    const rows = [
      row('orders.paid', { country: 'finland', new: '' }),
      row('orders.paid', { country: 'sweden', new: '' }),
      row('orders.lost', { country: 'sweden', reason: 'timeout' }),
    ];
    const shown: [number, string, string, string][] = [
      [
        42,
        'orders.paid{country=finland,new}',
        'orders.paid{country=sweden,new}',
        'orders.lost{country=sweden,reason=timeout}',
      ],
      [
        41,
        'orders.paid{country=finland,new}',
        'orders.paid{country=sweden,new}',
        'orders.lost{country=sweden,…}',
      ],
      [
        32,
        'orders.paid{country=finland,new}',
        'orders.paid{country=sweden,new}',
        'orders.lost{country=sweden,…}',
      ],
      [
        31,
        'orders.paid{country=finland,…}',
        'orders.paid{country=sweden,new}',
        'orders.lost{country=sweden,…}',
      ],
      [
        30,
        'orders.paid{country=finland,…}',
        'orders.paid{country=sweden,…}',
        'orders.lost{country=sweden,…}',
      ],
      [29, 'or…rs.paid{country=finland,…}', 'orders.paid{country=sweden,…}', 'orders.lost{country=sweden,…}'],
      [28, 'or…rs.paid{cou…ry=finland,…}', 'or…rs.paid{country=sweden,…}', 'or…rs.lost{country=sweden,…}'],
      [26, 'or…rs.paid{co…y=finland,…}', 'or…rs.paid{co…ry=sweden,…}', 'orders.lost{…}'],
      [24, 'or…rs.paid{c…y=fin…nd,…}', 'or…rs.paid{c…y=sweden,…}', 'orders.lost{…}'],
      [21, 'o…s.paid{c…y=fi…nd,…}', 'o…s.paid{c…y=sw…en,…}', 'orders.lost{…}'],
      [19, '….paid{c…y=fi…nd,…}', '….paid{c…y=sw…en,…}', 'orders.lost{…}'],
      [17, '….paid{…=fi…nd,…}', '….paid{…=sw…en,…}', 'orders.lost{…}'],
      [15, '….paid{…=f…d,…}', '….paid{…=s…n,…}', 'orders.lost{…}'],
      [13, '….p…d{…f…d,…}', '….p…d{…s…n,…}', 'or…rs.lost{…}'],
      [12, '….p…d{……d,…}', '….p…d{……n,…}', 'or…s.lost{…}'],
      [10, '….p…d…d,…}', '….p…d…n,…}', 'o….lost{…}'],
      [8, '…{…=…,…}', '…{………}~2', '….l…t{…}'],
      [5, '….……}', '……}~2', '……}~3'],
      [3, '……}', '…~2', '…~3'],
      [2, '……', '~2', '~3'],
      [1, '…', '~2', '~3'],
    ];
    expect(shown.map(([width]) => [width, ...shownLabels(rows, width)])).toEqual(shown);
  });

  it('lose the middle of the names that have no tag to lose', () => {
    const rows = [
      row('http.server.request.count', { a: '1', b: '2' }),
      row('http.server.request.count', { a: '1', b: '3' }),
      row('http.client.request.count', { a: '1', b: '3' }),
    ];
    const shown: [number, string, string, string][] = [
      [
        30,
        'http.server.request.count{b=2}',
        'http.server.request.count{b=3}',
        'http.client.request.count{b=3}',
      ],
      [29, 'http.server.reques…count{b=2}', 'http.server.reques…count{b=3}', 'http.client.request.count{…}'],
      [28, 'http.server.reque…count{b=2}', 'http.server.reque…count{b=3}', 'http.client.request.count{…}'],
      [22, 'http.server.re…nt{b=2}', 'http.server.re…nt{b=3}', 'http.client.req…unt{…}'],
      [19, 'http.se…er.r…t{b=2}', 'http.se…er.r…t{b=3}', 'http.cl…nt.re…nt{…}'],
      [16, 'h…p.se…er.…{b=2}', 'h…p.se…er.…{b=3}', 'http.cl…nt.r…{…}'],
      [14, '….se…er.…{b=2}', '….se…er.…{b=3}', 'h…p.cl…nt.…{…}'],
      [12, '….s…r.…{b=2}', '….s…r.…{b=3}', '….cl…nt.…{…}'],
      [10, '….s…r…b=2}', '….s…r…b=3}', '….c…t.…{…}'],
      [8, '….s……=2}', '….s……=3}', '….c……{…}'],
      [6, '….s…2}', '….s…3}', '….c……}'],
      [4, '….…}', '……~2', '……~3'],
      [2, '……', '~2', '~3'],
    ];
    expect(shown.map(([width]) => [width, ...shownLabels(rows, width)])).toEqual(shown);
  });

  it('that would be the same are shortened again by what differs among themselves', () => {
    const names = ['queue.alpha.size', 'queue.beta.size', 'query.alpha.size', 'query.alpha.time'];
    expect(
      shownLabels(
        names.map((name) => row(name)),
        8,
      ),
    ).toEqual(['….al…a.…', '….beta.…', 'q…y.…s…e', 'q…y.…t…e']);
  });

  it('of more than 30 segments have the others in the last one', () => {
    const beginning = Array.from({ length: 29 }, (_, at) => `s${at}`).join('.');
    const rows = ['one.x', 'two.x'].map((end) => row(`${beginning}.${end}`));
    const shown: [number, string, string][] = [
      [30, 's0.s1.s2.s3.…s26.s27.s28.one.x', 's0.s1.s2.s3.…s26.s27.s28.two.x'],
      [17, 's0.s1…7.s28.one.x', 's0.s1…7.s28.two.x'],
      [8, 's….one.x', 's….two.x'],
      [7, '….one.x', '….two.x'],
      [6, '….on…x', '….tw…x'],
      [4, '….…x', '……~2'],
    ];
    expect(shown.map(([width]) => [width, ...shownLabels(rows, width)])).toEqual(shown);
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

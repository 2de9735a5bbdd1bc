import { createHash } from 'node:crypto';
import { AggregationTemporality, type MetricData } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';
import { attributeText } from '../../../src/mapping/tags/attribute-text.js';
import { batchOf, counter, gauge, mapOnce, mapperOf, point } from '../../support/mapping.js';
import { datagramsOf, dialectServers } from '../../support/server-models/index.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const withSets = (Object.keys(dialects) as DialectName[]).filter((name) => dialects[name].sets !== undefined);
const withoutSets = (Object.keys(dialects) as DialectName[]).filter((name) => !withSets.includes(name));

const sets = { 'shop.*': 'user.id' };

function visitors(
  members: readonly unknown[],
  others: Record<string, unknown> = {},
  facts: Parameters<typeof counter>[1] = {},
): MetricData {
  const points = members.map((member) => point(1, { attributes: { 'user.id': member, ...others } }));
  return counter(points, { name: 'shop.visitors', ...facts });
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

describe('a counter that is a set', () => {
  it('becomes a line per value of the attribute, with the other attributes as tags', () => {
    const { groups, drops, warnings } = mapOnce(
      dialects.dogstatsd,
      [visitors(['a', 42, true], { c: 'fi' })],
      {
        sets,
        tags: { env: 'test' },
        timestamps: true,
      },
    );
    expect({ groups, drops, warnings }).toEqual({
      groups: ['a', '42', 'true'].map((member) => ({
        text: `shop.visitors:${member}|s|#c:fi,env:test\n`,
        lines: 1,
        kind: 'idempotent',
      })),
      drops: {},
      warnings: [],
    });
  });

  it('is named by its unit, too', () => {
    const metric = counter([point(1, { attributes: { value: 7 } })], { unit: '{distinct:value}' });
    expect(mapOnce(dialects.statsd, [metric]).lines).toEqual(['m:7|s']);
  });

  it('sends the hash of a value that the server does not take as it is', () => {
    const members = ['a|b', 'someone@example.org', '-5', '__proto__', 'ü', 'v'.repeat(61), 'v'.repeat(60)];
    expect(mapOnce(dialects.statsd, [visitors(members)], { sets }).lines).toEqual([
      ...members.slice(0, 6).map((member) => `shop.visitors:${hash(member)}|s`),
      `shop.visitors:${'v'.repeat(60)}|s`,
    ]);
  });

  it('sends a value of a cumulative series only when it was counted again', () => {
    const map = mapperOf(dialects.statsd, { sets });
    const exports = [
      [1, 1],
      [1, 2],
      [1, 2],
    ].map(([a, b]) => {
      const points = [a!, b!].map((total, user) => point(total, { attributes: { 'user.id': user } }));
      return map(batchOf([counter(points, { name: 'shop.visitors', temporality: CUMULATIVE })])).lines;
    });
    expect(exports).toEqual([['shop.visitors:0|s', 'shop.visitors:1|s'], ['shop.visitors:1|s'], []]);
  });

  it('drops what is no member, and counts it', () => {
    const points = [
      point(1, { attributes: { 'otel.metric.overflow': true } }),
      point(1, { attributes: { 'user.id': '' } }),
      point(Number.NaN, { attributes: { 'user.id': 1 } }),
      point(-1, { attributes: { 'user.id': 1 } }),
      point(0, { attributes: { 'user.id': 1 } }),
    ];
    const { lines, drops } = mapOnce(dialects.statsd, [counter(points, { name: 'shop.visitors' })], { sets });
    expect({ lines, drops }).toEqual({ lines: [], drops: { no_member: 2, non_finite: 1, unsupported: 1 } });
  });

  it('is dropped and counted when the state for cumulative series is full', () => {
    const metric = visitors(['a', 'b', 'c'], {}, { temporality: CUMULATIVE });
    const { lines, drops } = mapOnce(dialects.statsd, [metric], { sets, maxSeries: 2 });
    expect({ lines, drops }).toEqual({
      lines: ['shop.visitors:a|s', 'shop.visitors:b|s'],
      drops: { series_limit: 1 },
    });
  });

  it('drops a member whose line is longer than the server reads whole', () => {
    const { statsd } = dialects;
    const dialect = { ...statsd, limits: { ...statsd.limits, lineBytes: 25 } };
    const { lines, drops } = mapOnce(dialect, [visitors(['123456789', '1234567890'])], { sets });
    expect({ lines, drops }).toEqual({ lines: ['shop.visitors:123456789|s'], drops: { too_long: 1 } });
  });

  it('keeps what is no counter as it is', () => {
    const metrics = [
      gauge([point(5, { attributes: { 'user.id': 1 } })], { name: 'shop.queue' }),
      counter([point(3, { attributes: { 'user.id': 1 } })], {
        name: 'shop.active',
        monotonic: false,
        temporality: CUMULATIVE,
      }),
    ];
    expect(mapOnce(dialects.dogstatsd, metrics, { sets }).lines).toEqual([
      'shop.queue:5|g|#user.id:1',
      'shop.active:3|g|#user.id:1',
    ]);
  });
});

describe.each(withoutSets)('a set for %s, which has none', (name) => {
  it('is one counter without the values, and says so', () => {
    const metrics = [visitors(['a', 'b', 'c'], { c: 'fi' }), visitors(['d'], { c: 'se' })];
    const { lines, drops, warnings } = mapOnce(dialects[name], metrics, { sets });
    const plain = mapOnce(dialects[name], [
      counter([point(3, { attributes: { c: 'fi' } })], { name: 'shop.visitors' }),
      counter([point(1, { attributes: { c: 'se' } })], { name: 'shop.visitors' }),
    ]);
    expect([lines, drops, new Set(warnings)]).toEqual([
      plain.lines,
      {},
      new Set([
        `metric "shop.visitors": ${name} has no sets; the counter is sent without the attribute user.id`,
      ]),
    ]);
  });
});

describe.each(withSets)('a set for %s', (name) => {
  const dialect = dialects[name];
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[a-c]{1,2}$/),
    fc.constantFrom('a:b', 'a|c', 'x:5|c\nforged:9|c', '|#f:x', 'a@b', '-5', '+5', '__proto__', 'zinit', ' '),
    fc.integer({ min: 1, max: 400 }).map((length) => 'é'.repeat(length)),
  );
  const member = fc.oneof(text, fc.integer(), fc.boolean());

  it('has as many members on the server as there are distinct values', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 30 }), fc.boolean(), (members, isTagged) => {
        const others = isTagged ? { k: 'v' } : {};
        const { groups, drops } = mapOnce(dialect, [visitors(members, others, { temporality: DELTA })], {
          sets,
        });
        const server = dialectServers[name].start();
        for (const datagram of datagramsOf(groups, dialect)) server.receive(datagram);
        const texts = members.map(attributeText);
        const distinct = new Set(texts.filter(Boolean));
        const sizes = [...server.sets.values()].map(({ size }) => size);
        expect([sizes, server.rejected, server.counters.size, drops.no_member ?? 0]).toEqual([
          distinct.size === 0 ? [] : [distinct.size],
          [],
          0,
          texts.filter((each) => each === '').length,
        ]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the attributes that stay', () => {
  const metric = (): MetricData =>
    counter(
      [1, 2].flatMap((user) =>
        ['/a', '/b'].map((path) => point(1, { attributes: { 'user.id': user, path, c: 'fi' } })),
      ),
      { name: 'shop.visitors' },
    );

  it.each([
    ['a list of others', ['c']],
    ['a list of what goes', { except: ['path', 'user.id'] }],
  ])('always include the member of a set: %s', (_, rule) => {
    const options = { sets, attributes: { '*': rule } };
    expect([
      mapOnce(dialects.dogstatsd, [metric()], options).lines,
      mapOnce(dialects.brubeck, [metric()], options).lines,
    ]).toEqual([['shop.visitors:1|s|#c:fi', 'shop.visitors:2|s|#c:fi'], ['shop.visitors.c.fi:4|c']]);
  });

  it('are those of the increase where a cumulative counter is no set on the server', () => {
    const map = mapperOf(dialects.brubeck, { sets });
    const exports = [
      [1, 5],
      [2, 5],
    ].map((totals) => {
      const points = totals.map((total, user) => point(total, { attributes: { 'user.id': user } }));
      return map(batchOf([counter(points, { name: 'shop.visitors', temporality: CUMULATIVE })])).lines;
    });
    expect(exports).toEqual([['shop.visitors:6|c'], ['shop.visitors:1|c']]);
  });
});

import { describe, expect, it } from 'vitest';
import { Naming, type NamingRules, type PointName } from '../../../src/mapping/naming/naming-rules.js';

const METRIC = { name: 'http.server.request.duration', unit: 's', description: 'd', scope: 'http' };
const ATTRIBUTES = {
  'http.route': '/users/v1.2',
  'http.request.method': 'GET',
  'http.response.status_code': 200,
  name: 'x',
};

function nameOf(
  rules: NamingRules | undefined,
  metricName = METRIC.name,
): PointName & { readonly failures: number } {
  let failures = 0;
  const metric = { ...METRIC, name: metricName };
  const naming = new Naming(rules).of(metric, 'timers', { 'service.name': 'shop' }, () => {
    failures += 1;
  });
  const { name, attributes } = naming.nameOf(ATTRIBUTES);
  return { name: name ?? 'its own', attributes, failures };
}

describe('without a rule that matches', () => {
  it.each<NamingRules | undefined>([undefined, {}, { other: 'a' }, { 'http.client.*': 'a' }])(
    'a metric keeps its name and its attributes: %j',
    (rules) => {
      expect(nameOf(rules)).toEqual({ name: 'its own', attributes: ATTRIBUTES, failures: 0 });
    },
  );
});

describe('a template', () => {
  it('uses up the attributes it names, and takes the rest from the resource', () => {
    const template =
      'applications.{service.name}.timers.{http.route}.{http.request.method}.{http.response.status_code}';
    expect(nameOf({ [METRIC.name]: template })).toEqual({
      name: 'applications.shop.timers.users/v1_2.GET.200',
      attributes: { name: 'x' },
      failures: 0,
    });
  });

  it('drops the segment of a missing attribute', () => {
    expect(nameOf({ '*': 'a.{nope}.b' }).name).toBe('a.b');
  });

  it('may hold name and type of the metric, which attributes of these keys do not change', () => {
    const naming = new Naming({ '*': '{type}.{name}' }).of(METRIC, 'timers', { type: 'r' }, () => {});
    const attributes = { name: 'y', type: 'z' };
    expect({ isConstant: naming.isConstant, name: naming.nameOf(attributes) }).toEqual({
      isConstant: true,
      name: { name: 'timers.http.server.request.duration', attributes },
    });
  });

  it('removes the attributes without a placeholder when its rule has a list of others', () => {
    const naming = new Naming({ '*': { name: '{name}.{http.route}', attributes: ['b'] } });
    const filter = naming.filterOf('m');
    expect(filter?.apply({ a: 1, b: 2, 'http.route': 3, name: 4 })).toEqual({ b: 2, 'http.route': 3 });
    expect(new Naming({ '*': '{name}' }).filterOf('m')).toBeUndefined();
  });
});

it('a template or function with attributes is not constant, and one without is', () => {
  const isConstant = (rules: NamingRules): boolean =>
    new Naming(rules).of(METRIC, 'timers', {}, () => {}).isConstant;
  expect([{}, { '*': 'a.{name}' }, { '*': 'a.{http.route}' }, () => 'a'].map(isConstant)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('a template without attributes leaves the attributes as they are, without a copy', () => {
  const naming = new Naming({ '*': 'a.{name}' }).of(METRIC, 'timers', {}, () => {});
  expect(naming.nameOf(ATTRIBUTES).attributes).toBe(ATTRIBUTES);
});

it('what objects inherit is no attribute of a point or resource', () => {
  const naming = new Naming({ '*': 'a.{toString|none}' }).of(METRIC, 'timers', {}, () => {});
  expect(naming.nameOf({}).name).toBe('a.none');
});

describe('globs', () => {
  const rules = {
    'http.*': 'one',
    '*.duration': 'two',
    'http.server.request.duration': 'exact',
    'a+b*': 'odd',
  };

  it.each([
    ['http.server.request.duration', 'exact'],
    ['http.client.request.duration', 'one'],
    ['db.client.duration', 'two'],
    ['a+bc', 'odd'],
    ['aab', 'its own'],
  ])('%s is %s: an exact name first, then the first glob that matches', (metricName, name) => {
    expect(nameOf(rules, metricName).name).toBe(name);
  });
});

describe('a function', () => {
  it('gets metric and attributes and leaves the attributes as tags', () => {
    const rules: NamingRules = ({ name, unit, scope }, attributes) =>
      `${scope}.${unit}.${name}.${String(attributes['http.request.method'])}`;
    expect(nameOf(rules)).toEqual({
      name: 'http.s.http.server.request.duration.GET',
      attributes: ATTRIBUTES,
      failures: 0,
    });
  });

  it.each<[string, NamingRules]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['returns no text', { '*': () => 5 as unknown as string }],
  ])('that %s leaves the metric its name and is reported', (_, rules) => {
    expect(nameOf(rules)).toEqual({ name: 'its own', attributes: ATTRIBUTES, failures: 1 });
  });
});

describe('the name that all points of a metric begin with', () => {
  const baseOf = (rules: NamingRules | undefined): string | undefined =>
    new Naming(rules).baseOf('http.requests', 'counters');

  it('is that of the metric where no rule matches', () => {
    expect([baseOf(undefined), baseOf({ other: 'a' })]).toEqual(['http.requests', 'http.requests']);
  });

  it('is the start of a template up to the first placeholder of an attribute', () => {
    expect(
      [
        '{type}.{name}',
        '{type}.a-{name}.{http.route}.b',
        'a.b{type|none}',
        'a.{b}{name}.{name}',
        '{b}.a',
      ].map((template) => baseOf({ '*': template })),
    ).toEqual(['counters.http.requests', 'counters.a-http.requests', 'a.bcounters', 'a', undefined]);
  });

  it('is not known where a function names the points', () => {
    expect([baseOf(() => 'a'), baseOf({ '*': () => 'a' })]).toEqual([undefined, undefined]);
  });
});

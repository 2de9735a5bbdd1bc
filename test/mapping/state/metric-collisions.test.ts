import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { MetricCollisions, type NamedMetric } from '../../../src/mapping/state/metric-collisions.js';
import { batchOf, counter, gauge, mapperOf, mappingOptions, point } from '../../support/mapping.js';

type Options = ConstructorParameters<typeof MetricCollisions>[0];

function metric(type: NamedMetric['type'], name: string, rest: Partial<NamedMetric> = {}): NamedMetric {
  return { name, scope: 's', unit: '', type, fullName: name, isSet: false, ...rest };
}

/** Of each warning: the two metrics, and what the server does. */
function warningsOf(
  metrics: readonly NamedMetric[],
  dialect = dialects['statsd-exporter'],
  options: Partial<Options> = {},
): string[] {
  const collisions = new MetricCollisions(mappingOptions(dialect, options));
  const warnings: string[] = [];
  for (const each of metrics) {
    collisions.note(each, { warn: (_, message) => warnings.push(message) });
  }
  return warnings.map((message) => {
    const names = [...message.matchAll(/(?:counter|gauge|histogram) "([^"]*)"/g)].map(([, name]) => name);
    return `${names.join(' ')}: ${/server, (.*); rename/.exec(message)?.[1]}`;
  });
}

const DROPS = 'the server keeps the one that arrives first and drops the other';

describe('metrics of different types under one name', () => {
  it('are told in pairs where the server has one namespace', () => {
    expect(warningsOf([metric('counters', 'a.b'), metric('gauges', 'a_b'), metric('timers', 'a-b')])).toEqual(
      [`a.b a_b: a_b: ${DROPS}`, `a.b a-b: a_b: ${DROPS}`, `a_b a-b: a_b: ${DROPS}`],
    );
  });

  it.each<[keyof typeof dialects, string]>([
    ['brubeck', 'where their attributes are equal, the server reads both as the type that arrives first'],
    ['carbon', 'where their attributes are equal, the later value of a second replaces the earlier'],
  ])('are told where a name is one series whatever its type: %s', (dialect, effect) => {
    const types = [metric('counters', 'a'), metric('gauges', 'a'), metric('gauges', 'b')];
    expect(warningsOf(types, dialects[dialect])).toEqual([`a a: a: ${effect}`]);
  });

  it.each(Object.values(dialects))('never are one histogram with itself on $name', (dialect) => {
    for (const mode of ['samples', 'summary', 'buckets'] as const) {
      const histograms = {
        mode,
        exactSum: true,
        exactMax: true,
        percentiles: [],
      } as const;
      expect(warningsOf([metric('timers', 'lat', { unit: 's' })], dialect, { histograms })).toEqual([]);
    }
  });

  it('are right where types have namespaces of their own', () => {
    const types = [metric('counters', 'a'), metric('gauges', 'a'), metric('timers', 'a')];
    expect(warningsOf(types, dialects.statsd)).toEqual([]);
  });

  it('are told for those types that share names', () => {
    const both = (one: NamedMetric, other: NamedMetric): string[] =>
      warningsOf([one, other], dialects.dogstatsd);
    const set = metric('counters', 'a', { isSet: true });
    const READS = 'where their attributes are equal, the agent reads both as the type that arrives first';
    expect([
      both(metric('counters', 'a'), metric('gauges', 'a')),
      both(set, metric('gauges', 'a')),
      both(metric('gauges', 'a'), metric('timers', 'a')),
    ]).toEqual([[`a a: a: ${READS}`], [`a a: a: ${READS}`], []]);
  });
});

describe('a name that the server derives from that of another metric', () => {
  const ONE_PATH = 'series of both are one path of Graphite, which keeps one value of them';
  const LATER = 'the server may drop the one that arrives later';
  const VENEUR = 'the server reports both under this name';
  const GOSTATSD = 'its backends for Datadog and OTLP report both under one name';

  it.each<[keyof typeof dialects, NamedMetric['type'], string, NamedMetric['type'], string, string]>([
    ['statsd', 'timers', 'lat', 'counters', 'timers.lat.upper_90', ONE_PATH],
    ['graphite', 'gauges', 'queue', 'counters', 'gauges.queue', ONE_PATH],
    ['statsd-exporter', 'timers', 'cache.miss', 'counters', 'cache.miss.count', LATER],
    ['statsd-exporter', 'gauges', 'queue', 'gauges', 'queue.count', LATER],
    [
      'statsd-exporter',
      'timers',
      'lat',
      'timers',
      'lat.sum',
      'the server answers every request for its metrics with an error (500)',
    ],
    ['gostatsd', 'timers', 'lat', 'gauges', 'lat.upper', GOSTATSD],
    ['gostatsd', 'counters', 'jobs', 'counters', 'jobs.count', GOSTATSD],
    ['vector', 'timers', 'lat', 'counters', 'lat_count', 'its Prometheus sink reports both under this name'],
    ['brubeck', 'timers', 'lat', 'gauges', 'lat.percentile.99', ONE_PATH],
    ['veneur', 'timers', 'lat', 'gauges', 'lat.99percentile', VENEUR],
    ['librato', 'timers', 'lat', 'gauges', 'lat.90', 'Librato gets both as one metric'],
  ])(
    'is told, whichever comes first: %s, %s %s and %s %s',
    (dialect, type, name, otherType, other, effect) => {
      const [base, derived] = [metric(type, name), metric(otherType, other)];
      const shown = dialect === 'statsd-exporter' ? other.replaceAll('.', '_') : other;
      expect([
        warningsOf([base, derived], dialects[dialect]),
        warningsOf([derived, base], dialects[dialect]),
      ]).toEqual([[`${name} ${other}: ${shown}: ${effect}`], [`${other} ${name}: ${shown}: ${effect}`]]);
    },
  );

  it.each<[keyof typeof dialects, NamedMetric['type'], string, NamedMetric['type'], string]>([
    ['statsd', 'timers', 'lat', 'counters', 'lat.upper'],
    ['statsd', 'timers', 'lat', 'gauges', 'timers.lat.upper'],
    ['statsd-exporter', 'counters', 'jobs', 'gauges', 'jobs.count'],
    ['vector', 'timers', 'lat', 'counters', 'lat.count'],
    ['brubeck', 'timers', 'lat', 'timers', 'lat.count'],
    ['dogstatsd', 'timers', 'lat', 'gauges', 'lat.max'],
    ['telegraf', 'timers', 'lat', 'gauges', 'lat.upper'],
    ['statsite', 'timers', 'lat', 'counters', 'lat.count'],
    ['netdata', 'timers', 'lat', 'gauges', 'lat.max'],
  ])(
    'is another name where types are kept apart: %s, %s %s and %s %s',
    (dialect, type, name, otherType, other) => {
      const options = { histograms: { mode: 'samples', exactSum: false, percentiles: [] } } as const;
      expect(warningsOf([metric(type, name), metric(otherType, other)], dialects[dialect], options)).toEqual(
        [],
      );
    },
  );

  it('depends on the type of the samples: a distribution has no derived names on Datadog, a histogram has', () => {
    const metrics = [metric('timers', 'lat'), metric('gauges', 'lat.max')];
    const types = { ...dialects.dogstatsd.types, histogram: 'h' };
    expect(warningsOf(metrics, { ...dialects.dogstatsd, types })).toEqual([
      'lat lat.max: lat.max: the agent reports both under this name',
    ]);
  });

  it('is not that of the exact sum of the same histogram in another scope', () => {
    const metrics = ['a', 'b'].map((scope) => metric('timers', 'lat', { scope, unit: 's' }));
    expect(warningsOf(metrics, dialects.gostatsd)).toEqual([]);
  });

  it('is reported for the counters of a summary, too', () => {
    const histograms = { mode: 'summary', exactSum: false, percentiles: [] } as const;
    const metrics = [metric('gauges', 'queue'), metric('timers', 'queue', { scope: 't' })];
    expect(warningsOf(metrics, dialects['statsd-exporter'], { histograms })).toEqual([
      `queue queue: queue_count: ${LATER}`,
      `queue queue: queue_sum: ${LATER}`,
    ]);
  });
});

describe('metrics of one type and name', () => {
  const both = (one: string, other: string, type: NamedMetric['type'] = 'timers'): readonly NamedMetric[] => [
    metric(type, 'lat', { unit: one, scope: 'a' }),
    metric(type, 'lat', { unit: other, scope: 'b' }),
  ];

  it.each<[string, readonly NamedMetric[], keyof typeof dialects, string[]]>([
    [
      'histograms of a time and of bytes',
      both('s', 'By'),
      'statsd-exporter',
      ['lat: their values are mixed'],
    ],
    [
      'times in units that are sent as they are',
      both('s', 'ms'),
      'dogstatsd',
      ['lat: their values are mixed'],
    ],
    [
      'counters of bytes and requests',
      both('By', '{request}', 'counters'),
      'statsd',
      ['lat: their values are added up'],
    ],
    ['times in units that are converted', both('s', 'ms'), 'statsd-exporter', []],
    ['counters of times that are converted', both('s', 'ms', 'counters'), 'statsd', []],
    ['a time and a number', both('s', '1', 'counters'), 'statsd', ['lat: their values are added up']],
    ['requests and a number', both('{request}', '1', 'counters'), 'statsd', []],
    ['requests and no unit', both('{request}', '', 'counters'), 'statsd', []],
    ['a unit in two spellings', both('seconds', 's'), 'dogstatsd', []],
    ['numbers of different things', both('{a}', '1', 'counters'), 'statsd', []],
    ['gauges, which are compared by series', both('s', 'By', 'gauges'), 'statsd', []],
  ])('%s', (_, metrics, dialect, expected) => {
    expect(warningsOf(metrics, dialects[dialect])).toEqual(expected.map((text) => `lat lat: ${text}`));
  });
});

it('counters beside a histogram and a counter of that name are told', () => {
  const histogram = metric('timers', 'lat', { unit: 's' });
  const sum = metric('counters', 'lat.sum');
  const rules = { mode: 'summary', exactSum: true, percentiles: [] } as const;
  expect([
    warningsOf([histogram, sum], dialects.statsd),
    warningsOf([histogram, metric('counters', 'lat.count')], dialects.telegraf, { histograms: rules }),
    warningsOf([histogram, sum], dialects.vector),
  ]).toEqual([
    ['lat lat.sum: lat.sum: their values are added up'],
    ['lat lat.count: lat_count: their values are added up'],
    [],
  ]);
});

it('one metric is noted once, however often it is exported', () => {
  const metrics = [
    metric('counters', 'a'),
    metric('gauges', 'a'),
    metric('counters', 'a'),
    metric('gauges', 'a'),
  ];
  expect(warningsOf(metrics)).toEqual([`a a: a: ${DROPS}`]);
});

it('the mapper warns of colliding metrics by their names, scopes and units, once per descriptor', () => {
  const map = mapperOf(dialects['statsd-exporter'], { prefix: 'app' });
  const batch = batchOf([
    counter([point(1)], { name: 'a.b' }),
    gauge([point(2)], { name: 'a_b', unit: 'By' }),
  ]);
  const first = map(batch);
  expect([first.warnings.length, map(batch).warnings]).toEqual([1, []]);
  expect(first.warnings[0]).toMatch(
    /^counter "a\.b" \(scope ".*", unit ""\) and gauge "a_b" \(scope ".*", unit "By"\) have one name on the server, app_a_b: the server keeps the one that arrives first and drops the other; rename one of them \(option `names`\)$/,
  );
});

describe('the bounds of what is remembered', () => {
  it('no metric after the first 10,000 is looked at', () => {
    const many = Array.from({ length: 9_999 }, (_, index) => metric('counters', `m${index}`));
    const last = metric('gauges', 'm1');
    expect([
      warningsOf([...many, last]),
      warningsOf([...many, metric('counters', 'n'), last]),
      warningsOf([...many, metric('counters', 'm7'), last]),
    ]).toEqual([[`m1 m1: m1: ${DROPS}`], [], [`m1 m1: m1: ${DROPS}`]]);
  });

  it('a metric is told in a pair with each of the first four of its name', () => {
    const gauges = [1, 2, 3, 4, 5].map((index) => metric('gauges', 'a', { scope: `${index}` }));
    expect(warningsOf([...gauges, metric('counters', 'a')])).toEqual(Array(4).fill(`a a: a: ${DROPS}`));
  });
});

it('a warning says of both metrics what they are, and its subject is the pair', () => {
  const collisions = new MetricCollisions(mappingOptions(dialects['statsd-exporter']));
  const warnings: string[][] = [];
  const report = { warn: (...texts: [string, string]) => warnings.push(texts) };
  collisions.note(metric('timers', 'a', { unit: 's', fullName: 'p.a' }), report);
  collisions.note(metric('gauges', 'a', { scope: 't', fullName: 'p.a' }), report);
  expect(warnings).toEqual([
    [
      'name ["s","a","s","timers"] ["t","a","","gauges"]',
      `histogram "a" (scope "s", unit "s") and gauge "a" (scope "t", unit "") have one name on the server, p_a: ${DROPS}; ` +
        'rename one of them (option `names`)',
    ],
  ]);
});

it.each<[string, Partial<NamedMetric>, string[]]>([
  ['another scope', { scope: 't' }, []],
  ['another unit', { unit: 'By' }, ['a a: a: their values are added up']],
  ['another name that is sent alike', { name: 'b' }, []],
  ['a set', { isSet: true, unit: 'By' }, []],
])('a counter is told beside one of %s only where the server mixes them up', (_, rest, expected) => {
  expect(warningsOf([metric('counters', 'a'), metric('counters', 'a', rest)], dialects.statsd)).toEqual(
    expected,
  );
});

describe('what a histogram is sent as', () => {
  const rules = { exactSum: false, exactMax: false, percentiles: [] };
  const told = (
    histograms: Options['histograms'],
    suffix: string,
    type: NamedMetric['type'],
    dialect = dialects.statsd,
  ) =>
    warningsOf(
      [metric('timers', 'lat', { unit: 's' }), metric(type, `lat${suffix}`, { unit: 'By' })],
      dialect,
      {
        histograms,
      },
    ).map((text) => text.replace(/.*: /, ''));
  const ADDED = ['their values are added up'];

  it.each<[string, Options['histograms'], Record<string, string[]>]>([
    ['samples', { ...rules, mode: 'samples' }, { '': [], '.sum': [], '.count': [], '.bucket': [] }],
    ['samples and their sum', { ...rules, mode: 'samples', exactSum: true }, { '.sum': ADDED, '.count': [] }],
    ['a summary', { ...rules, mode: 'summary' }, { '.sum': ADDED, '.count': ADDED, '.bucket': [] }],
    ['buckets', { ...rules, mode: 'buckets' }, { '.sum': ADDED, '.count': ADDED, '.bucket': ADDED }],
  ])('%s: a counter of these names is told', (_, histograms, expected) => {
    const suffixes = Object.keys(expected);
    expect(
      Object.fromEntries(suffixes.map((suffix) => [suffix, told(histograms, suffix, 'counters')])),
    ).toEqual(expected);
  });

  it('its exact maximum is samples of another name', () => {
    const max = { ...rules, mode: 'samples', exactMax: true } as const;
    expect([told(max, '.max', 'timers'), told({ ...max, exactMax: false }, '.max', 'timers')]).toEqual([
      ['their values are mixed'],
      [],
    ]);
  });

  it('minimum and maximum of a summary are gauges', () => {
    const summary = { ...rules, mode: 'summary' } as const;
    const exporter = dialects['statsd-exporter'];
    expect(['.min', '.max', '.mid'].map((suffix) => told(summary, suffix, 'counters', exporter))).toEqual([
      [DROPS],
      [DROPS],
      [],
    ]);
  });

  it('is in one unit of time where the user chose one', () => {
    const units = (timeUnit: Options['timeUnit']): string[] =>
      warningsOf(
        ['s', 'ms'].map((unit) => metric('timers', 'a', { unit, scope: unit })),
        dialects.dogstatsd,
        { timeUnit },
      );
    expect([units('ms'), units('s'), units('instrument')]).toEqual([
      [],
      [],
      ['a a: a: their values are mixed'],
    ]);
  });

  it('is in the unit of its instrument where that is kept, except as timers', () => {
    const both = (
      units: [string, string],
      dialect: keyof typeof dialects,
      type: NamedMetric['type'] = 'timers',
    ) =>
      warningsOf(
        units.map((unit, index) => metric(type, 'a', { unit, scope: `${index}` })),
        dialects[dialect],
        { timeUnit: 'instrument', histograms: { ...rules, mode: 'samples' } },
      );
    expect([
      both(['s', 'ms'], 'statsd'),
      both(['s', 'seconds'], 'dogstatsd'),
      both(['s', 'ms'], 'statsd', 'counters'),
      both(['1', '{a}'], 'dogstatsd'),
      both(['{a}', 'x{a}'], 'dogstatsd'),
      both(['{a}', '{a}x'], 'dogstatsd'),
    ]).toEqual([
      [],
      [],
      ['a a: a: their values are added up'],
      [],
      ['a a: a: their values are mixed'],
      ['a a: a: their values are mixed'],
    ]);
  });
});

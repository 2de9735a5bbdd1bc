import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/cli/listen/diagnose.js';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';

describe('a malformed line', () => {
  it.each<[DialectName, string, string]>([
    ['statsd', 'orders', 'there is no ":" between name and value'],
    ['statsd', 'a:1|c\r', 'it ends in a carriage return: lines end in \\n alone'],
    ['statsd', 'a:1,5|g', 'the value "1,5" is not a plain decimal number'],
    [
      'carbon',
      'a:1|c',
      'it should be a path, a value and a time, but has 1 parts; it is a line for statsd, graphite and 15 more',
    ],
    ['dogstatsd', 'a 1 100', 'there is no ":" between name and value; it is a line for carbon'],
    [
      'statsd',
      'a:1|c|#country:fi',
      'a line for statsd has no section "#country"; it is a line for dogstatsd, statsd-exporter and 4 more',
    ],
  ])('for %s: %j', (name, line, problem) => {
    expect(diagnose(line, dialects[name])).toEqual({ samples: [], isMalformed: true, problems: [problem] });
  });
});

describe('a doubtful line', () => {
  it.each<[DialectName, string, string[]]>([
    ['statsd', 'a:3|h', ['the type h is taken for a counter']],
    ['gostatsd', 'a:3|d', ['the type d is not known there, and the line is dropped']],
    ['statsd', 'a b/c:1|c', ['the name holds " " and "/", which statsd does not keep']],
    ['dogstatsd', 'a:1|c|#k k:v', ['the tag key holds " ", which dogstatsd does not keep']],
    ['statsd', 'a:-3|ms', ['statsd drops a value below zero in a timer or histogram']],
    ['statsd-exporter', 'a:-1|c', ['statsd-exporter drops a counter below zero']],
    ['netdata', 'a:0.5|c', ['0.5 is cut: netdata counts in whole numbers']],
    ['statsite', 'a:0.1234567|c', ['0.1234567 is cut: statsite counts in 6 decimals']],
    ['netdata', 'a:10000000000000000000|c', ['1.00e+19 is more than a counter of netdata holds']],
    ['netdata', 'a:10000000000000000|g', ['1.00e+16 is more than a gauge of netdata holds']],
    ['netdata', 'a:5|ms|@0.005', ['one value stands for 200 recordings; netdata counts at most 100']],
    ['collectd', 'a:5|ms|@0.5', ['collectd makes wrong numbers of a timer with a sample rate']],
    [
      'dogstatsd',
      '1a:1|c|#_k:v',
      [
        'the name "1a" does not begin with a letter, as dogstatsd requires',
        'the tag key "_k" does not begin with a letter, as dogstatsd requires',
      ],
    ],
    ['dogstatsd', 'a-b:-1:-2|d', ['the name holds "-", which dogstatsd does not keep']],
    ['telegraf', 'a,k=x y:1|c', ['the tag k holds " ", which telegraf does not keep']],
  ])('on %s: %s', (name, line, problems) => {
    const diagnosis = diagnose(line, dialects[name]);
    expect([diagnosis.isMalformed, diagnosis.problems]).toEqual([false, problems]);
  });

  it('is too long for the server, or has a name or tag that is', () => {
    const tags = Array.from({ length: 60 }, (_, at) => `k${at}:${'v'.repeat(150)}`).join(',');
    const lines = [`${'n'.repeat(201)}:1|c`, `a:1|c|#k:${'v'.repeat(200)}`, `a:1|c|#${tags}`];
    expect(lines.map((line) => diagnose(line, dialects.dogstatsd).problems)).toEqual([
      ['the name has 201 characters; dogstatsd takes 200'],
      ['the tag k has 202 characters; dogstatsd takes 200'],
      [`it is ${7 + tags.length} bytes long; dogstatsd takes 8192`],
    ]);
  });

  it('lists each of its problems once', () => {
    expect(diagnose('a:-1|ms:-2|ms', dialects.statsd).problems).toEqual([
      'statsd drops a value below zero in a timer or histogram',
    ]);
  });
});

it('a good line has no problems', () => {
  const samples = [
    { name: 'a', tags: {}, type: 'ms', value: 5, isRelative: false, sampleRate: 0.01, timestamp: undefined },
  ];
  expect(diagnose('a:5|ms|@0.01', dialects.netdata)).toEqual({ samples, isMalformed: false, problems: [] });
});

/** 45 tags of 180 characters and one of 40. */
const TAGS = [
  ...Array.from({ length: 45 }, (_, at) => `k${10 + at}:${'v'.repeat(176)}`),
  `z:${'v'.repeat(38)}`,
];

it.each<[DialectName, string]>([
  ['statsd-exporter', 'a:0|c'],
  ['statsd-exporter', 'a:1|c'],
  ['statsd', 'a:0|ms'],
  ['statsd', 'u:-1|s'],
  ['collectd', 'a:5|ms'],
  ['carbon', 'a -1 100'],
  ['dogstatsd', 'a:1|c|#:v'],
  ['dogstatsd', `${'n'.repeat(200)}:1|c`],
  ['dogstatsd', `a:1|c|#k:${'v'.repeat(198)}`],
  ['dogstatsd', `a:1|c|#${TAGS.join()}`],
])('a line for %s on its limits has no problems: %.30s', (name, line) => {
  expect(diagnose(line, dialects[name]).problems).toEqual([]);
});

it('a line of one byte more than the server takes is doubtful', () => {
  const line = `ab:1|c|#${TAGS.join()}`;
  expect([line.length, diagnose(line, dialects.dogstatsd).problems]).toEqual([
    8_193,
    ['it is 8193 bytes long; dogstatsd takes 8192'],
  ]);
});

it('a counter or gauge at the limit is more than the server holds', () => {
  const { netdata } = dialects;
  const small = { ...netdata, limits: { ...netdata.limits, counter: 10, gauge: 20 } };
  const problems = (line: string) => diagnose(line, small).problems;
  expect(['a:9|c', 'a:-9|c', 'a:19|g'].map(problems)).toEqual([[], [], []]);
  expect(['a:10|c', 'a:-10|c', 'a:20|g'].map(problems)).toEqual([
    ['10 is more than a counter of netdata holds'],
    ['-10 is more than a counter of netdata holds'],
    ['20 is more than a gauge of netdata holds'],
  ]);
});

it('a long malformed line is not compared with other dialects', () => {
  const tags = (length: number): string => `a:1|c|#k:${'v'.repeat(length)}`;
  const reason = expect.stringMatching(/^a line for statsd has no section "#k/);
  expect(diagnose(tags(10), dialects.statsd).problems).toEqual([expect.stringContaining('it is a line for')]);
  expect(diagnose(tags(3_000), dialects.statsd).problems).toEqual([reason]);
  expect(diagnose(tags(3_000), dialects.statsd).problems).not.toEqual([
    expect.stringContaining('it is a line for'),
  ]);
  const compared = [2_000, 2_001].map((length) =>
    diagnose(tags(length - 9), dialects.statsd).problems[0]!.includes('it is a line for'),
  );
  expect(compared).toEqual([true, false]);
});

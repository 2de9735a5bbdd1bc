// The comparison of the demo, on made-up records: it must report every way in which StatsD can be wrong.
import { expect, test } from 'vitest';
import { type AppReport, compare } from '../../examples/demo/compare.js';
import type { StatsdFlush } from '../../examples/demo/statsd-daemon.js';

type Flush = Pick<StatsdFlush, 'counters' | 'gauges' | 'timers' | 'timerData'>;

const duration = (method: string, status: number) =>
  `demo.http.server.request.duration.${method}.none.${status}`;

const app: AppReport = {
  latencies: {
    'POST 201': [30],
    'GET 200': Array.from({ length: 1_000 }, (_, index) => 1_000 - index),
  },
  eventLoop: { active: 1_500, idle: 2_500 },
  samples: { utilization: [0.5, 0.2, 0.4], heapUsed: [2 ** 20, 3 * 2 ** 20] },
};

const flush: Flush = {
  counters: {
    'demo.nodejs.eventloop.time.active': 1_530,
    'demo.nodejs.eventloop.time.idle': 2_500,
  },
  gauges: {
    'demo.nodejs.eventloop.utilization': 0.3,
    'demo.v8js.memory.heap.used.v8js_heap_space_name.new_space': 2 ** 20,
    'demo.v8js.memory.heap.used.v8js_heap_space_name.old_space': 2 ** 20,
  },
  timers: {
    [duration('GET', 200)]: Array.from({ length: 1_000 }, () => 1),
    [duration('POST', 201)]: [30],
  },
  timerData: {
    [duration('GET', 200)]: { count: 999.9999999999999, upper_50: 501, upper_90: 900, upper_99: 1_000 },
    [duration('POST', 201)]: { count: 1, upper_50: 30, upper_90: 30, upper_99: 30 },
  },
};

const withTimer = (method: string, status: number, change: Record<string, number>): Flush => ({
  ...flush,
  timerData: {
    ...flush.timerData,
    [duration(method, status)]: { ...flush.timerData[duration(method, status)], ...change },
  },
});

test('sets equal records side by side and agrees', () => {
  const row = (label: string, own: string, statsd: string, difference: string) => ({
    label,
    app: own,
    statsd,
    difference,
    agreement: 'equal' as const,
  });
  expect(compare(app, flush)).toEqual({
    sections: [
      {
        title: 'Requests',
        rows: [
          row('all', '1,001', '1,001', '0'),
          row('GET 200', '1,000', '1,000', '0'),
          row('POST 201', '1', '1', '0'),
        ],
      },
      {
        title: 'Latency, ms',
        rows: [
          row('GET 200  p50', '500.00', '501.00', '+0.20 %'),
          row('GET 200  p90', '900.00', '900.00', '0.00 %'),
          row('GET 200  p99', '990.00', '1000.00', '+1.01 %'),
          row('POST 201  p50', '30.00', '30.00', '0.00 %'),
          row('POST 201  p90', '30.00', '30.00', '0.00 %'),
          row('POST 201  p99', '30.00', '30.00', '0.00 %'),
        ],
      },
      {
        title: 'Runtime',
        rows: [
          row('event loop active, s', '1.50', '1.53', '+2.00 %'),
          row('event loop idle, s', '2.50', '2.50', '0.00 %'),
          row('event loop utilisation', '0.20 … 0.50', '0.30', 'within'),
          row('heap used, MiB', '1.00 … 3.00', '2.00', 'within'),
        ],
      },
    ],
    agrees: true,
    verdict: 'StatsD agrees with the app: all 1,001 requests, every status and latency.',
  });
});

test.each<[string, Flush, string]>([
  [
    'nothing arrived',
    { counters: { other: 1 }, gauges: {}, timers: {}, timerData: {} },
    'Nothing arrived at StatsD.',
  ],
  [
    'a request is missing',
    withTimer('GET', 200, { count: 999 }),
    'The counts differ: the app answered 1,001 requests, StatsD reports 1,000.',
  ],
  [
    'a request was counted twice',
    withTimer('POST', 201, { count: 2 }),
    'The counts differ: the app answered 1,001 requests, StatsD reports 1,002.',
  ],
  [
    'a status code is taken for another',
    {
      ...flush,
      timers: { [duration('GET', 200)]: [], [duration('POST', 500)]: [30] },
      timerData: {
        [duration('GET', 200)]: { ...flush.timerData[duration('GET', 200)], count: 1_000 },
        [duration('POST', 500)]: { count: 1, upper_50: 30, upper_90: 30, upper_99: 30 },
      },
    },
    'The counts differ: the app answered 1,001 requests, StatsD reports 1,001.',
  ],
  [
    'latencies are in seconds',
    withTimer('GET', 200, { upper_50: 0.5, upper_90: 0.9, upper_99: 1 }),
    'All 1,001 requests are counted, but these figures differ: GET 200 p50; GET 200 p90; GET 200 p99.',
  ],
  [
    'a percentile is more than a bucket off',
    withTimer('GET', 200, { upper_50: 560 }),
    'All 1,001 requests are counted, but these figures differ: GET 200 p50.',
  ],
  [
    'the runtime metrics are missing',
    { ...flush, counters: {}, gauges: {} },
    'All 1,001 requests are counted, but these figures differ: event loop active, s; event loop idle, s; ' +
      'event loop utilisation; heap used, MiB.',
  ],
  [
    'counters differ and a gauge is out of its range',
    {
      ...flush,
      counters: { ...flush.counters, 'demo.nodejs.eventloop.time.active': 1_300 },
      gauges: { ...flush.gauges, 'demo.nodejs.eventloop.utilization': 1.1 },
    },
    'All 1,001 requests are counted, but these figures differ: event loop active, s; event loop utilisation.',
  ],
])('disagrees when %s', (_, wrong, verdict) => {
  expect(compare(app, wrong)).toMatchObject({ agrees: false, verdict });
});

test('accepts what this server cannot measure exactly as near: sampled latencies and gauges of another moment', () => {
  const busy: Flush = {
    ...withTimer('GET', 200, { upper_50: 560 }),
    timers: { ...flush.timers, [duration('GET', 200)]: [1, 2, 3] },
    counters: { ...flush.counters, 'demo.nodejs.eventloop.time.active': 1_800 },
    gauges: { ...flush.gauges, 'demo.nodejs.eventloop.utilization': 0.6 },
  };
  const { sections, agrees, verdict } = compare(app, busy);
  const rows = sections.flatMap((section) => section.rows).filter(({ agreement }) => agreement !== 'equal');
  expect({ rows, agrees, verdict }).toEqual({
    rows: [
      { label: 'GET 200  p50', app: '500.00', statsd: '560.00', difference: '+12.00 %', agreement: 'near' },
      {
        label: 'event loop active, s',
        app: '1.50',
        statsd: '1.80',
        difference: '+20.00 %',
        agreement: 'near',
      },
      {
        label: 'event loop utilisation',
        app: '0.20 … 0.50',
        statsd: '0.60',
        difference: 'outside',
        agreement: 'near',
      },
    ],
    agrees: true,
    verdict: 'StatsD agrees with the app: all 1,001 requests, every status, latencies nearly.',
  });
  const { sections: cold } = compare(app, withTimer('POST', 201, { upper_99: 50, upper_50: 30.4 }));
  expect(cold[1]?.rows.map(({ agreement }) => agreement)).toEqual([
    'equal',
    'equal',
    'equal',
    'equal',
    'equal',
    'near',
  ]);
  const inSeconds = { ...withTimer('GET', 200, { upper_50: 0.5 }), timers: busy.timers };
  expect(compare(app, inSeconds).verdict).toBe(
    'All 1,001 requests are counted, but these figures differ: GET 200 p50.',
  );
});

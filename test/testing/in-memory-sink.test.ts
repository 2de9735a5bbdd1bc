import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { dialects, StatsdExporter } from '../../src/index.js';
import { InMemorySink, parseLine } from '../../src/testing.js';

it('an in-memory sink receives what an exporter sends', async () => {
  const memory = new InMemorySink({ dialect: 'dogstatsd' });
  const exporter = new StatsdExporter({ dialect: 'dogstatsd', resourceTags: [], lines: memory.sink });
  const reader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('test');
  meter.createCounter('orders').add(3, { country: 'fi' });
  meter.createGauge('queue').record(-2);
  await provider.forceFlush();
  const { lines, samples, malformedLines, dialect } = memory;
  expect({ lines: [...lines], samples: samples.length, malformedLines, dialect }).toEqual({
    lines: ['orders:3|c|#country:fi', 'queue:-2|g'],
    samples: 2,
    malformedLines: [],
    dialect: dialects.dogstatsd,
  });
  expect(memory.totals()).toEqual({
    counters: { 'orders{country=fi}': 3 },
    gauges: { queue: -2 },
    timings: {},
    sets: {},
    points: {},
  });
  await provider.shutdown();
});

it('an in-memory sink gives the reason for a malformed line, and clear() removes everything', () => {
  const memory = new InMemorySink();
  memory.sink(['a:1|c', 'b:1']);
  expect(memory.malformedLines).toEqual([
    { line: 'b:1', reason: '"1" has no type: there is no "|" after the value' },
  ]);
  memory.clear();
  expect({ lines: memory.lines, samples: memory.samples, malformedLines: memory.malformedLines }).toEqual({
    lines: [],
    samples: [],
    malformedLines: [],
  });
});

it('an in-memory sink takes dialects by name and as records, and lists them when a name is unknown', () => {
  const own = { ...dialects.statsd, name: 'own', negativeGauge: 'absolute' as const };
  const memory = new InMemorySink({ dialect: own });
  memory.sink(['q:-1|g', 'q:-1|g']);
  expect(memory.totals().gauges).toEqual({ q: -1 });
  const wrong = 'stats' as 'statsd';
  expect(() => new InMemorySink({ dialect: wrong })).toThrow(
    /^there is no dialect "stats"; there are statsd, /,
  );
});

it('parseLine reads a single line', () => {
  const sample = {
    name: 'a',
    tags: {},
    type: 'c',
    value: 1,
    isRelative: false,
    sampleRate: 1,
    timestamp: undefined,
  };
  expect([parseLine('a:1|c'), parseLine('a:1|c|#k:v', 'dogstatsd'), parseLine('a:1|c|#k:v')]).toEqual([
    { samples: [sample] },
    { samples: [{ ...sample, tags: { k: 'v' } }] },
    { reason: 'a line for statsd has no section "#k"' },
  ]);
});

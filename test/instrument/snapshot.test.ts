import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ValueType } from '@opentelemetry/api';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { createRateMeter, snapshot, time } from '../../src/instrument.js';
import { steppingClock } from './support/fakes.js';
import { logged, NAMESPACE } from './support/logged.js';
import { ManualReader, sdk } from './support/sdk.js';

/** As a browser gets it. */
async function json(...args: Parameters<typeof snapshot>): Promise<unknown> {
  return JSON.parse(JSON.stringify(await snapshot(...args)));
}

describe('a snapshot', () => {
  const log = logged();

  it('is empty when there is nothing', async () => {
    expect({ json: await json(sdk().reader), log }).toEqual({ json: {}, log: [] });
  });

  it('nests every kind of metric by the segments of its name', async () => {
    const { meter, reader } = sdk();
    meter.createCounter('shop.orders', { unit: '{order}', description: 'Orders taken' }).add(3);
    meter.createUpDownCounter('shop.orders.open').add(-2);
    meter.createGauge('temperature').record(-4.5, { room: 'server', floor: 2, cooled: true });
    expect(await json(reader)).toEqual({
      shop: {
        orders: {
          type: 'counter',
          unit: '{order}',
          description: 'Orders taken',
          points: [{ attributes: {}, value: 3 }],
          open: { type: 'upDownCounter', points: [{ attributes: {}, value: -2 }] },
        },
      },
      temperature: {
        type: 'gauge',
        points: [{ attributes: { room: 'server', floor: 2, cooled: true }, value: -4.5 }],
      },
    });
  });

  it('summarizes histograms with count, sum, min, max, mean and percentiles', async () => {
    const { meter, reader } = sdk();
    const size = meter.createHistogram('size', { advice: { explicitBucketBoundaries: [0, 50, 100] } });
    for (let value = 1; value <= 100; value += 1) size.record(value);
    expect(await json(reader)).toEqual({
      size: {
        type: 'histogram',
        points: [
          {
            attributes: {},
            count: 100,
            sum: 5050,
            min: 1,
            max: 100,
            mean: 50.5,
            p50: 50,
            p75: 75,
            p95: 95,
            p98: 98,
            p99: 99,
            p99_9: 99.9,
          },
        ],
      },
    });
  });

  it('estimates the requested percentiles, also of exponential histograms', async () => {
    const reader = new ManualReader({
      aggregationSelector: () => ({ type: AggregationType.EXPONENTIAL_HISTOGRAM }),
    });
    const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
    for (let value = 1; value <= 100; value += 1) meter.createHistogram('size').record(value);
    expect(await json(reader, { percentiles: [10, 90] })).toEqual({
      size: {
        type: 'histogram',
        points: [
          {
            attributes: {},
            count: 100,
            sum: 5050,
            min: 1,
            max: 100,
            mean: 50.5,
            p10: expect.closeTo(10.4, 1),
            p90: expect.closeTo(90.5, 1),
          },
        ],
      },
    });
  });

  it('names the scope of a point when several scopes have a metric of the same name', async () => {
    const { provider, reader } = sdk();
    provider.getMeter('a').createCounter('requests').add(1);
    provider.getMeter('b').createCounter('requests').add(2);
    expect(await json(reader)).toEqual({
      requests: {
        type: 'counter',
        points: [
          { scope: 'a', attributes: {}, value: 1 },
          { scope: 'b', attributes: {}, value: 2 },
        ],
      },
    });
  });

  it('writes attributes that JSON cannot represent as text', async () => {
    const { meter, reader } = sdk();
    const attributes = { list: ['a', 'b'], ['__proto__']: 'kept' };
    meter.createCounter('requests').add(1, attributes);
    const text = JSON.stringify(await snapshot(reader));
    expect(text).toBe(
      '{"requests":{"type":"counter","points":[{"attributes":{"list":"[\\"a\\",\\"b\\"]","__proto__":"kept"},"value":1}]}}',
    );
  });

  it('holds what the helpers of this package record', async () => {
    const { meter, reader } = sdk();
    time(meter.createHistogram('job.duration', { unit: 's' }), () => {}, { now: steppingClock(2000) })();
    let now = 0;
    createRateMeter(meter, 'jobs', { now: () => now }).mark(5);
    now = 5_000;
    const value = (type: string, number: number, unit = '1/s') => ({
      type,
      ...(unit !== '' && { unit, description: expect.any(String) }),
      points: [{ attributes: {}, value: number }],
    });
    expect(await json(reader, { percentiles: [] })).toEqual({
      job: {
        duration: {
          type: 'histogram',
          unit: 's',
          points: [{ attributes: {}, count: 1, sum: 2, min: 2, max: 2, mean: 2 }],
        },
      },
      jobs: {
        ...value('counter', 5, ''),
        m1_rate: value('gauge', 1),
        m5_rate: value('gauge', 1),
        m15_rate: value('gauge', 1),
      },
    });
  });

  it('reads gauges again each time', async () => {
    const { meter, reader } = sdk();
    let answer = 41;
    meter.createObservableGauge('answer', { valueType: ValueType.INT }).addCallback((result) => {
      answer += 1;
      result.observe(answer);
    });
    const point = (value: number) => ({
      answer: { type: 'gauge', points: [{ attributes: {}, value }] },
    });
    expect([await json(reader), await json(reader)]).toEqual([point(42), point(43)]);
  });

  it('logs what could not be collected, and holds the rest', async () => {
    const { meter, reader } = sdk();
    const mistake = new Error('a mistake');
    meter.createObservableGauge('broken').addCallback(() => {
      throw mistake;
    });
    meter.createCounter('requests').add(1);
    expect({ json: await json(reader), log }).toEqual({
      json: { requests: { type: 'counter', points: [{ attributes: {}, value: 1 }] } },
      log: [[NAMESPACE, 'some metrics could not be collected for a snapshot', mistake]],
    });
  });

  it('can be served as JSON', async () => {
    const { meter, reader } = sdk();
    meter.createCounter('answer').add(42);
    const server = createServer(async (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(await snapshot(reader)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/metrics.json`);
    expect(await response.json()).toEqual({
      answer: { type: 'counter', points: [{ attributes: {}, value: 42 }] },
    });
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
});

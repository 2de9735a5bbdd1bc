import { describe, expect, it } from 'vitest';
import { EventLog, type ExporterEvent } from '../../../src/exporter/telemetry/event-log.js';
import { ExporterCounters } from '../../../src/exporter/telemetry/exporter-counters.js';
import { batchOf, counter } from '../../cluster/support/metrics.js';
import { FakeClock } from '../../support/fake-clock.js';

function start() {
  const clock = new FakeClock();
  const events: ExporterEvent[] = [];
  const none = (): void => {};
  const log = new EventLog({ info: none, warn: none, error: none }, (event) => events.push(event));
  const counters = new ExporterCounters(log, clock);
  return {
    clock,
    counters,
    /** What has been reported since the last call. */
    reported: () => {
      counters.reportLosses();
      return events.splice(0);
    },
    take: () => events.splice(0),
  };
}

const NOTHING = { exports: 0, receivedPoints: 0, droppedPoints: {}, summarisedPoints: {} };

describe('the counts of an exporter', () => {
  it('are those of exports, of their points, and of points that were dropped or summarised, by reason', () => {
    const { counters } = start();
    expect(counters.counts()).toEqual(NOTHING);
    expect(counters.received(batchOf([counter('a', 1), counter('b', 1)]))).toBe(2);
    expect(counters.received(batchOf([counter('a', 1)]))).toBe(1);
    counters.drop('non_finite', 'a');
    counters.drop('non_finite', 'b');
    counters.lose('series_limit', 30);
    counters.lose('shutdown', 0);
    counters.summarise('negative_values', 'a');
    counters.summarise('negative_values', 'a');
    expect(counters.counts()).toEqual({
      exports: 2,
      receivedPoints: 3,
      droppedPoints: { non_finite: 2, series_limit: 30 },
      summarisedPoints: { negative_values: 2 },
    });
  });

  it('are copies, since which later losses are told', () => {
    const { counters } = start();
    counters.drop('non_finite', 'a');
    const { droppedPoints } = counters.counts();
    counters.drop('non_finite', 'a');
    counters.lose('shutdown', 5);
    expect([droppedPoints, counters.droppedSince(droppedPoints)]).toEqual([
      { non_finite: 1 },
      { non_finite: 1, shutdown: 5 },
    ]);
  });
});

describe('dropped points', () => {
  it('are reported once for each metric and reason, with how many there were by then', () => {
    const { clock, counters, reported } = start();
    expect(reported()).toEqual([]);
    counters.drop('non_finite', 'a');
    counters.drop('non_finite', 'a');
    counters.drop('unreadable', 'a');
    counters.drop('non_finite', 'b');
    const event = { kind: 'points-dropped', level: 'warn' };
    const notFinite = 'has values that are not finite numbers; they are not sent';
    expect(reported()).toEqual([
      { ...event, reason: 'non_finite', points: 2, metric: 'a', message: `metric "a" ${notFinite}` },
      {
        ...{ ...event, reason: 'unreadable', points: 1, metric: 'a' },
        message: 'metric "a" has attributes that throw when they are read; such points are not sent',
      },
      { ...event, reason: 'non_finite', points: 1, metric: 'b', message: `metric "b" ${notFinite}` },
    ]);
    counters.drop('non_finite', 'a');
    clock.advance(86_400_000);
    expect(reported()).toEqual([]);
  });

  it('have a text for each reason', () => {
    const { counters, reported } = start();
    const reasons = [
      'empty_name',
      'unsupported',
      'too_long',
      'out_of_range',
      'no_member',
      'series_limit',
    ] as const;
    for (const reason of reasons) counters.drop(reason, 'm');
    expect(reported().map(({ message }) => message)).toEqual([
      'metric "m" has a name with no legal character in it; it is not sent',
      'metric "m" holds a kind of data that cannot be sent to StatsD; use delta temporality for it',
      'metric "m" has names longer than the server reads whole (limits of the dialect), even with shortened attributes; they are not sent',
      'metric "m" has values larger than the server can hold (limits of the dialect); they are not sent',
      'metric "m" has points without the attribute that the option `sets` names; they are not sent. Beyond 2000 series per export the SDK takes it away: raise aggregationCardinalityLimit with a view',
      'metric "m" has cumulative series beyond the 100000 that are kept in memory, or series that come back after they were forgotten, of which the first point is not sent. Use delta temporality for it',
    ]);
  });

  it('of many metrics are reported again every ten minutes, with those since the last report', () => {
    const { clock, counters, reported } = start();
    const event = { kind: 'points-dropped', level: 'warn', reason: 'series_limit' };
    const limit =
      'the backlog has reached its limit (queue.maxSeries or queue.maxBytes); is the server running?';
    clock.advance(1_000_000);
    counters.lose('series_limit', 1);
    expect(reported()).toEqual([{ ...event, points: 1, message: `1 data point is lost: ${limit}` }]);
    counters.lose('series_limit', 2);
    clock.advance(599_999);
    expect(reported()).toEqual([]);
    counters.lose('series_limit', 3);
    clock.advance(1);
    expect(reported()).toEqual([{ ...event, points: 5, message: `5 data points are lost: ${limit}` }]);
    clock.advance(600_000);
    counters.lose('shutdown', 1);
    expect(reported()).toEqual([
      {
        ...{ ...event, reason: 'shutdown', points: 1 },
        message:
          '1 data point is lost: the exporter was shut down before they were delivered (shutdownTimeoutMillis)',
      },
    ]);
  });

  it('of a metric are not taken for those of many metrics, whatever its name', () => {
    const { counters, reported } = start();
    counters.drop('series_limit', 'undefined');
    counters.lose('series_limit', 5);
    expect(reported().map((event) => ('points' in event ? [event.metric, event.points] : event))).toEqual([
      ['undefined', 1],
      [undefined, 5],
    ]);
  });

  it('of up to a thousand metrics are reported, and of further ones only counted', () => {
    const { counters, reported } = start();
    for (let index = 0; index < 1_001; index += 1) counters.drop('non_finite', `m${index}`);
    expect([reported().length, counters.counts().droppedPoints]).toEqual([1_000, { non_finite: 1_001 }]);
    counters.drop('non_finite', 'm1000');
    expect(reported()).toEqual([]);
  });
});

describe('warnings', () => {
  it('of a subject come once, for a thousand subjects at most', () => {
    const { counters, take } = start();
    counters.warn('a', 'first');
    counters.warn('a', 'second');
    expect(take()).toEqual([{ kind: 'warning', level: 'warn', message: 'first' }]);
    for (let index = 0; index < 1_100; index += 1) counters.warn(`subject ${index}`, 'more');
    expect(take().length).toBe(999);
  });

  it('of metrics that are summarised come once for each reason', () => {
    const { counters, take } = start();
    const reasons = ['negative_values', 'too_many_samples', 'too_many_recordings'] as const;
    for (const reason of reasons) counters.summarise(reason, 'm');
    const event = { kind: 'summarised', level: 'warn', metric: 'm' };
    const names = 'it is sent as .summary.count, .summary.sum, .summary.min and .summary.max';
    expect(take()).toEqual([
      {
        ...{ ...event, reason: 'negative_values' },
        message: `metric "m" holds values below zero, which the server rejects in a histogram; ${names}`,
      },
      {
        ...{ ...event, reason: 'too_many_samples' },
        message: `metric "m" was recorded so often that the server would need more samples than are sent for one data point; ${names}`,
      },
      {
        ...{ ...event, reason: 'too_many_recordings' },
        message: `metric "m" was recorded more often than the server can count; ${names}`,
      },
    ]);
    for (const reason of reasons) counters.summarise(reason, 'm');
    expect(take()).toEqual([]);
  });
});

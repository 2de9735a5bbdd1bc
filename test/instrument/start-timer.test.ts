import { describe, expect, it } from 'vitest';
import { startTimer } from '../../src/instrument.js';
import { FakeHistogram, steppingClock } from './support/fakes.js';
import { logged, NAMESPACE } from './support/logged.js';

describe('startTimer', () => {
  const log = logged();

  it('logs that a text is no histogram', () => {
    expect(startTimer('text' as never).stop()).toBeGreaterThanOrEqual(0);
    expect(log).toEqual([[NAMESPACE, 'startTimer: the first argument must be a histogram, not a string']]);
  });

  it('records the time from start to stop and returns it', () => {
    const histogram = new FakeHistogram();
    const timer = startTimer(histogram, { now: steppingClock(1500) });
    expect({ duration: timer.stop(), recorded: histogram.recorded }).toEqual({
      duration: 1.5,
      recorded: [[1.5, undefined]],
    });
  });

  it('records in milliseconds for a histogram that is in milliseconds', () => {
    const histogram = new FakeHistogram();
    const timer = startTimer(histogram, { unit: 'ms', now: steppingClock(1500) });
    expect({ duration: timer.stop(), recorded: histogram.recorded }).toEqual({
      duration: 1500,
      recorded: [[1500, undefined]],
    });
  });

  it('stops once', () => {
    const histogram = new FakeHistogram();
    const timer = startTimer(histogram, { now: steppingClock(1000) });
    const values = [timer.stop(), timer.stop({ ignored: true })];
    timer[Symbol.dispose]();
    expect({ values, recorded: histogram.recorded }).toEqual({ values: [1, 1], recorded: [[1, undefined]] });
  });

  it('records nothing before it is stopped', () => {
    const histogram = new FakeHistogram();
    startTimer(histogram);
    expect(histogram.recorded).toEqual([]);
  });

  it('stops when it is disposed of', () => {
    const histogram = new FakeHistogram();
    startTimer(histogram, { now: steppingClock(1000), attributes: { a: 1 } })[Symbol.dispose]();
    expect(histogram.recorded).toEqual([[1, { a: 1 }]]);
  });

  it('records the attributes of start and stop; those of stop win', () => {
    const histogram = new FakeHistogram();
    const attributes = { job: 'reindex', outcome: 'unknown' };
    startTimer(histogram, { now: steppingClock(1000), attributes }).stop({ outcome: 'ok', rows: 3 });
    expect({ recorded: histogram.recorded, attributes }).toEqual({
      recorded: [[1, { job: 'reindex', outcome: 'ok', rows: 3 }]],
      attributes: { job: 'reindex', outcome: 'unknown' },
    });
  });

  it('never records a negative duration, whatever the clock does', () => {
    const histogram = new FakeHistogram();
    expect(startTimer(histogram, { now: steppingClock(-1000) }).stop()).toBe(0);
  });

  it('does not let an error of the histogram reach the app', () => {
    const broken = {
      record() {
        throw new Error('broken');
      },
    };
    expect(startTimer(broken, { now: steppingClock(1000) }).stop()).toBe(1);
  });
});

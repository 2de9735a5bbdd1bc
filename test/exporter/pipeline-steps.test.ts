// What a pipeline answers, with a clock that moves only when the test says so.
import { once } from 'node:events';
import { Writable } from 'node:stream';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/exporter/options/environment.js';
import type { StatsdExporterOptions } from '../../src/exporter/options/options.js';
import { resolveOptions } from '../../src/exporter/options/resolve-options.js';
import { Pipeline } from '../../src/exporter/pipeline.js';
import { FakeClock } from '../support/fake-clock.js';
import { batchOf, counter, pointsOfSeries } from '../support/mapping.js';

/** So many series of a counter. */
function series(count: number, value = 1): ResourceMetrics {
  return batchOf([counter(pointsOfSeries(count, { value }), { name: 'c' })]);
}

/** A stream that takes one write after the other, each when `release` is called; `taken` tells of the next one. */
class GatedStream extends Writable {
  readonly written: string[] = [];
  #done: (() => void) | undefined;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(chunk.toString());
    this.#done = done;
    this.emit('taken');
  }

  release(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}

function start(options: StatsdExporterOptions, clock = new FakeClock()) {
  const told: unknown[] = [];
  const environment = readEnvironment({}, () => {});
  const pipeline = new Pipeline(
    resolveOptions(options, environment),
    { clock, random: () => 0.5, withoutTracing: (work) => work(), onEvent: () => {} },
    {
      drop: (...args) => told.push(['drop', ...args]),
      lose: (reason, points) => points > 0 && told.push(['lose', reason, points]),
      summarise: (...args) => told.push(['summarise', ...args]),
      warn: (...args) => told.push(['warn', ...args]),
    },
  );
  return { pipeline, clock, told };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a flush', () => {
  it('is done when all that was accepted is delivered', async () => {
    const lines: string[] = [];
    const { pipeline } = start({ lines: (batch) => void lines.push(...batch) });
    await pipeline.accept(series(2));
    expect([await pipeline.flush(1_000), lines]).toEqual([true, ['c.series.0:1|c', 'c.series.1:1|c']]);
  });

  it('is not done while the resource of what was merged is pending', async () => {
    const { pipeline } = start({ lines: () => {} });
    const batch = series(2);
    Object.assign(batch.resource, { asyncAttributesPending: true });
    pipeline.merge(batch);
    expect([await pipeline.flush(1_000), pipeline.stats().backlogSeries]).toEqual([false, 2]);
  });

  it.each([
    [0, 1_500],
    [1, 0],
  ])('of %i ms leaves %i series in the backlog when the server takes nothing', async (millis, left) => {
    const { pipeline, clock } = start({ stream: new GatedStream({ highWaterMark: 1 }) });
    pipeline.merge(series(2_500));
    const flushed = pipeline.flush(millis);
    await turn();
    clock.advance(millis);
    expect([await flushed, pipeline.stats().backlogSeries]).toEqual([false, left]);
  });

  it('is not done at its deadline, though an export is still in progress', async () => {
    // Every look at the clock takes longer than a slice, so that the export pauses after each step.
    class SlowClock extends FakeClock {
      #looks = 0;
      override now(): number {
        this.#looks += 2;
        return this.#looks;
      }
    }
    const clock = new SlowClock();
    const { pipeline } = start({ lines: () => {} }, clock);
    const accepted = pipeline.accept(series(10_000));
    const flushed = pipeline.flush(1_000);
    clock.advance(1e6);
    expect(await flushed).toBe(false);
    expect(await accepted).toEqual({ lines: {}, points: 0 });
  });
});

describe('an export', () => {
  it('does not pause before a slice of time is over', async () => {
    const { pipeline } = start({ lines: () => {} });
    let isDone = false;
    void pipeline.accept(series(10_000)).then(() => {
      isDone = true;
    });
    await turn();
    expect(isDone).toBe(true);
  });

  it('is refused with the number of its lines that the queue has no room for', async () => {
    const stream = new GatedStream({ highWaterMark: 1 });
    const { pipeline, told } = start({ stream, queue: { maxBytes: 65_536, softBytes: 65_536 } });
    const { lines, points } = await pipeline.accept(series(10_000, 1_000_000));
    const { offeredLines, droppedLines } = pipeline.stats();
    const queued = offeredLines - lines.queue_full!;
    expect({ lines, points, offeredLines, droppedLines, told }).toEqual({
      lines: { queue_full: 10_000 - queued },
      points: 0,
      offeredLines: 10_000,
      droppedLines: { queue_full: 10_000 - queued },
      told: [],
    });
    expect([queued > 0, lines.queue_full! > queued]).toEqual([true, true]);
  });
});

describe('the backlog', () => {
  it('is sent as soon as the transport has room again, without another export', async () => {
    const stream = new GatedStream({ highWaterMark: 1 });
    const { pipeline, told } = start({ stream, queue: { softBytes: 0 } });
    const first = once(stream, 'taken');
    for (const value of [1, 2, 3]) await pipeline.accept(series(1, value));
    await first;
    expect([stream.written, pipeline.stats().backlogSeries]).toEqual([['c.series.0:1|c\n'], 1]);
    const second = once(stream, 'taken');
    stream.release();
    await second;
    expect([stream.written, pipeline.stats().backlogSeries, told]).toEqual([
      ['c.series.0:1|c\n', 'c.series.0:5|c\n'],
      0,
      [],
    ]);
  });

  it('reports points that cannot be merged', async () => {
    const { pipeline, told } = start({ lines: () => {} });
    pipeline.merge(series(1, Number.NaN));
    expect([pipeline.stats().backlogSeries, told]).toEqual([0, [['drop', 'non_finite', 'c']]]);
  });
});

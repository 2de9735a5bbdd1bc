import { ExportResultCode } from '@opentelemetry/core';
import { describe, expect, it } from 'vitest';
import { ExportLoop } from '../../../src/cluster/aggregator/export-loop.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeExporter } from '../support/fake-exporter.js';
import { batchOf, counter } from '../support/metrics.js';

/** A clock whose timers can be late, as those of a process are that was busy with something else. */
class BlockableClock extends FakeClock {
  #blocked = 0;

  override now(): number {
    return super.now() + this.#blocked;
  }

  block(millis: number): void {
    this.#blocked += millis;
  }
}

/** What is there to export counts the milliseconds since the last export. */
function start({ steps = 0 } = {}) {
  const clock = new BlockableClock();
  const exporter = new FakeExporter();
  let since = 0;
  const collect = function* () {
    for (let left = steps; left > 0; left -= 1) {
      clock.advance(1);
      yield;
    }
    const batch = batchOf([counter('millis', clock.now() - since)]);
    since = clock.now();
    return [batch];
  };
  const loop = new ExportLoop({ exporter, intervalMillis: 100, timeoutMillis: 250, collect }, clock);
  const wait = async (millis: number) => {
    clock.advance(millis);
    await new Promise(setImmediate);
  };
  return { clock, exporter, loop, wait, values: () => exporter.exports.map(([point]) => point![1]) };
}

describe('the export loop', () => {
  it('collects in turns of five milliseconds, between which the event loop goes round', async () => {
    const { exporter, wait } = start({ steps: 12 });
    const exported = [];
    for (let round = 0; round < 3; round += 1) {
      await wait(round === 0 ? 100 : 0);
      exported.push(exporter.exports.length);
    }
    expect(exported).toEqual([0, 1, 1]);
  });

  it('exports once per interval and does not keep the process alive', async () => {
    const { clock, loop, wait, values } = start();
    for (let round = 0; round < 3; round += 1) await wait(100);
    expect({ values: values(), holdsProcess: clock.holdsProcess }).toEqual({
      values: [100, 100, 100],
      holdsProcess: false,
    });
    expect(loop.stats()).toEqual({
      exports: 3,
      receivedPoints: 3,
      failedExports: 0,
      failedPoints: 0,
      exportTimeouts: 0,
    });
  });

  it('never exports twice at a time and exports later what arrived meanwhile', async () => {
    const { exporter, wait, values } = start();
    exporter.answersAtOnce = false;
    await wait(100);
    await wait(100);
    expect(values()).toEqual([100]);
    exporter.answer();
    await wait(0);
    await wait(100);
    expect(values()).toEqual([100, 200]);
  });

  it('continues after exportTimeoutMillis without an answer', async () => {
    const { exporter, loop, wait, values } = start();
    exporter.answersAtOnce = false;
    for (let round = 0; round < 8; round += 1) await wait(50);
    expect({ values: values(), exportTimeouts: loop.stats().exportTimeouts }).toEqual({
      values: [100, 300],
      exportTimeouts: 1,
    });
  });

  it('counts failed exports', async () => {
    const { exporter, loop, wait } = start();
    exporter.code = ExportResultCode.FAILED;
    await wait(100);
    exporter.export = () => {
      throw new Error('broken');
    };
    await wait(100);
    expect(loop.stats()).toMatchObject({ exports: 0, failedExports: 2, failedPoints: 2 });
  });

  it('flushes after the pending export or misses the deadline', async () => {
    const { clock, exporter, loop, wait, values } = start();
    exporter.answersAtOnce = false;
    await wait(100);
    const inTime = loop.flush(50);
    exporter.answersAtOnce = true;
    exporter.answer();
    expect({ inTime: await inTime, values: values() }).toEqual({ inTime: true, values: [100, 0] });
    exporter.answersAtOnce = false;
    await wait(100);
    const tooLate = loop.flush(50);
    clock.advance(50);
    expect(await tooLate).toBe(false);
  });

  it('exports nothing after it was stopped during an export, which does not keep the process alive', async () => {
    const { clock, exporter, loop, wait, values } = start();
    exporter.answersAtOnce = false;
    await wait(100);
    expect(clock.holdsProcess).toBe(false);
    loop.stop();
    exporter.answer();
    await wait(0);
    await loop.flush(50);
    expect(values()).toEqual([100]);
  });

  it('exports nothing after it was stopped', async () => {
    const { clock, loop, wait, values } = start();
    loop.stop();
    await wait(1_000);
    expect({ values: values(), pendingMillis: clock.pendingMillis }).toEqual({
      values: [],
      pendingMillis: [],
    });
  });
});

describe('the time of the export loop', () => {
  it('excludes time in which the process was blocked', async () => {
    const { clock, loop, wait } = start();
    await wait(150);
    expect(loop.now()).toBe(150);
    // The process was blocked for a minute: the timer due at 200 fires late.
    clock.block(60_000);
    expect(loop.now()).toBe(200);
    await wait(50);
    expect(loop.now()).toBe(200);
    await wait(30);
    expect(loop.now()).toBe(230);
  });
});

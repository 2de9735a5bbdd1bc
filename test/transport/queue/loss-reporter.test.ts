import { expect, test } from 'vitest';
import { LossReporter } from '../../../src/transport/queue/loss-reporter.js';
import type { LineLoss, TransportEvent } from '../../../src/transport/transport.js';
import { FakeClock } from '../../support/fake-clock.js';

function start(): {
  readonly clock: FakeClock;
  readonly reporter: LossReporter;
  /** What was reported since the last call. */
  readonly reported: () => Promise<TransportEvent[]>;
} {
  const clock = new FakeClock();
  clock.advance(1_000_000);
  const events: TransportEvent[] = [];
  return {
    clock,
    reporter: new LossReporter(clock, (event) => events.push(event)),
    reported: async () => {
      await Promise.resolve();
      return events.splice(0);
    },
  };
}

const tooLarge = (metric: string, lines = 1, bytes = 2_000): LineLoss => ({
  reason: 'too_large',
  lines,
  metric,
  bytes,
  limitBytes: 1_432,
});
const event = (loss: LineLoss): TransportEvent => ({ kind: 'lines-dropped', ...loss });

test('the losses of one call are one report for each reason, metric and error code', async () => {
  const { reporter, reported } = start();
  reporter.add(tooLarge('a', 1, 3_000));
  reporter.add(tooLarge('b'));
  reporter.add(tooLarge('a', 2, 2_500));
  reporter.add(tooLarge('b', 1, 2_500));
  reporter.add({ reason: 'udp_error', lines: 1, code: 'EINVAL' });
  reporter.add({ reason: 'udp_error', lines: 1, code: 'EFAULT' });
  expect(await reported()).toEqual([
    event(tooLarge('a', 3, 3_000)),
    event(tooLarge('b', 2, 2_500)),
    event({ reason: 'udp_error', lines: 1, code: 'EINVAL' }),
    event({ reason: 'udp_error', lines: 1, code: 'EFAULT' }),
  ]);
});

test('later losses of the same kind are reported together, with the first after ten minutes', async () => {
  const { clock, reporter, reported } = start();
  reporter.add(tooLarge('a'));
  expect(await reported()).toEqual([event(tooLarge('a'))]);
  for (const millis of [300_000, 299_999]) {
    clock.advance(millis);
    reporter.add(tooLarge('a'));
    expect(await reported()).toEqual([]);
  }
  clock.advance(1);
  reporter.add(tooLarge('a'));
  expect(await reported()).toEqual([event(tooLarge('a', 3))]);
});

test('losses that were not reported yet are reported on request, and only once', async () => {
  const { reporter, reported } = start();
  reporter.add({ reason: 'queue_full', lines: 5, limitBytes: 100 });
  expect(await reported()).toHaveLength(1);
  reporter.add({ reason: 'queue_full', lines: 6, limitBytes: 100 });
  reporter.add({ reason: 'shutdown', lines: 3 });
  reporter.add({ reason: 'shutdown', lines: 4 });
  reporter.reportAll();
  reporter.reportAll();
  expect(await reported()).toStrictEqual([
    event({ reason: 'queue_full', lines: 6, limitBytes: 100 }),
    event({ reason: 'shutdown', lines: 7 }),
  ]);
});

test('nothing is reported of no lines', async () => {
  const { reporter, reported } = start();
  reporter.add({ reason: 'shutdown', lines: 0 });
  reporter.reportAll();
  expect(await reported()).toEqual([]);
});

test('beyond a thousand kinds the losses of all further metrics are one kind', async () => {
  const { reporter, reported } = start();
  for (let index = 0; index < 1_000; index += 1) reporter.add(tooLarge(`m${index}`));
  expect(await reported()).toHaveLength(1_000);
  reporter.add(tooLarge('x'));
  reporter.add(tooLarge('y'));
  expect(await reported()).toEqual([
    event({ reason: 'too_large', lines: 2, bytes: 2_000, limitBytes: 1_432 }),
  ]);
  reporter.add(tooLarge('z'));
  reporter.add(tooLarge('m1'));
  expect(await reported()).toEqual([]);
});

import { expect, test } from 'vitest';
import { OutageReporter } from '../../../src/transport/queue/outage-reporter.js';
import type { TransportEvent } from '../../../src/transport/transport.js';
import { FakeClock } from '../../support/fake-clock.js';

function start(): { clock: FakeClock; events: TransportEvent[]; outage: OutageReporter } {
  const clock = new FakeClock();
  const events: TransportEvent[] = [];
  return { clock, events, outage: new OutageReporter(clock, (event) => events.push(event)) };
}

test('an outage is reported once with its first cause, and its end once with its length', () => {
  const { clock, events, outage } = start();
  outage.failed('ECONNREFUSED');
  clock.advance(2_000);
  outage.failed('ETIMEDOUT');
  clock.advance(1_000);
  outage.succeeded();
  outage.succeeded();
  expect(events).toEqual([
    { kind: 'outage', cause: 'ECONNREFUSED' },
    { kind: 'recovered', outageMillis: 3_000 },
  ]);
});

test('success without an outage is not reported', () => {
  const { events, outage } = start();
  outage.succeeded();
  expect(events).toEqual([]);
});

test('a second outage is reported like the first', () => {
  const { clock, events, outage } = start();
  outage.failed('ECONNREFUSED');
  outage.succeeded();
  clock.advance(50);
  outage.failed('ECONNRESET');
  clock.advance(70);
  outage.succeeded();
  expect(events).toEqual([
    { kind: 'outage', cause: 'ECONNREFUSED' },
    { kind: 'recovered', outageMillis: 0 },
    { kind: 'outage', cause: 'ECONNRESET' },
    { kind: 'recovered', outageMillis: 70 },
  ]);
});

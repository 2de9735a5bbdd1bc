import { describe, expect, it } from 'vitest';
import { BatchSender } from '../../../src/cluster/worker/batch-sender.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeChannel } from '../support/fake-channel.js';
import { batchOf, counter, encoded } from '../support/metrics.js';

const METRICS = encoded(batchOf([counter('c', 1)]));

function start({ batches = 0 } = {}) {
  const clock = new FakeClock();
  clock.advance(1_000);
  const channel = new FakeChannel();
  const log: unknown[] = [];
  let left = batches;
  const sender = new BatchSender(
    {
      identity: { from: 'w', secret: 's' },
      openChannel: channel.open,
      nextBatch: () => {
        if (left === 0) return undefined;
        left -= 1;
        return { metrics: METRICS, points: 3 };
      },
      intervalMillis: () => 700,
      onAcknowledged: (points, accepted) => log.push([points, accepted]),
      onChange: () => log.push('change'),
      onFlushRequest: () => Promise.resolve(),
    },
    clock,
  );
  const acknowledge = (sequence: number, accepted = true): void =>
    channel.receive({ kind: 'acknowledged', to: 'w', sequence, accepted });
  return {
    ...{ clock, channel, sender, log, acknowledge },
    welcome: (aggregator: string) => channel.receive({ kind: 'welcome', to: 'w', aggregator }),
    state: () => {
      const { isConnected, disconnectedMillis, unansweredMillis, isAwaitingAcknowledgement } = sender;
      return { isConnected, disconnectedMillis, unansweredMillis, isAwaitingAcknowledgement };
    },
  };
}

const connected = {
  isConnected: true,
  disconnectedMillis: 0,
  unansweredMillis: undefined,
  isAwaitingAcknowledgement: false,
};
const unanswered = (millis: number) => ({
  isConnected: false,
  disconnectedMillis: millis,
  unansweredMillis: millis,
  isAwaitingAcknowledgement: false,
});
const lost = (millis: number) => ({ ...connected, isConnected: false, disconnectedMillis: millis });

describe('a sender of batches', () => {
  it('is connected once an aggregator has answered on its channel', () => {
    const { clock, channel, state, welcome, log } = start();
    clock.advance(5);
    expect(state()).toEqual(unanswered(5));
    welcome('too early');
    expect(state()).toEqual(unanswered(5));
    channel.events.onOpen();
    clock.advance(5);
    expect(state()).toEqual(unanswered(10));
    welcome('a');
    clock.advance(5);
    expect([state(), log]).toEqual([connected, ['change']]);
    channel.events.onOpen();
    welcome('a');
    expect([state(), log]).toEqual([connected, ['change']]);
  });

  it('is without an aggregator from the end of its channel on, whether it opens again or not', () => {
    const { clock, channel, state, welcome, log } = start();
    channel.events.onOpen();
    welcome('a');
    clock.advance(100);
    channel.events.onClose(false);
    clock.advance(5);
    channel.events.onOpen();
    clock.advance(5);
    channel.events.onClose(false);
    expect([state(), log]).toEqual([lost(10), ['change', 'change', 'change']]);
    channel.events.onClose(true);
    expect(state()).toEqual(lost(Number.POSITIVE_INFINITY));
  });

  it('has never had an answer when its channel closes before one', () => {
    const { clock, channel, state } = start();
    channel.events.onOpen();
    clock.advance(5);
    channel.events.onClose(false);
    clock.advance(5);
    expect(state()).toEqual(unanswered(10));
  });

  it('asks a few times while the aggregator does not read, however often that is closing', () => {
    const { channel, welcome } = start();
    channel.welcome();
    channel.isRead = false;
    channel.takeKinds();
    for (let round = 0; round < 100; round += 1) {
      channel.receive({ kind: 'closing', to: 'w' });
      welcome('a');
    }
    expect(channel.takeKinds()).toEqual(Array(20).fill('hello'));
    channel.read();
    channel.receive({ kind: 'closing', to: 'w' });
    expect(channel.takeKinds()).toEqual(['hello']);
  });

  it('looks for another aggregator when its own is closing', () => {
    const { clock, channel, state } = start();
    channel.receive({ kind: 'closing', to: '*' });
    expect([state(), channel.takeKinds()]).toEqual([unanswered(0), []]);
    channel.welcome();
    channel.takeKinds();
    clock.advance(100);
    channel.receive({ kind: 'closing', to: 'w' });
    clock.advance(5);
    expect([state(), channel.takeKinds()]).toEqual([lost(5), ['hello']]);
  });

  it('repeats its hello after one, three, seven, 15, 31 and 61 seconds, then twice a minute', () => {
    const { clock, channel } = start();
    channel.events.onOpen();
    const times: number[] = [];
    for (let second = 0; second <= 125; second += 1) {
      for (const _ of channel.takeKinds()) times.push(second);
      clock.advance(1_000);
    }
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
  });

  it('repeats a batch that is not acknowledged after ten, 30 and 60 seconds, and counts it', () => {
    const { clock, channel, sender, acknowledge } = start({ batches: 1 });
    channel.welcome();
    channel.take();
    const times: number[] = [];
    for (let second = 0; second <= 95; second += 1) {
      for (const _ of channel.takeKinds()) times.push(second);
      clock.advance(1_000);
    }
    expect([times, sender.stats()]).toEqual([
      [10, 30, 60, 90],
      { batches: 1, acknowledged: 0, resent: 4, malformed: 0 },
    ]);
    acknowledge(1);
    expect([clock.pendingMillis, sender.stats().acknowledged]).toEqual([[], 1]);
  });

  it('sends its name, its secret, its interval and a number with each batch', () => {
    const { channel, welcome, acknowledge, log, state } = start({ batches: 2 });
    channel.events.onOpen();
    channel.take();
    welcome('a');
    const sent = (sequence: number) => ({
      'opentelemetry-exporter-statsd': 1,
      ...{ kind: 'batch', from: 'w', secret: 's', sequence, intervalMillis: 700, metrics: METRICS },
    });
    expect([channel.take(), state()]).toEqual([[sent(1)], { ...connected, isAwaitingAcknowledgement: true }]);
    acknowledge(2);
    acknowledge(1, false);
    expect([channel.take(), log]).toEqual([[sent(2)], ['change', [3, false], 'change']]);
    acknowledge(1);
    acknowledge(2);
    acknowledge(2);
    expect([channel.take(), log.slice(3), state()]).toEqual([[], [[3, true], 'change'], connected]);
  });

  it('takes an acknowledgement also while it looks for an aggregator', () => {
    const { clock, channel, sender, acknowledge, log, state } = start({ batches: 1 });
    channel.welcome();
    channel.receive({ kind: 'closing', to: 'w' });
    acknowledge(1);
    clock.advance(5);
    expect([log, state(), sender.reclaim()]).toEqual([['change', [3, true], 'change'], lost(5), undefined]);
  });

  it('gives back the batch that was not acknowledged, once and only without an aggregator', () => {
    const { channel, sender, state, welcome } = start({ batches: 1 });
    channel.welcome();
    expect([sender.reclaim(), state().isAwaitingAcknowledgement]).toEqual([undefined, true]);
    channel.events.onClose(false);
    expect(state().isAwaitingAcknowledgement).toBe(true);
    expect([sender.reclaim(), sender.reclaim(), state()]).toEqual([METRICS, undefined, lost(0)]);
    channel.events.onOpen();
    channel.take();
    welcome('b');
    expect(channel.takeKinds()).toEqual([]);
  });

  it('says goodbye to its aggregator when it closes, and returns the points that it does not know of', () => {
    const { clock, channel, sender, state, log, welcome } = start({ batches: 1 });
    channel.welcome();
    channel.take();
    expect([sender.close(), channel.takeKinds(), channel.isClosed, clock.pendingMillis]).toEqual([
      3,
      ['goodbye'],
      true,
      [],
    ]);
    log.splice(0);
    channel.events.onClose(false);
    channel.events.onOpen();
    welcome('b');
    sender.sendNext();
    expect([state(), log, channel.takeKinds(), sender.reclaim()]).toEqual([
      lost(Number.POSITIVE_INFINITY),
      [],
      [],
      undefined,
    ]);
  });

  it('closes without a goodbye when there is no aggregator', () => {
    const { clock, channel, sender } = start();
    channel.events.onOpen();
    channel.take();
    expect([sender.close(), channel.takeKinds(), clock.pendingMillis]).toEqual([0, [], []]);
  });

  it('answers no request to flush after it was closed', async () => {
    const { channel, sender } = start();
    channel.welcome();
    channel.take();
    channel.receive({ kind: 'flush', to: 'w' });
    sender.close();
    await Promise.resolve();
    expect(channel.takeKinds()).toEqual(['goodbye']);
  });

  it('ignores messages of the app, and counts malformed ones', () => {
    const { channel, sender, log } = start();
    channel.welcome();
    log.splice(0);
    for (const message of [undefined, 'text', { any: 1 }]) channel.events.onMessage(message);
    channel.receive({ kind: 'acknowledged', to: 'w', sequence: 0, accepted: true });
    channel.receive({ kind: 'closing', to: 'another' });
    expect([sender.stats().malformed, sender.isConnected, log]).toEqual([1, true, []]);
  });

  it('counts a message that cannot be read as malformed', () => {
    const { channel, sender, state } = start();
    channel.events.onMessage(
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    );
    expect([sender.stats().malformed, state()]).toEqual([1, unanswered(0)]);
  });
});

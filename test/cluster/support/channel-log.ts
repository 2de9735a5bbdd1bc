// Both ends of a channel, with what happens on them in order.
import { EventEmitter, once } from 'node:events';
import { onTestFinished } from 'vitest';
import { BatchReceiver } from '../../../src/cluster/aggregator/batch-receiver.js';
import type { Channel, OpenChannel } from '../../../src/cluster/channel/channel.js';
import { FakeClock } from '../../support/fake-clock.js';

/** The events of a channel in order, and a way to await the next ones. */
export class Log extends EventEmitter {
  readonly entries: unknown[] = [];

  add(entry: unknown): void {
    this.entries.push(entry);
    this.emit('entry');
  }

  async take(count: number): Promise<unknown[]> {
    while (this.entries.length < count) await once(this, 'entry');
    return this.entries.splice(0);
  }
}

export function openLogged(open: OpenChannel): { channel: Channel; log: Log } {
  const log = new Log();
  const channel = open({
    onOpen: () => log.add('open'),
    onMessage: (message) => log.add(message),
    onClose: (isPermanent) => log.add(isPermanent ? 'closed permanently' : 'closed'),
  });
  onTestFinished(() => channel.close());
  return { channel, log };
}

/** A receiver that answers every message with an echo; `log` has its messages, and `left` for each channel that closes. */
export function loggedReceiver(): { receiver: BatchReceiver; log: Log } {
  const log = new Log();
  class LoggedReceiver extends BatchReceiver {
    override receive(peer: Parameters<BatchReceiver['receive']>[0], value: unknown): void {
      log.add(value);
      peer.send({ echo: value });
    }

    override removePeer(): void {
      log.add('left');
    }
  }
  const receiver = new LoggedReceiver({
    name: 'agg',
    add: () => ({ merged: 0, dropped: {} }),
    removeWorker: () => {},
    staleAfterMillis: () => 1,
    now: () => 0,
    log: (message) => log.add(message),
    clock: new FakeClock(),
  });
  return { receiver, log };
}

/** What a channel of `loggedReceiver` begins with. */
export const welcome = {
  'opentelemetry-exporter-statsd': 1,
  kind: 'welcome',
  to: '*',
  aggregator: 'agg',
};

// The channel to an aggregator in the same process: the same messages, delivered asynchronously like those of others.

import { queueMicrotask } from '../../runtime/timers.js';
import type { BatchReceiver } from '../aggregator/batch-receiver.js';
import type { Peer } from '../aggregator/worker-registry.js';
import type { Channel, OpenChannel } from './channel.js';

export function openInProcessChannel(receiver: BatchReceiver): OpenChannel {
  return (events): Channel => {
    let isOpen = true;
    const peer: Peer = {
      send: (message) =>
        queueMicrotask(() => {
          if (isOpen) events.onMessage(message);
        }),
    };
    queueMicrotask(() => {
      if (isOpen) events.onOpen();
    });
    return {
      send(message, onWritten) {
        queueMicrotask(() => {
          receiver.receive(peer, message);
          onWritten();
        });
      },
      close() {
        isOpen = false;
        queueMicrotask(() => receiver.removePeer(peer));
      },
    };
  };
}

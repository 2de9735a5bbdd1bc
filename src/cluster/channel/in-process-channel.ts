// The way to the aggregator within its own process: no pipe, yet the same messages, and never at once, as from afar.

import type { BatchReceiver, Peer } from '../aggregator/batch-receiver.js';
import type { Channel, OpenChannel } from './channel.js';

export function openLocalChannel(inbox: BatchReceiver): OpenChannel {
  return (events): Channel => {
    let isOpen = true;
    const soon = (run: () => void): void => queueMicrotask(run);
    const peer: Peer = {
      send: (message) =>
        soon(() => {
          if (isOpen) events.onMessage(message);
        }),
    };
    soon(() => {
      if (isOpen) events.onOpen();
    });
    return {
      send(message, written) {
        soon(() => {
          inbox.receive(peer, message);
          written();
        });
      },
      close() {
        isOpen = false;
        soon(() => inbox.leave(peer));
      },
    };
  };
}

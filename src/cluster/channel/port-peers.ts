// The aggregator's end of a MessageChannel, or of the ports that a thread offers through its Worker object.

import type { MessagePort, Worker } from 'node:worker_threads';
import type { BatchReceiver } from '../aggregator/batch-receiver.js';
import type { Peer } from '../aggregator/worker-registry.js';
import { offeredPort } from '../protocol/messages.js';
import { listenToPort, postTo } from './port-channel.js';

/** A thread has a few exporters, and offers a port for each, and further ones until it is answered. */
const MAX_PORTS_PER_THREAD = 100;

/** Returns the function that stops. `onClose` is called when the other end has closed. */
export function listenToPortPeer(
  receiver: BatchReceiver,
  port: MessagePort,
  onClose: () => void = () => {},
): () => void {
  const peer: Peer = { send: (message) => postTo(port, message) };
  const stop = listenToPort(port, {
    onMessage: (message) => receiver.receiveInTurn(peer, message),
    onClose: () => {
      receiver.removePeer(peer);
      onClose();
    },
  });
  receiver.addPeer(peer);
  return stop;
}

/** Listens to the ports that the thread offers, one for each of its exporters. Returns the function that stops. */
export function listenToThread(receiver: BatchReceiver, thread: Worker): () => void {
  const stops = new Map<MessagePort, () => void>();
  const onMessage = (message: unknown): void => {
    const port = offeredPort(message);
    if (port === undefined) return;
    if (stops.size >= MAX_PORTS_PER_THREAD) {
      port.close();
      receiver.refuse(`a thread has offered more than ${MAX_PORTS_PER_THREAD} ports`);
      return;
    }
    stops.set(
      port,
      listenToPortPeer(receiver, port, () => stops.delete(port)),
    );
  };
  thread.on('message', onMessage);
  return () => {
    thread.off('message', onMessage);
    for (const stop of stops.values()) stop();
  };
}

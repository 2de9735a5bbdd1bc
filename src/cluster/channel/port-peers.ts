// The aggregator's end of a MessageChannel, or of the ports that a thread offers through its Worker object.

import type { MessagePort, Worker } from 'node:worker_threads';
import type { BatchReceiver } from '../aggregator/batch-receiver.js';
import type { Peer } from '../aggregator/worker-registry.js';
import { offeredPort } from '../protocol/messages.js';
import { listenToPort, postTo } from './port-channel.js';

/** Returns the function that stops. */
export function listenToPortPeer(receiver: BatchReceiver, port: MessagePort): () => void {
  const peer: Peer = { send: (message) => postTo(port, message) };
  const stop = listenToPort(port, {
    onMessage: (message) => receiver.receive(peer, message),
    onClose: () => receiver.removePeer(peer),
  });
  receiver.addPeer(peer);
  return stop;
}

/** Listens to the ports that the thread offers, one for each of its exporters. Returns the function that stops. */
export function listenToThread(receiver: BatchReceiver, thread: Worker): () => void {
  const stops: (() => void)[] = [];
  const onMessage = (message: unknown): void => {
    const port = offeredPort(message);
    if (port !== undefined) stops.push(listenToPortPeer(receiver, port));
  };
  thread.on('message', onMessage);
  return () => {
    thread.off('message', onMessage);
    for (const stop of stops) stop();
  };
}

// Threads: the aggregator's end of a MessageChannel, or of the port that a thread passes through its Worker object.

import type { MessagePort, Worker } from 'node:worker_threads';
import type { BatchReceiver, Peer } from '../aggregator/batch-receiver.js';
import { offeredPort } from '../protocol/messages.js';
import { listenToPort, postTo } from './port-channel.js';

/** Answers how to stop listening. */
export function listenToPortPeer(inbox: BatchReceiver, port: MessagePort): () => void {
  const peer: Peer = { send: (message) => postTo(port, message) };
  const stop = listenToPort(port, {
    onMessage: (message) => inbox.receive(peer, message),
    onClose: () => inbox.leave(peer),
  });
  inbox.join(peer);
  return stop;
}

/** Listens to the ports that the thread offers, one for each of its exporters. Answers how to stop. */
export function listenToThread(inbox: BatchReceiver, thread: Worker): () => void {
  const stops: (() => void)[] = [];
  const onMessage = (message: unknown): void => {
    const port = offeredPort(message);
    if (port !== undefined) stops.push(listenToPortPeer(inbox, port));
  };
  thread.on('message', onMessage);
  return () => {
    thread.off('message', onMessage);
    for (const stop of stops) stop();
  };
}

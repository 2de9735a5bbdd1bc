// The aggregator's end of IPC channels: all workers of node:cluster, and single child processes.

import type { ChildProcess } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import type { BatchReceiver } from '../aggregator/batch-receiver.js';
import type { Peer } from '../aggregator/worker-registry.js';

/** Listens to all present and future workers. Returns the function that stops. */
export function listenToCluster(receiver: BatchReceiver, workers: typeof cluster = cluster): () => void {
  if (!workers.isPrimary) return () => {};
  const peers = new WeakMap<Worker, Peer>();
  const peerOf = (worker: Worker): Peer => {
    let peer = peers.get(worker);
    if (peer === undefined) {
      peer = processPeer(worker.process);
      peers.set(worker, peer);
    }
    return peer;
  };
  const onMessage = (worker: Worker, message: unknown): void => receiver.receive(peerOf(worker), message);
  const onEnd = (worker: Worker): void => receiver.removePeer(peerOf(worker));
  workers.on('message', onMessage);
  workers.on('disconnect', onEnd);
  workers.on('exit', onEnd);
  for (const worker of Object.values(workers.workers ?? {}))
    if (worker !== undefined) receiver.addPeer(peerOf(worker));
  return () => {
    workers.off('message', onMessage);
    workers.off('disconnect', onEnd);
    workers.off('exit', onEnd);
  };
}

/** Listens to a child with an IPC channel that is no worker of node:cluster. Returns the function that stops. */
export function listenToChild(receiver: BatchReceiver, child: ChildProcess): () => void {
  const peer = processPeer(child);
  const onMessage = (message: unknown): void => receiver.receive(peer, message);
  const onEnd = (): void => receiver.removePeer(peer);
  child.on('message', onMessage);
  child.on('disconnect', onEnd);
  child.on('exit', onEnd);
  receiver.addPeer(peer);
  return () => {
    child.off('message', onMessage);
    child.off('disconnect', onEnd);
    child.off('exit', onEnd);
  };
}

/** A worker has one batch in flight, so a process is owed a few answers; more pile up when it does not read them. */
const MAX_UNREAD_MESSAGES = 1_000;

function processPeer(child: ChildProcess): Peer {
  let unread = 0;
  return {
    send(message) {
      if (!child.connected || unread >= MAX_UNREAD_MESSAGES) return;
      unread += 1;
      // Without a callback, a broken channel would emit 'error' on the app's child object.
      child.send(message, undefined, {}, () => {
        unread -= 1;
      });
    },
  };
}

// Processes at the other end of IPC channels: the workers of node:cluster, all of them, and single children.

import type { ChildProcess } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import type { BatchReceiver, Peer } from '../aggregator/batch-receiver.js';

/** Listens to every worker there is or will be; answers how to stop. */
export function listenToCluster(inbox: BatchReceiver, workers: typeof cluster = cluster): () => void {
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
  const onMessage = (worker: Worker, message: unknown): void => inbox.receive(peerOf(worker), message);
  const onGone = (worker: Worker): void => inbox.leave(peerOf(worker));
  workers.on('message', onMessage);
  workers.on('disconnect', onGone);
  workers.on('exit', onGone);
  for (const worker of Object.values(workers.workers ?? {}))
    if (worker !== undefined) inbox.join(peerOf(worker));
  return () => {
    workers.off('message', onMessage);
    workers.off('disconnect', onGone);
    workers.off('exit', onGone);
  };
}

/** A child with an IPC channel that is no worker of node:cluster; answers how to stop listening. */
export function listenToChild(inbox: BatchReceiver, child: ChildProcess): () => void {
  const peer = processPeer(child);
  const onMessage = (message: unknown): void => inbox.receive(peer, message);
  const onGone = (): void => inbox.leave(peer);
  child.on('message', onMessage);
  child.on('disconnect', onGone);
  child.on('exit', onGone);
  inbox.join(peer);
  return () => {
    child.off('message', onMessage);
    child.off('disconnect', onGone);
    child.off('exit', onGone);
  };
}

function processPeer(child: ChildProcess): Peer {
  return {
    send(message) {
      if (!child.connected) return;
      // Without a callback a broken channel would be an 'error' event of the app's own child object.
      child.send(message, undefined, {}, () => {});
    },
  };
}

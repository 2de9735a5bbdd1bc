// A name that distinguishes this process from others that run the same code, for use without an aggregator.

import cluster from 'node:cluster';
import { threadId } from 'node:worker_threads';
import type { Environment } from '../../exporter/options/environment.js';
import { readInstance } from '../../exporter/options/resource-env.js';

/** Identity of this process; a parameter so that tests need not fork. */
export interface ProcessIdentity {
  readonly environment: Environment;
  readonly clusterWorkerId: number | undefined;
  readonly pid: number;
  readonly threadId: number;
}

/**
 * A name that distinguishes this process from its siblings, for a tag or a name segment:
 * `new StatsdExporter({ tags: { instance: workerInstance() } })`. It is `service.instance.id` of
 * OTEL_RESOURCE_ATTRIBUTES; else pm2's NODE_APP_INSTANCE, which survives a restart; else the id of the node:cluster
 * worker; else the pid. In a worker thread the id of the thread is appended.
 */
export function workerInstance(): string {
  return instanceName({
    environment: process.env,
    clusterWorkerId: cluster.worker?.id,
    pid: process.pid,
    threadId,
  });
}

export function instanceName(identity: ProcessIdentity): string {
  const name = readInstance(identity.environment) ?? String(identity.clusterWorkerId ?? identity.pid);
  return identity.threadId === 0 ? name : `${name}-${identity.threadId}`;
}

/** `workerInstance()` as a tag: `new StatsdExporter({ tags: instanceTag() })`. */
export function instanceTag(tag = 'instance'): Record<string, string> {
  return { [tag]: workerInstance() };
}

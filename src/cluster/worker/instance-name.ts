// What tells this process from the others that run the same code, for use without an aggregator.

import cluster from 'node:cluster';
import { threadId } from 'node:worker_threads';
import type { Environment } from '../../exporter/options/environment.js';
import { readInstance } from '../../exporter/options/resource-env.js';

/** What a process knows of itself; parameters so that tests need not fork. */
export interface Self {
  readonly environment: Environment;
  readonly clusterWorkerId: number | undefined;
  readonly pid: number;
  readonly threadId: number;
}

/**
 * A name for this process among its siblings, for a tag or a segment of the name:
 * `new StatsdExporter({ tags: { instance: workerInstance() } })`. It is `service.instance.id` of
 * OTEL_RESOURCE_ATTRIBUTES; else pm2's NODE_APP_INSTANCE, which a restart keeps; else the id of the node:cluster
 * worker; else the pid. In a worker thread the thread's id comes after it.
 */
export function workerInstance(): string {
  return instanceName({
    environment: process.env,
    clusterWorkerId: cluster.worker?.id,
    pid: process.pid,
    threadId,
  });
}

export function instanceName(self: Self): string {
  const name = readInstance(self.environment) ?? String(self.clusterWorkerId ?? self.pid);
  return self.threadId === 0 ? name : `${name}-${self.threadId}`;
}

/** The same as a tag: `new StatsdExporter({ tags: instanceTag() })`. */
export function instanceTag(tag = 'instance'): Record<string, string> {
  return { [tag]: workerInstance() };
}

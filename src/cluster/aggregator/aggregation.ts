// The one truth: what all workers of all services said, sorted by service.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { DecodedMetrics } from '../protocol/decode-metrics.js';
import type { PlainAttributes } from '../protocol/wire-attributes.js';
import { type Added, type BatchSource, type GroupOptions, ServiceGroup } from './service-group.js';

export class Aggregation {
  readonly #options: GroupOptions;
  readonly #groups = new Map<string, ServiceGroup>();
  readonly #groupOf = new Map<string, ServiceGroup>();

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  get series(): number {
    let series = 0;
    for (const group of this.#groups.values()) series += group.series;
    return series;
  }

  add(source: BatchSource, metrics: DecodedMetrics, now: number): Added {
    const group = this.#group(serviceOf(metrics.resource));
    if (source.isLive) {
      const previous = this.#groupOf.get(source.id);
      if (previous !== group) previous?.forget(source.id);
      this.#groupOf.set(source.id, group);
    }
    return group.add(source, metrics, now);
  }

  /** What this worker said of its state is over; what it counted stays. */
  forget(worker: string): void {
    this.#groupOf.get(worker)?.forget(worker);
    this.#groupOf.delete(worker);
  }

  /** One batch for each service that has something to say. */
  collect(now: number): ResourceMetrics[] {
    const collected: ResourceMetrics[] = [];
    for (const [service, group] of this.#groups) {
      const metrics = group.collect(now);
      if (metrics !== undefined) collected.push(metrics);
      else if (group.isOver) this.#groups.delete(service);
    }
    return collected;
  }

  #group(service: string): ServiceGroup {
    let group = this.#groups.get(service);
    if (group === undefined) {
      group = new ServiceGroup(this.#options);
      this.#groups.set(service, group);
    }
    return group;
  }
}

/** Other services may share a socket, but not a counter. Versions may: a rolling restart has two of them. */
function serviceOf(resource: PlainAttributes): string {
  return JSON.stringify([resource['service.namespace'] ?? null, resource['service.name'] ?? null]);
}

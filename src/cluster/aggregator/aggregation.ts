// The metrics of all workers, grouped by service. The limits of series and bytes hold for all services together.

import { createHash } from 'node:crypto';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { countPoints } from '../../mapping/merge/count-points.js';
import type { DecodedMetrics } from '../protocol/decode-metrics.js';
import type { PlainAttributes } from '../protocol/wire-attributes.js';
import { type AddedPoints, type BatchSource, type GroupOptions, ServiceGroup } from './service-group.js';

/** Each service costs one export per interval. A socket is shared by the few services of one machine. */
const MAX_SERVICES = 100;

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

  /** The estimated memory of all series. */
  get bytes(): number {
    let bytes = 0;
    for (const group of this.#groups.values()) bytes += group.bytes;
    return bytes;
  }

  add(source: BatchSource, metrics: DecodedMetrics, now: number): AddedPoints {
    const group = this.#group(serviceOf(metrics.resource));
    if (group === undefined) return { merged: 0, dropped: { service_limit: countPoints(metrics) } };
    if (source.isLive) {
      const previous = this.#groupOf.get(source.id);
      if (previous !== group) previous?.removeWorker(source.id);
      this.#groupOf.set(source.id, group);
    }
    const others = { series: this.series - group.series, bytes: this.bytes - group.bytes };
    return group.add(source, metrics, now, others);
  }

  /** Removes the gauges and up-down counters of this worker; its counts stay. */
  removeWorker(worker: string): void {
    this.#groupOf.get(worker)?.removeWorker(worker);
    this.#groupOf.delete(worker);
  }

  /** One batch for each service that has metrics, in steps. Messages may be added between them. */
  *collect(now: number): Generator<void, readonly ResourceMetrics[]> {
    const collected: ResourceMetrics[] = [];
    for (const [service, group] of this.#groups) {
      const metrics = yield* group.collect(now);
      if (metrics !== undefined) collected.push(metrics);
      else if (group.isEmpty) this.#groups.delete(service);
    }
    return collected;
  }

  /** Undefined when there are too many services. */
  #group(service: string): ServiceGroup | undefined {
    const known = this.#groups.get(service);
    if (known !== undefined || this.#groups.size >= MAX_SERVICES) return known;
    const group = new ServiceGroup(this.#options);
    this.#groups.set(service, group);
    return group;
  }
}

/** Characters of the key of a service; longer ones are hashed, because they are in memory as long as the service. */
const MAX_KEY = 500;

/** Services may share a socket, but their metrics stay separate. Versions are added up: a rolling restart has two. */
function serviceOf(resource: PlainAttributes): string {
  const key = JSON.stringify([resource['service.namespace'] ?? null, resource['service.name'] ?? null]);
  return key.length <= MAX_KEY ? key : createHash('sha256').update(key).digest('base64');
}

// Workers and an aggregator over unreliable channels: messages are lost, duplicated, delayed or reordered, and channels
// close and reopen. Counters and histograms must add up exactly.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Aggregation } from '../../src/cluster/aggregator/aggregation.js';
import { BatchReceiver } from '../../src/cluster/aggregator/batch-receiver.js';
import type { Peer } from '../../src/cluster/aggregator/worker-registry.js';
import type { ChannelEvents } from '../../src/cluster/channel/channel.js';
import { WorkerSession } from '../../src/cluster/worker/worker-session.js';
import { FakeClock } from '../support/fake-clock.js';
import { batchOf, counter, histogram, pointsOf, upDown } from './support/metrics.js';
import { resultOf } from './support/result-of.js';

type Message = { readonly to: Peer | 'worker'; readonly text: string };

class World {
  readonly clock = new FakeClock();
  readonly totals = { count: 0, sum: 0, counter: 0 };
  inFlight: unknown;
  readonly #aggregation = new Aggregation({
    gaugeRule: () => 'sum',
    instanceAttribute: 'i',
    maxSeries: 1_000,
    maxBytes: 1e6,
    timeOfDay: () => 0,
  });
  readonly receiver = new BatchReceiver({
    name: 'aggregator',
    add: (source, metrics) => this.#aggregation.add(source, metrics, this.clock.now()),
    removeWorker: (worker) => this.#aggregation.removeWorker(worker),
    staleAfterMillis: () => Number.POSITIVE_INFINITY,
    now: () => this.clock.now(),
    log: () => {},
  });

  collect(): void {
    for (const batch of resultOf(this.#aggregation.collect(this.clock.now()))) {
      for (const [name, value] of pointsOf(batch)) {
        if (name === 'counter') this.totals.counter += value as number;
        if (name === 'in-flight') this.inFlight = value;
        if (name !== 'histogram') continue;
        this.totals.count += (value as { count: number }).count;
        this.totals.sum += (value as { sum: number }).sum;
      }
    }
  }
}

class Worker {
  readonly exported = { count: 0, sum: 0, counter: 0 };
  inFlight = 0;
  readonly #world: World;
  readonly session: WorkerSession;
  #events!: ChannelEvents;
  #peer: Peer | undefined;
  /** Messages in transit, in both directions. */
  #messages: Message[] = [];

  constructor(world: World, id: string) {
    this.#world = world;
    const openChannel = (events: ChannelEvents) => {
      this.#events = events;
      return {
        send: (message: object, onWritten: () => void) => {
          if (this.#peer !== undefined)
            this.#messages.push({ to: this.#peer, text: JSON.stringify(message) });
          onWritten();
        },
        close: () => {},
      };
    };
    this.session = new WorkerSession(
      {
        ...{
          identity: { from: id, secret: `secret of ${id}` },
          openChannel,
          instance: undefined,
          fallback: 'merge',
          fallbackAfterMillis: 30_000,
          collect: undefined,
        },
        ...{ maxSeries: 1_000, maxBytes: 1e6, log: () => {} },
      },
      world.clock,
    );
  }

  export(value: number): void {
    this.inFlight = value;
    this.exported.counter += value;
    this.exported.count += 1;
    this.exported.sum += value;
    const point = { buckets: { boundaries: [5], counts: value > 5 ? [0, 1] : [1, 0] }, count: 1, sum: value };
    this.session.accept(
      batchOf([counter('counter', value), histogram('histogram', point), upDown('in-flight', value)]),
    );
  }

  connect(): void {
    if (this.#peer !== undefined) return;
    const peer: Peer = {
      send: (message) => void this.#messages.push({ to: 'worker', text: JSON.stringify(message) }),
    };
    this.#peer = peer;
    this.#events.onOpen();
    this.#world.receiver.addPeer(peer);
  }

  /** Messages in transit may still arrive. */
  disconnect(): void {
    if (this.#peer === undefined) return;
    this.#world.receiver.removePeer(this.#peer);
    this.#peer = undefined;
    this.#events.onClose(false);
  }

  deliver(at: number, keep: boolean): void {
    if (this.#messages.length === 0) return;
    const index = at % this.#messages.length;
    const { to, text } = this.#messages[index]!;
    if (!keep) this.#messages.splice(index, 1);
    if (to === 'worker') this.#events.onMessage(JSON.parse(text));
    else this.#world.receiver.receive(to, JSON.parse(text));
  }

  lose(at: number): void {
    this.#messages.splice(at % Math.max(1, this.#messages.length), 1);
  }

  deliverAll(): void {
    while (this.#messages.length > 0) this.deliver(0, false);
  }
}

const WORKERS = 3;
const at = fc.nat({ max: 20 });
const worker = fc.nat({ max: WORKERS - 1 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('export' as const), worker, value: fc.nat({ max: 10 }) }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('deliver' as const), worker, at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('repeat' as const), worker, at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('lose' as const), worker, at }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('connect' as const, 'disconnect' as const), worker }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), millis: fc.nat({ max: 40_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('collect' as const) }) },
);

it('every point is added exactly once whatever happens to messages and channels', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const world = new World();
      const workers = Array.from({ length: WORKERS }, (_, index) => new Worker(world, `w${index}`));
      for (const worker of workers) worker.connect();
      for (const step of steps) {
        if (step.kind === 'wait') world.clock.advance(step.millis);
        else if (step.kind === 'collect') world.collect();
        else {
          const worker = workers[step.worker]!;
          if (step.kind === 'export') worker.export(step.value);
          else if (step.kind === 'deliver') worker.deliver(step.at, false);
          else if (step.kind === 'repeat') worker.deliver(step.at, true);
          else if (step.kind === 'lose') worker.lose(step.at);
          else worker[step.kind]();
        }
      }
      // Every channel opens, and time passes until nothing is left to resend.
      for (let round = 0; round < 5; round += 1) {
        for (const worker of workers) {
          worker.connect();
          worker.deliverAll();
        }
        world.clock.advance(60_000);
      }
      for (const worker of workers) {
        worker.export(worker.inFlight);
        worker.deliverAll();
      }
      world.collect();
      const sum = (key: 'count' | 'sum' | 'counter') =>
        workers.reduce((total, { exported }) => total + exported[key], 0);
      expect({ ...world.totals, inFlight: world.inFlight }).toEqual({
        counter: sum('counter'),
        count: sum('count'),
        sum: sum('sum'),
        inFlight: workers.reduce((total, { inFlight }) => total + inFlight, 0),
      });
      for (const { session } of workers) {
        const { waitingSeries, acknowledgedPoints, coalescedPoints, receivedPoints } = session.stats();
        expect([waitingSeries, acknowledgedPoints + coalescedPoints]).toEqual([0, receivedPoints]);
      }
    }),
    { numRuns: 500 },
  );
});

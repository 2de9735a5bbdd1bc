// One export per interval to the wrapped exporter, never two at a time: metrics that arrive during an export are merged
// for the next one.

import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { withoutTracing } from '../../exporter/without-tracing.js';
import { countPoints } from '../../mapping/merge/count-points.js';
import type { Clock, Timer } from '../../runtime/clock.js';
import { withinDeadline } from '../../runtime/within-deadline.js';
import { yieldToEventLoop } from '../../runtime/yield.js';
import type { ExportStats } from '../stats.js';

export interface ExportLoopOptions {
  readonly exporter: PushMetricExporter;
  readonly intervalMillis: number;
  readonly timeoutMillis: number;
  /** The metrics to export now, in steps. */
  readonly collect: () => Generator<void, readonly ResourceMetrics[]>;
}

/** Of collecting before other work of the event loop gets its turn. */
const TURN_MILLIS = 5;

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'exporting'; readonly done: Promise<unknown> }
  | { readonly kind: 'stopped' };

export class ExportLoop {
  readonly #options: ExportLoopOptions;
  readonly #clock: Clock;
  #timer: Timer;
  #dueAt: number;
  #state: State = { kind: 'idle' };
  #blockedMillis = 0;
  #counts = { exports: 0, receivedPoints: 0, failedExports: 0, failedPoints: 0, exportTimeouts: 0 };

  constructor(options: ExportLoopOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#dueAt = clock.now() + options.intervalMillis;
    this.#timer = this.#arm();
  }

  /**
   * Time without the time in which this process was blocked or stopped: it could not receive messages then, so its
   * workers must not become stale.
   */
  now(): number {
    const now = this.#clock.now();
    return now - this.#blockedMillis - Math.max(0, now - this.#dueAt);
  }

  stats(): ExportStats {
    return { ...this.#counts };
  }

  /** Exports after the pending export. Resolves to whether both ended in time. */
  flush(millis: number): Promise<boolean> {
    const work = async (): Promise<void> => {
      if (this.#state.kind === 'exporting') await this.#state.done;
      await this.#export();
    };
    return withinDeadline(millis, work(), this.#clock);
  }

  stop(): void {
    this.#timer.cancel();
    this.#state = { kind: 'stopped' };
  }

  #arm(): Timer {
    return this.#clock.after(Math.max(0, this.#dueAt - this.#clock.now()), () => this.#tick());
  }

  #tick(): void {
    const late = Math.max(0, this.#clock.now() - this.#dueAt);
    void this.#export();
    this.#blockedMillis += late;
    this.#dueAt = this.#clock.now() + this.#options.intervalMillis;
    this.#timer = this.#arm();
  }

  async #export(): Promise<void> {
    if (this.#state.kind !== 'idle') return;
    const work = async (): Promise<void> => {
      const batches = await this.#collect();
      await Promise.all(batches.map((batch) => this.#exportOne(batch)));
    };
    const done = withinDeadline(this.#options.timeoutMillis, work(), this.#clock, { holdProcess: false });
    this.#state = { kind: 'exporting', done };
    if (!(await done)) this.#counts.exportTimeouts += 1;
    if (this.#state.kind === 'exporting') this.#state = { kind: 'idle' };
  }

  /** A hundred thousand gauges take a tenth of a second. */
  async #collect(): Promise<readonly ResourceMetrics[]> {
    const steps = this.#options.collect();
    let turnEnd = this.#clock.now() + TURN_MILLIS;
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (this.#clock.now() < turnEnd) continue;
      await yieldToEventLoop();
      turnEnd = this.#clock.now() + TURN_MILLIS;
    }
  }

  #exportOne(batch: ResourceMetrics): Promise<void> {
    const points = countPoints(batch);
    return new Promise((resolve) => {
      const finish = (failed: boolean): void => {
        this.#counts[failed ? 'failedExports' : 'exports'] += 1;
        this.#counts[failed ? 'failedPoints' : 'receivedPoints'] += points;
        resolve();
      };
      try {
        withoutTracing(() =>
          this.#options.exporter.export(batch, ({ code }) => finish(code !== ExportResultCode.SUCCESS)),
        );
      } catch {
        finish(true);
      }
    });
  }
}

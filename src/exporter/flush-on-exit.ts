// Delivers the last interval before the process exits, and then lets it exit as it would have without this package: by
// the same signal, with the same exit code, and not before the signal handlers of the app are done.

import { type Clock, systemClock } from '../runtime/clock.js';
import { setImmediate } from '../runtime/timers.js';
import { withinDeadline } from '../runtime/within-deadline.js';

/** What has to be flushed. Neither promise rejects; shutdown() may be called again. */
export interface Telemetry {
  /** Exports what was recorded, without waiting for its delivery. */
  handOver(): Promise<void>;
  shutdown(): Promise<void>;
}

/** The part of `process` in use. */
export interface HostProcess {
  readonly pid: number;
  once(event: 'beforeExit', listener: () => void): unknown;
  on(event: 'removeListener', listener: (event: string | symbol) => void): unknown;
  prependListener(signal: NodeJS.Signals, listener: () => void): unknown;
  removeListener(event: string, listener: (event: string | symbol) => void): unknown;
  listeners(signal: NodeJS.Signals): readonly unknown[];
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

/**
 * The natural exit of a process, and the signals by which a supervisor, a terminal or a user asks it to exit. SIGHUP is
 * the closing terminal; `nohup` does not prevent it, because Node resets ignored signals at start.
 */
export const EXIT_EVENTS = ['beforeExit', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export type ExitEvent = (typeof EXIT_EVENTS)[number];

type ExitSignal = ExitEvent & NodeJS.Signals;

export interface ExitOptions {
  /** A signal ends the process after this time, even if shutdown() is not done. */
  readonly deadlineMillis: number;
  /** Worker threads get no signals. */
  readonly events: readonly ExitEvent[];
}

/** Flushes on these events; returns a function that stops it. */
export function flushOnExit(
  telemetry: Telemetry,
  options: ExitOptions,
  host: HostProcess = process,
  clock: Clock = systemClock,
): () => void {
  return exitWatchOf(host, clock).add({ telemetry, ...options });
}

/**
 * One watch per process: its listeners serve all exporters, and would otherwise be taken for handlers of the app.
 * Shared by the ES module and CommonJS copies of this package.
 */
const WATCHES = Symbol.for('opentelemetry-exporter-statsd/exit-watch/1');

function exitWatchOf(host: HostProcess, clock: Clock): ExitWatch {
  const shared = globalThis as { [WATCHES]?: WeakMap<HostProcess, ExitWatch> };
  shared[WATCHES] ??= new WeakMap();
  const known = shared[WATCHES].get(host);
  if (known !== undefined) return known;
  const watch = new ExitWatch(host, clock);
  shared[WATCHES].set(host, watch);
  return watch;
}

interface Member extends ExitOptions {
  readonly telemetry: Telemetry;
}

/**
 * Wrappers of the process (cross-env, concurrently, systemd's control group) deliver one request to exit twice within
 * some 30 ms. The same signal within this time is the same request; a later one asks to exit at once.
 */
const SAME_REQUEST_MILLIS = 1_000;

class ExitWatch {
  readonly #host: HostProcess;
  readonly #clock: Clock;
  readonly #members = new Set<Member>();
  readonly #listeners = new Map<ExitEvent, () => void>();
  /** The signal after which the process is about to end. */
  #ending: { readonly signal: ExitSignal; readonly since: number } | undefined;

  constructor(host: HostProcess, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  add(member: Member): () => void {
    this.#members.add(member);
    for (const event of member.events) this.#listen(event);
    return () => {
      this.#members.delete(member);
      this.#removeUnused();
    };
  }

  #membersOf(event: ExitEvent): Member[] {
    return [...this.#members].filter(({ events }) => events.includes(event));
  }

  #listen(event: ExitEvent): void {
    if (this.#listeners.has(event)) return;
    const listener = event === 'beforeExit' ? () => this.#onBeforeExit() : () => this.#onSignal(event);
    this.#listeners.set(event, listener);
    if (event === 'beforeExit') this.#host.once(event, listener);
    else this.#host.prependListener(event, listener);
  }

  #removeUnused(): void {
    for (const [event, listener] of this.#listeners) {
      // A second signal during the shutdown, which stops its members, must still find the listener.
      if (this.#membersOf(event).length > 0 || this.#ending !== undefined) continue;
      this.#listeners.delete(event);
      this.#host.removeListener(event, listener);
    }
  }

  /** Once: the flush makes Node emit beforeExit again. Nothing ends the process early, so no deadline is needed. */
  #onBeforeExit(): void {
    this.#listeners.delete('beforeExit');
    for (const { telemetry } of this.#membersOf('beforeExit')) void telemetry.shutdown();
  }

  #onSignal(signal: ExitSignal): void {
    const members = this.#membersOf(signal);
    const isHandledByApp = this.#host.listeners(signal).length > 1;
    if (isHandledByApp) this.#stepAside(signal);
    // The kernel does not end process 1 by signals without a handler, so this one would not have ended it.
    if (isHandledByApp || this.#host.pid === 1) {
      for (const { telemetry } of members) void telemetry.handOver();
    } else if (this.#ending === undefined) {
      this.#ending = { signal, since: this.#clock.now() };
      const shutdowns = members.map(({ telemetry, deadlineMillis }) =>
        withinDeadline(deadlineMillis, telemetry.shutdown(), this.#clock),
      );
      void Promise.all(shutdowns).then(() => this.#raise(signal));
    } else if (
      this.#ending.signal !== signal ||
      this.#clock.now() - this.#ending.since > SAME_REQUEST_MILLIS
    ) {
      this.#raise(signal);
    }
  }

  /** Ends the process by the signal, as if it had never been handled. */
  #raise(signal: ExitSignal): void {
    const listener = this.#listeners.get(signal);
    if (listener === undefined) return;
    this.#listeners.delete(signal);
    this.#host.removeListener(signal, listener);
    this.#host.kill(this.#host.pid, signal);
  }

  /**
   * Removes the listener while those of the app run. Some (the signal-exit package) end the process only if they find no
   * other listener, and would leave it running for ever. When the last of them is removed, this one returns at once, so
   * that the signal they then send themselves still waits for a flush.
   */
  #stepAside(signal: ExitSignal): void {
    const listener = this.#listeners.get(signal)!;
    const comeBack = (): void => {
      this.#host.removeListener('removeListener', onRemoved);
      const isWatched = this.#listeners.get(signal) === listener;
      if (isWatched && !this.#host.listeners(signal).includes(listener)) {
        this.#host.prependListener(signal, listener);
      }
    };
    const onRemoved = (event: string | symbol): void => {
      if (event === signal && this.#host.listeners(signal).length === 0) comeBack();
    };
    this.#host.removeListener(signal, listener);
    this.#host.on('removeListener', onRemoved);
    setImmediate(comeBack);
  }
}

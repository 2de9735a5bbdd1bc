// Delivers the last interval before the process ends, and lets it end as it would have without us: by the
// same signal, with the same exit code, and no sooner when the app handles the signal itself.

import { type Clock, systemClock } from '../runtime/clock.js';
import { setImmediate } from '../runtime/timers.js';
import { withinDeadline } from '../runtime/within-deadline.js';

/** What has to be saved. Neither promise rejects; shutdown() may be called again. */
export interface Telemetry {
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
 * The natural end of a process, and what ends it by default when a supervisor, a terminal or a user asks it to end.
 * SIGHUP is the closing terminal; `nohup` does not hold it off, as Node resets ignored signals at start.
 */
export const EXIT_EVENTS = ['beforeExit', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export type ExitEvent = (typeof EXIT_EVENTS)[number];

export interface ExitOptions {
  /** A signal ends the process after this time, whatever shutdown() is still waiting for. */
  readonly deadlineMillis: number;
  /** Worker threads get no signals. */
  readonly events: readonly ExitEvent[];
}

/** Answers a function that stops watching. */
export function flushOnExit(
  telemetry: Telemetry,
  { deadlineMillis, events }: ExitOptions,
  host: HostProcess = process,
  clock: Clock = systemClock,
): () => void {
  let isEnding = false;
  let isStopped = false;
  const listeners = new Map<ExitEvent, () => void>();

  const watch = (signal: NodeJS.Signals & ExitEvent): void => {
    const onSignal = (): void => {
      const isHandledByApp = host.listeners(signal).length > 1;
      if (isHandledByApp) {
        stepAside(signal, onSignal, host, () => isStopped);
        void telemetry.handOver();
      } else if (host.pid === 1) {
        // The kernel spares PID 1 every signal it has no listener for: this one would not have ended it.
        void telemetry.handOver();
      } else if (isEnding) {
        raise();
      } else {
        isEnding = true;
        void withinDeadline(deadlineMillis, telemetry.shutdown(), clock).then(raise);
      }
    };
    const raise = (): void => {
      host.removeListener(signal, onSignal);
      host.kill(host.pid, signal);
    };
    listeners.set(signal, onSignal);
    host.prependListener(signal, onSignal);
  };

  for (const event of new Set(events)) {
    if (event !== 'beforeExit') {
      watch(event);
      continue;
    }
    // Once, because the flush itself makes Node say beforeExit again. Nothing is left that could cut it short, so
    // here the deadlines of its parts are the bound.
    const onEnd = (): void => void telemetry.shutdown();
    listeners.set(event, onEnd);
    host.once(event, onEnd);
  }
  return () => {
    isStopped = true;
    // A signal under way still ends the process, for which it needs its listener no more.
    for (const [event, listener] of listeners) host.removeListener(event, listener);
  };
}

/**
 * Takes our listener away while the app's own run. Some (the signal-exit package) end the process only if they
 * find no other listener, and would leave it running for ever. When the last of them goes, ours returns
 * at once, so that the signal they then send themselves still waits for a flush.
 */
function stepAside(
  signal: NodeJS.Signals,
  listener: () => void,
  host: HostProcess,
  isStopped: () => boolean,
): void {
  const comeBack = (): void => {
    host.removeListener('removeListener', onRemoved);
    if (!isStopped() && !host.listeners(signal).includes(listener)) host.prependListener(signal, listener);
  };
  const onRemoved = (event: string | symbol): void => {
    if (event === signal && host.listeners(signal).length === 0) comeBack();
  };
  host.removeListener(signal, listener);
  host.on('removeListener', onRemoved);
  setImmediate(comeBack);
}
